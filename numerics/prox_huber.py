"""Huber's loss and its proximal step."""

import numpy as np


def loss(r, delta):
    """sum_i of r_i^2 / 2 where |r_i| <= delta, else delta |r_i| - delta^2 / 2.    r (n,), delta > 0  ->  ()"""
    size = np.abs(r)
    return np.sum(np.where(size <= delta, r**2 / 2, delta * size - delta**2 / 2))


def prox(v, lam, delta):
    """v / (1 + lam) where |v| <= (1 + lam) delta, else v - lam delta sign(v).

    v (n,), lam >= 0, delta > 0  ->  (n,)
    """
    return np.where(np.abs(v) <= (1 + lam) * delta, v / (1 + lam), v - lam * delta * np.sign(v))
