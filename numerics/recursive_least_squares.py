"""Recursive least squares: one new example at a time, and no system is ever solved.

The state is P (p, p), the inverse of the discounted Gram matrix, and the weights w (p,).
Source: Haykin, Adaptive Filter Theory (4th ed.), table 9.1; Bjorck, Numerical Methods for Least Squares Problems.
"""

import numpy as np


def gain(P, x, lam):
    """k = P x / (lam + x'P x).    P (p, p) positive definite, x (p,), lam > 0  ->  (p,)"""
    Px = P @ x
    return Px / (lam + x @ Px)


def next_inverse(P, x, lam):
    """P+ = (P - k x'P) / lam, by Sherman and Morrison.    P (p, p) positive definite, x (p,), lam > 0  ->  (p, p)"""
    return (P - np.outer(gain(P, x, lam), x @ P)) / lam


def next_weights(P, w, x, y, lam):
    """w+ = w + k (y - x'w).    P (p, p) positive definite, w (p,), x (p,), y (), lam > 0  ->  (p,)"""
    return w + gain(P, x, lam) * (y - x @ w)


def online(X, y, delta):
    """The ridge weights (X'X + delta I)^-1 X'y, one row at a time.    X (n, p), y (n,), delta > 0  ->  (p,)

    It starts from P = I / delta and w = 0, and forgets nothing.
    """
    p = X.shape[1]
    P, w = np.eye(p) / delta, np.zeros(p)
    for k in range(len(y)):
        P, w = next_inverse(P, X[k], 1), next_weights(P, w, X[k], y[k], 1)
    return w
