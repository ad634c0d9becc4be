"""How ridge regression's weights change with the price, and what that does to the error on other examples."""

import numpy as np


def ridge(X, y, lam):
    """A = X'X + lam I and w = A^-1 X'y.    lam > 0"""
    A = X.T @ X + lam * np.eye(X.shape[1])
    return A, np.linalg.solve(A, X.T @ y)


def ridge_path(X, y, lam):
    """dw/dlam = -A^-1 w.    X (n, p), y (n,)  ->  (p,)"""
    A, w = ridge(X, y, lam)
    return -np.linalg.solve(A, w)


def by_price(X, y, lam, V, z):
    """The derivative of 1/2 |z - V w|^2 by lam, through one adjoint system.    V (m, p), z (m,)  ->  a number"""
    A, w = ridge(X, y, lam)
    return -np.linalg.solve(A, V.T @ (V @ w - z)) @ w
