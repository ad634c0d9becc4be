"""Ridge regression: least squares that also pays for long weights.

Source: Hoerl and Kennard (1970); Bishop, PRML, sec. 3.1.4.
"""

import numpy as np
from scipy.linalg import solve_triangular


def objective(X, y, w, lam):
    """||y - X w||^2 + lam ||w||^2.    X (n, p), y (n,), w (p,), lam > 0  ->  ()"""
    residual = y - X @ w
    return residual @ residual + lam * (w @ w)


def gradient(X, y, w, lam):
    """-2 X'(y - X w) + 2 lam w.    X (n, p), y (n,), w (p,), lam > 0  ->  (p,)"""
    return -2 * X.T @ (y - X @ w) + 2 * lam * w


def closed_form(X, y, lam):
    """w* = (X'X + lam I)^-1 X'y.    X (n, p), y (n,), lam > 0  ->  w (p,)"""
    p = X.shape[1]
    return np.linalg.solve(X.T @ X + lam * np.eye(p), X.T @ y)


def stacked_qr(X, y, lam):
    """The same w*, as least squares on [X; sqrt(lam) I] w = [y; 0].    X (n, p), y (n,), lam > 0  ->  w (p,)

    It never forms X'X, and so keeps the digits that the normal equations lose when lam is tiny.
    Source: Bjorck, Numerical Methods for Least Squares Problems, sec. 5.3.
    """
    p = X.shape[1]
    Q, R = np.linalg.qr(np.vstack([X, np.sqrt(lam) * np.eye(p)]))
    return solve_triangular(R, Q.T @ np.concatenate([y, np.zeros(p)]))


def shrinkage(X, y, lam):
    """The same w* = V diag(s / (s^2 + lam)) U'y where X = U diag(s) V'.    X (n, p), y (n,), lam > 0  ->  w (p,)

    Along each right singular vector the least-squares answer shrinks by s^2 / (s^2 + lam).
    Source: Hastie, Tibshirani and Friedman, eq. 3.47.
    """
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    return Vt.T @ (s / (s**2 + lam) * (U.T @ y))


def dual(X, y, lam):
    """The same w* = X'(X X' + lam I)^-1 y: a system with one row an example.    X (n, p), y (n,), lam > 0  ->  w (p,)

    Source: Saunders, Gammerman and Vovk (1998).
    """
    n = X.shape[0]
    return X.T @ np.linalg.solve(X @ X.T + lam * np.eye(n), y)
