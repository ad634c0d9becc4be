"""Mean and covariance of A x + b, and the mean squared distance of x from a point."""

import numpy as np


def mean(A, m, b):
    """E(A x + b) = A m + b.    A (n, p), m (p,), b (n,)  ->  (n,)"""
    return A @ m + b


def covariance(A, Sigma):
    """Cov(A x + b) = A Sigma A'.    A (n, p), Sigma (p, p) positive semidefinite  ->  (n, n)"""
    return A @ Sigma @ A.T


def mean_squared_distance(m, Sigma, c):
    """E |x - c|^2 = |m - c|^2 + tr Sigma.    m, c (p,), Sigma (p, p) positive semidefinite  ->  ()"""
    return ((m - c) ** 2).sum() + np.trace(Sigma)
