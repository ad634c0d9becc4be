"""Least squares with many right-hand sides."""

import numpy as np


def objective(A, X, B):
    """||A X - B||_F^2.    A (m, n), X (n, p), B (m, p)  ->  ()"""
    return np.sum((A @ X - B) ** 2)


def gradient(A, X, B):
    """2 A'(A X - B).    A (m, n), X (n, p), B (m, p)  ->  (n, p)"""
    return 2 * A.T @ (A @ X - B)
