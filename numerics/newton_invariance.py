"""Newton's step, in the given units and in others."""

import numpy as np


def step(H, g):
    """-H^-1 g.    H (p, p) invertible, g (p,)  ->  (p,)"""
    return -np.linalg.solve(H, g)


def step_in_other_units(H, g, T):
    """T times Newton's step for y where x = T y.    H (p, p), T (p, p) invertible, g (p,)  ->  (p,)"""
    return -T @ np.linalg.solve(T.T @ H @ T, T.T @ g)
