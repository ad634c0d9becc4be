"""Two layers, one after the other: y = B sigmoid(tanh(A x)), and how y changes with x."""

import numpy as np
from scipy.special import expit


def network(A, B, x):
    """B sigmoid(tanh(A x)).    A (n, p), B (m, n), x (p,)  ->  (m,)"""
    return B @ expit(np.tanh(A @ x))


def slopes(A, x):
    """The slopes of both layers' functions, entry by entry: tanh' at A x and sigmoid' at tanh(A x)."""
    z = np.tanh(A @ x)
    return 1 / np.cosh(A @ x) ** 2, expit(z) * expit(-z)


def jacobian(A, B, x):
    """The product of the two layers' Jacobians.    A (n, p), B (m, n), x (p,)  ->  (m, p)"""
    first, second = slopes(A, x)
    return B @ ((second * first)[:, None] * A)


def pullback(A, B, x, ybar):
    """J'ybar, from the end to the start.    A (n, p), B (m, n), x (p,), ybar (m,)  ->  (p,)"""
    first, second = slopes(A, x)
    return A.T @ (first * (second * (B.T @ ybar)))
