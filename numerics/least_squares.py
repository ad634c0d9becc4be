"""Least squares: the line that comes closest to the data, in the sum of squared residuals."""

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular


def loss(X, y, w):
    """||y - X w||^2.    X (n, p), y (n,), w (p,)  ->  ()"""
    residual = y - X @ w
    return residual @ residual


def gradient(X, y, w):
    """-2 X'(y - X w).    X (n, p), y (n,), w (p,)  ->  (p,)"""
    return -2 * X.T @ (y - X @ w)


def hessian(X):
    """2 X'X, the same at every w.    X (n, p)  ->  (p, p)"""
    return 2 * X.T @ X


def closed_form(X, y):
    """w* = (X'X)^-1 X'y, by the normal equations and Cholesky.    X (n, p), y (n,)  ->  w (p,)

    Domain: X has full column rank, else LinAlgError. It squares the condition number of X: see closed_form_qr.
    Source: Golub and Van Loan, Matrix Computations (4th ed.), alg. 5.3.1.
    """
    return cho_solve(cho_factor(X.T @ X), X.T @ y)


def closed_form_qr(X, y):
    """w* = R^-1 Q'y where X = QR.    X (n, p), y (n,)  ->  w (p,)

    Domain: X has full column rank. It keeps the condition number of X.
    Source: Golub and Van Loan, Matrix Computations (4th ed.), alg. 5.3.2.
    """
    Q, R = np.linalg.qr(X)
    return solve_triangular(R, Q.T @ y)


def projection(X):
    """P = X (X'X)^-1 X', the hat matrix, onto the columns of X.    X (n, p)  ->  (n, n)

    Domain: X has full column rank. Computed as QQ' where X = QR.
    Source: Golub and Van Loan, Matrix Computations (4th ed.), sec. 2.5.1.
    """
    Q, _ = np.linalg.qr(X)
    return Q @ Q.T


def fitted(X, y):
    """P y = X w*, the point of the column space nearest to y.    X (n, p), y (n,)  ->  (n,)

    Domain: X has full column rank.
    """
    Q, _ = np.linalg.qr(X)
    return Q @ (Q.T @ y)
