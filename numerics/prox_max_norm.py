"""The proximal step of the largest absolute entry."""

import numpy as np


def cut_at(v, theta):
    """min(max(v, -theta), theta).    v (n,), theta >= 0  ->  (n,)"""
    return np.clip(v, -theta, theta)


def level(v, lam):
    """The theta >= 0 with sum_i max(|v_i| - theta, 0) = lam, and 0 where the sum of |v_i| is less.

    v (n,), lam > 0  ->  ()
    """
    down = np.sort(np.abs(v))[::-1]
    means = (np.cumsum(down) - lam) / np.arange(1, len(v) + 1)
    return max(means[np.nonzero(down > means)[0][-1]], 0) if np.sum(down) > lam else 0.0


def prox(v, lam):
    """The least point of ||x - v||^2 / 2 + lam max_i |x_i|.    v (n,), lam > 0  ->  (n,)"""
    return cut_at(v, level(v, lam))
