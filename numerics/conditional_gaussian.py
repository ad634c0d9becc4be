"""The conditional law of a part of a normal vector."""

import numpy as np


def mean(mu_x, mu_y, B, C, y):
    """E(x | y) = mu_x + B C^-1 (y - mu_y).    y, mu_y (q,), B (p, q), C (q, q) positive definite  ->  (p,)"""
    return mu_x + B @ np.linalg.solve(C, y - mu_y)


def covariance(A, B, C):
    """Cov(x | y) = A - B C^-1 B'.    A (p, p), B (p, q), C (q, q) positive definite  ->  (p, p)"""
    return A - B @ np.linalg.solve(C, B.T)
