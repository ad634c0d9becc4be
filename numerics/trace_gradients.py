"""Traces of products, and how they change with one of the factors."""

import numpy as np


def linear(A, X, B):
    """tr(A X B).    A (m, n), X (n, p), B (p, m)  ->  ()"""
    return np.trace(A @ X @ B)


def linear_gradient(A, X, B):
    """A'B', whatever X.    A (m, n), X (n, p), B (p, m)  ->  (n, p)"""
    return A.T @ B.T


def quadratic(A, X, B):
    """tr(X'A X B).    A (n, n), X (n, p), B (p, p)  ->  ()"""
    return np.trace(X.T @ A @ X @ B)


def quadratic_gradient(A, X, B):
    """A X B + A'X B'.    A (n, n), X (n, p), B (p, p)  ->  (n, p)"""
    return A @ X @ B + A.T @ X @ B.T
