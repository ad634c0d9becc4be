"""Bias, variance and degrees of freedom of ridge regression.

Source: Hoerl and Kennard (1970); Hastie, Tibshirani and Friedman, eq. 3.50.
"""

import numpy as np
from scipy.linalg import solve_triangular


def factor(X, lam):
    """R with R'R = X'X + lam I, which is never formed.    X (n, p), lam > 0  ->  (p, p)"""
    return np.linalg.qr(np.vstack([X, np.sqrt(lam) * np.eye(X.shape[1])]))[1]


def bias(X, w, lam):
    """-lam (X'X + lam I)^-1 w, mean of the ridge weights less w.    X (n, p), w (p,), lam > 0  ->  (p,)"""
    R = factor(X, lam)
    return -lam * solve_triangular(R, solve_triangular(R.T, w, lower=True))


def variance(X, var, lam):
    """var A^-1 X'X A^-1, A = X'X + lam I.    X (n, p), var, lam > 0  ->  (p, p)"""
    R = factor(X, lam)
    half = solve_triangular(R, solve_triangular(R.T, X.T, lower=True))
    return var * half @ half.T


def degrees_of_freedom(s, lam):
    """sum_j s_j^2 / (s_j^2 + lam).    s (r,) singular values of X, lam > 0  ->  ()"""
    return np.sum(s**2 / (s**2 + lam))


def risk(s, a, var, lam):
    """sum_j (var s_j^2 + lam^2 a_j^2) / (s_j^2 + lam)^2, squared bias and variance in the singular basis.

    s (r,) > 0, a (r,) the true weights in the basis, var, lam > 0  ->  ()
    """
    return np.sum((var * s**2 + lam**2 * a**2) / (s**2 + lam) ** 2)
