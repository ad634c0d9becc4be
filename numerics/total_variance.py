"""Covariance of a mixture, and the variance of a mean."""

import numpy as np


def mixture_covariance(w, M, S):
    """sum_k w_k (S_k + (M_k - m)(M_k - m)').    w (K,) that sums to 1, M (K, d), S (K, d, d)  ->  (d, d)"""
    m = w @ M
    apart = M - m
    return np.einsum("k,kij->ij", w, S) + (apart * w[:, None]).T @ apart


def variance_of_the_mean(V):
    """1'V1 / n^2.    V (n, n) positive semidefinite  ->  ()"""
    n = V.shape[0]
    return V.sum() / n**2
