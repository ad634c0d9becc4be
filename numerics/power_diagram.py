"""Power diagrams: nearest centres by squared distance less a weight."""

import numpy as np


def powers(x, c, v):
    """|x - c_k|^2 - v_k for each centre.    x (d,), c (K, d), v (K,)  ->  (K,)"""
    return np.sum((x - c) ** 2, axis=1) - v


def cells(X, c, v):
    """The centre of least power for each point.    X (n, d), c (K, d), v (K,)  ->  (n,) of int"""
    return np.array([np.argmin(powers(x, c, v)) for x in X])
