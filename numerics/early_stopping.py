"""Gradient descent on a bowl, its path in closed form, and ridge regression on the same bowl.

A bowl is 1/2 (w - x)'A(w - x) with A = Q diag(l) Q': Q (n, n) orthogonal, l (n,) its curvatures, x (n,) its lowest
point.
Source: Goodfellow, Bengio and Courville, Deep Learning (2016), sec. 7.8.
"""

import numpy as np


def path(Q, l, x, rates):
    """w <- w - eta A (w - x) from 0, for every eta of rates (T,).    ->  (T, n)"""
    w = np.zeros_like(x)
    found = []
    for eta in rates:
        w = w - eta * (Q @ (l * (Q.T @ (w - x))))
        found.append(w)
    return np.array(found)


def path_in_closed_form(Q, l, x, rates):
    """Q (1 - P) Q'x, P the product of all 1 - eta l up to there.    rates (T,)  ->  (T, n)"""
    left = np.cumprod(1 - rates[:, None] * l, axis=0)
    return ((1 - left) * (Q.T @ x)) @ Q.T


def ridge(Q, l, x, lam):
    """Q l/(l + lam) Q'x: the lowest point with the price lam/2 |w|^2.    lam > 0  ->  (n,)"""
    return Q @ (l / (l + lam) * (Q.T @ x))
