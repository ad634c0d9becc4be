"""Gradients of determinants and traces of forms, as they are written by hand."""

import numpy as np


def determinant_of_form(U, G):
    """The gradient of det(U'GU) in U.    U (n, p), G (n, n)  ->  (n, p)"""
    S = U.T @ G @ U
    return np.linalg.det(S) * (G @ U @ np.linalg.inv(S) + G.T @ U @ np.linalg.inv(S).T)


def form_in_square(R, a, y):
    """The gradient of (R R a)'(R R y) in R.    R (n, n), a (n,), y (n,)  ->  (n, n)"""
    u, v = R @ a, R @ y
    p, q = R @ u, R @ v
    return np.outer(q, u) + np.outer(p, v) + R.T @ (np.outer(q, a) + np.outer(p, y))


def shifted_quotient(X, P, Q, N):
    """The gradient of tr((N + X'PX)^-1 X'QX) in X.

    X (n, p), P, Q (n, n) and N (p, p) symmetric  ->  (n, p)
    """
    inner = np.linalg.inv(N + X.T @ P @ X)
    ratio = inner @ (X.T @ Q @ X) @ inner
    return 2 * Q @ X @ inner - 2 * P @ X @ ratio
