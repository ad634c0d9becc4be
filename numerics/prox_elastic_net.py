"""The proximal step of the elastic net."""

import numpy as np


def objective(x, v, lam, mu):
    """||x - v||^2 / 2 + lam sum_i |x_i| + mu ||x||^2 / 2.    x (n,), v (n,), lam >= 0, mu >= 0  ->  ()"""
    return np.sum((x - v) ** 2) / 2 + lam * np.sum(np.abs(x)) + mu * (x @ x) / 2


def prox(v, lam, mu):
    """sign(v) max(|v| - lam, 0) / (1 + mu), its least point.    v (n,), lam >= 0, mu >= 0  ->  (n,)"""
    return np.sign(v) * np.maximum(np.abs(v) - lam, 0) / (1 + mu)
