"""Weighted and generalised least squares: not every example is equally sure, and errors may go together.

Source: Aitken (1935); Bjorck, Numerical Methods for Least Squares Problems, sec. 4.2-4.4.
"""

import numpy as np
from scipy.linalg import solve_triangular


def loss(X, y, w, S):
    """(y - X w)'S^-1 (y - X w).    X (n, p), y (n,), w (p,), S (n, n) positive definite  ->  ()"""
    residual = y - X @ w
    return residual @ np.linalg.solve(S, residual)


def generalised(X, y, S):
    """(X'S^-1 X)^-1 X'S^-1 y, from the whitened data.    X (n, p), y (n,), S (n, n) positive definite  ->  (p,)

    Domain: X has full column rank. With S = LL' it is least squares on L^-1 X and L^-1 y.
    """
    L = np.linalg.cholesky(S)
    Q, R = np.linalg.qr(solve_triangular(L, X, lower=True))
    return solve_triangular(R, Q.T @ solve_triangular(L, y, lower=True))


def weighted(X, y, c):
    """argmin sum_i c_i (y_i - x_i'w)^2, rows scaled by sqrt(c_i).    X (n, p), y (n,), c (n,) > 0  ->  (p,)

    Domain: X has full column rank.
    """
    root = np.sqrt(c)
    Q, R = np.linalg.qr(root[:, None] * X)
    return solve_triangular(R, Q.T @ (root * y))
