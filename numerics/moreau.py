"""The two parts of v: soft thresholded and clipped."""

import numpy as np


def soft_threshold(v, lam):
    """sign(v) max(|v| - lam, 0).    v (n,), lam >= 0  ->  (n,)"""
    return np.sign(v) * np.maximum(np.abs(v) - lam, 0)


def clip(v, lam):
    """min(max(v, -lam), lam).    v (n,), lam >= 0  ->  (n,)"""
    return np.clip(v, -lam, lam)
