"""Bias, variance and degrees of freedom of ridge regression.

Source: Hoerl and Kennard (1970); Hastie, Tibshirani and Friedman, eq. 3.50.
"""

import numpy as np


def bias(X, w, lam):
    """-lam (X'X + lam I)^-1 w, mean of the ridge weights less w.    X (n, p), w (p,), lam > 0  ->  (p,)"""
    p = X.shape[1]
    return -lam * np.linalg.solve(X.T @ X + lam * np.eye(p), w)


def variance(X, var, lam):
    """var A^-1 X'X A^-1, A = X'X + lam I.    X (n, p), var, lam > 0  ->  (p, p)"""
    half = np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T)
    return var * half @ half.T


def degrees_of_freedom(s, lam):
    """sum_j s_j^2 / (s_j^2 + lam).    s (r,) singular values of X, lam > 0  ->  ()"""
    return np.sum(s**2 / (s**2 + lam))


def risk(s, a, var, lam):
    """sum_j (var s_j^2 + lam^2 a_j^2) / (s_j^2 + lam)^2, squared bias and variance in the singular basis.

    s (r,) > 0, a (r,) the true weights in the basis, var, lam > 0  ->  ()
    """
    return np.sum((var * s**2 + lam**2 * a**2) / (s**2 + lam) ** 2)
