"""Gradients of determinants and traces of forms, as they are written by hand."""

import numpy as np


def determinant_of_form_gradient(U, G):
    """det(U'GU) (G U (U'GU)^-1 + G'U (U'G'U)^-1).    U (n, p), G (n, n)  ->  (n, p)"""
    S = U.T @ G @ U
    return np.linalg.det(S) * (G @ U @ np.linalg.inv(S) + G.T @ U @ np.linalg.inv(S).T)


def power_form_gradient(R, a, y):
    """The gradient of (R R a)'(R R y).    R (n, n), a (n,), y (n,)  ->  (n, n)"""
    u, v = R @ a, R @ y
    p, q = R @ u, R @ v
    return np.outer(q, u) + np.outer(p, v) + R.T @ (np.outer(q, a) + np.outer(p, y))


def shifted_quotient_gradient(X, P, Q, N):
    """The gradient of tr((N + X'PX)^-1 X'QX), all three symmetric.    X (n, p), P, Q (n, n), N (p, p)  ->  (n, p)"""
    inner = np.linalg.inv(N + X.T @ P @ X)
    ratio = inner @ (X.T @ Q @ X) @ inner
    return 2 * Q @ X @ inner - 2 * P @ X @ ratio
