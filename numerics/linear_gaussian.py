"""A normal prior, seen through a linear map with normal noise."""

import numpy as np


def posterior_covariance(X, S, R):
    """Lambda^-1 = (S^-1 + X'R^-1 X)^-1.    X (n, p), S (p, p), R (n, n) positive definite  ->  (p, p)"""
    return np.linalg.inv(np.linalg.inv(S) + X.T @ np.linalg.solve(R, X))


def posterior_mean(X, y, b, m, S, R):
    """m + Lambda^-1 X'R^-1 (y - X m - b).    y, b (n,), m (p,)  ->  (p,)"""
    precision = np.linalg.inv(S) + X.T @ np.linalg.solve(R, X)
    return m + np.linalg.solve(precision, X.T @ np.linalg.solve(R, y - X @ m - b))


def marginal_covariance(X, S, R):
    """R + X S X'.    X (n, p), S (p, p), R (n, n)  ->  (n, n)"""
    return R + X @ S @ X.T
