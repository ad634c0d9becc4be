"""The proximal step of the nuclear norm: soft thresholding of the singular values."""

import numpy as np


def shrunk(U, s, W, lam):
    """U diag(max(s - lam, 0)) W'.    U (m, r), s (r,), W (n, r), lam > 0  ->  (m, n)"""
    return U * np.maximum(s - lam, 0) @ W.T


def prox(V, lam):
    """The least point of ||X - V||^2 / 2 + lam ||X||_*.    V (m, n), lam > 0  ->  (m, n)"""
    U, s, Wt = np.linalg.svd(V, full_matrices=False)
    return shrunk(U, s, Wt.T, lam)
