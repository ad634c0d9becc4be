"""The lasso: least squares that pays for the sizes of the weights, and so sets some of them to zero.

Source: Tibshirani (1996); Friedman, Hastie and Tibshirani (2010) for coordinate descent.
"""

import numpy as np
from scipy.linalg import solve_triangular

from numerics.orthonormal_design import soft_threshold


def objective(X, y, w, lam):
    """|y - X w|^2 / (2n) + lam sum |w_j|.    X (n, p), y (n,), w (p,), lam > 0  ->  ()"""
    residual = y - X @ w
    return residual @ residual / (2 * len(y)) + lam * np.sum(np.abs(w))


def coordinate(x, r, lam):
    """S(x'r / n, lam) / (x'x / n): the best weight of one column, the others held fixed.

    x (n,) nonzero, r (n,) the residual without this column, lam > 0  ->  ()
    """
    n = len(x)
    return soft_threshold(x @ r / n, lam) / (x @ x / n)


def lam_max(X, y):
    """max_j |x_j'y| / n: at and above it all weights are zero.    X (n, p), y (n,)  ->  ()"""
    return np.max(np.abs(X.T @ y)) / len(y)


def fit(X, y, lam, sweeps=10_000, tolerance=1e-13):
    """The minimiser, by cyclic coordinate descent.    X (n, p) without a zero column, y (n,), lam > 0  ->  (p,)

    It ends when no weight has moved by more than the tolerance in a sweep, or after all sweeps.
    """
    w, r = np.zeros(X.shape[1]), y.astype(float)
    for _ in range(sweeps):
        moved = 0.0
        for j in range(len(w)):
            r += X[:, j] * w[j]
            new = coordinate(X[:, j], r, lam)
            moved = max(moved, abs(new - w[j]))
            w[j] = new
            r -= X[:, j] * new
        if moved <= tolerance:
            break
    return w


def on_segment(X, y, s, lam):
    """(X'X)^-1 (X'y - n lam s), where X holds the active columns and s their signs.

    X (n, p) of full column rank, y (n,), s (p,) of -1 and 1, lam > 0  ->  (p,).  Computed from X = QR.
    """
    Q, R = np.linalg.qr(X)
    return solve_triangular(R, Q.T @ y - len(y) * lam * solve_triangular(R.T, s, lower=True))
