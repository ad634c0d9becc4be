"""Huber's loss: square near zero, straight far out. Source: Huber (1964); Huber and Ronchetti (2009), sec. 7.8."""

import numpy as np

from numerics.weighted_least_squares import weighted


def rho(r, k):
    """r^2 / 2 for |r| <= k, else k |r| - k^2 / 2, entry by entry.    r (n,), k > 0  ->  (n,)"""
    size = np.abs(r)
    return np.where(size <= k, r**2 / 2, k * size - k**2 / 2)


def loss(X, y, w, k):
    """sum_i rho(y_i - x_i'w).    X (n, p), y (n,), w (p,), k > 0  ->  ()"""
    return np.sum(rho(y - X @ w, k))


def gradient(X, y, w, k):
    """-X'psi(y - X w), where psi cuts a residual off at -k and k.    X (n, p), y (n,), w (p,), k > 0  ->  (p,)"""
    return -X.T @ np.clip(y - X @ w, -k, k)


def weights(r, k):
    """min(1, k / |r|), the weight of a residual.    r (n,), k > 0  ->  (n,)"""
    return k / np.maximum(np.abs(r), k)


def step(X, y, w, k):
    """One step of iteratively reweighted least squares.    X (n, p), y (n,), w (p,), k > 0  ->  (p,)

    Domain: X has full column rank.
    """
    return weighted(X, y, weights(y - X @ w, k))
