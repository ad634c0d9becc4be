"""Alignment and uniformity by hand.

Rows of Z and V are unit vectors; row i of one is the partner of row i of the other.

Source: Wang and Isola, ICML (2020).
"""

import numpy as np


def squared_distances(Z, V):
    """|z_i - v_j|^2 of all pairs, from differences.    Z (n, d), V (m, d)  ->  (n, m)"""
    return np.sum((Z[:, None] - V[None]) ** 2, axis=2)


def alignment(Z, V):
    """mean of |z_i - v_i|^2"""
    return np.sum((Z - V) ** 2) / len(Z)


def alignment_by_view(Z, V):
    """2 (Z - V) / n"""
    return 2 * (Z - V) / len(Z)


def uniformity(Z, t):
    """log of the mean over all pairs of e^(-t |z_i - z_j|^2).    t > 0"""
    return np.log(np.mean(np.exp(-t * squared_distances(Z, Z))))


def uniformity_by_embedding(Z, t):
    """-4 t (diag(K 1) - K) Z / sum K, K the kernel: a Laplacian.    ->  (n, d)"""
    K = np.exp(-t * squared_distances(Z, Z))
    return -4 * t * (K.sum(axis=1, keepdims=True) * Z - K @ Z) / K.sum()
