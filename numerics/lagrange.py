"""Lagrange's multipliers: by least squares, and with the minimiser of a quadratic function."""

import numpy as np


def multipliers(K, g):
    """The lambda that comes nearest to K lambda = g.    K (n, m) of full column rank, g (n,)  ->  (m,)"""
    return np.linalg.lstsq(K, g, rcond=None)[0]


def minimiser(P, q, B, b):
    """The least point of x'Px/2 - q'x under B'x = b, from one system: P x - B nu = q, B'x = b.

    P (n, n) positive definite, q (n,), B (n, m) of full column rank, b (m,)  ->  (n,)
    """
    n, m = B.shape
    system = np.block([[P, -B], [B.T, np.zeros((m, m))]])
    return np.linalg.solve(system, np.concatenate([q, b]))[:n]
