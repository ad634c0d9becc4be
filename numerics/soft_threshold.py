"""Soft thresholding, the proximal step of the sum of absolute values."""

import numpy as np


def objective(x, v, lam):
    """||x - v||^2 / 2 + lam sum_i |x_i|.    x (n,), v (n,), lam >= 0  ->  ()"""
    return np.sum((x - v) ** 2) / 2 + lam * np.sum(np.abs(x))


def soft_threshold(v, lam):
    """sign(v) max(|v| - lam, 0), its least point.    v (n,), lam >= 0  ->  (n,)"""
    return np.sign(v) * np.maximum(np.abs(v) - lam, 0)
