"""Gradient descent on a quadratic whose curvatures lie between mu and L."""

import numpy as np


def best_step(mu, L):
    """2 / (mu + L).    0 < mu <= L  ->  ()"""
    return 2 / (mu + L)


def rate(mu, L):
    """(L - mu) / (L + mu), the factor by which each step shrinks the error.    0 < mu <= L  ->  ()"""
    return (L - mu) / (L + mu)


def spectral_radius(A, t):
    """max |1 - t l| over the eigenvalues l of A.    A (n, n) symmetric, t ()  ->  ()"""
    return np.max(np.abs(1 - t * np.linalg.eigvalsh(A)))
