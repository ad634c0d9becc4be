"""The proximal step of a Euclidean norm: block soft thresholding."""

import numpy as np


def objective(x, v, lam):
    """||x - v||^2 / 2 + lam ||x||.    x (n,), v (n,), lam > 0  ->  ()"""
    return np.sum((x - v) ** 2) / 2 + lam * np.linalg.norm(x)


def prox(v, lam):
    """max(1 - lam / ||v||, 0) v, its least point.    v (n,), lam > 0  ->  (n,)

    At v = 0, where the quotient has no value, the least point is 0.
    """
    length = np.linalg.norm(v)
    return np.zeros_like(v) if length == 0 else max(1 - lam / length, 0) * v
