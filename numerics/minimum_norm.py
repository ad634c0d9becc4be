"""Interpolation with the shortest weights. Source: Hastie, Montanari, Rosset and Tibshirani (2022), sec. 2.2."""

import numpy as np
from scipy.linalg import solve_triangular


def interpolator(Z, y):
    """w0 = X'(XX')^-1 y, the shortest w with X w = y.    X (n, p) with independent rows, y (n,)  ->  (p,)

    Computed from X' = QR.
    """
    Q, R = np.linalg.qr(X.T)
    return Q @ solve_triangular(R.T, y, lower=True)


def ridge(Z, y, lam):
    """X'(XX' + lam I)^-1 y, which tends to w0 as lam tends to 0.    X (n, p), y (n,), lam > 0  ->  (p,)"""
    return X.T @ np.linalg.solve(X @ X.T + lam * np.eye(len(y)), y)
