"""Barlow Twins and VICReg by hand, each with its gradient. Arrays hold one example a row.

Source: Zbontar et al., Barlow Twins, ICML (2021); Bardes, Ponce and LeCun, VICReg, ICLR (2022).
"""

import numpy as np


def correlations(A, B):
    """A'B / N.    A, B (N, d), columns of mean 0 and variance 1  ->  (d, d)"""
    return A.T @ B / len(A)


def barlow(A, B, lam):
    """sum_j (1 - c_jj)^2 + lam sum over i != j of c_ij^2.    A, B (N, d), lam > 0"""
    C = correlations(A, B)
    on = np.diag(C)
    return np.sum((1 - on) ** 2) + lam * (np.sum(C**2) - np.sum(on**2))


def barlow_by_view(A, B, lam):
    """B M'/ N, M = 2 lam C off the diagonal and 2 (c_jj - 1) on it.    ->  (N, d)"""
    C = correlations(A, B)
    M = 2 * lam * C
    np.fill_diagonal(M, 2 * (np.diag(C) - 1))
    return B @ M.T / len(A)


def centred(Z):
    """Z less the mean of every column.    Z (N, d)"""
    return Z - Z.mean(axis=0)


def invariance(A, B):
    """|A - B|^2 / N"""
    return np.sum((A - B) ** 2) / len(A)


def invariance_by_view(A, B):
    """2 (A - B) / N"""
    return 2 * (A - B) / len(A)


def deviations(Z, eps, m):
    """The square roots of variance + eps.    Z (N, d), m what variances are divided by, N - 1 or N  ->  (d,)"""
    return np.sqrt(np.sum(centred(Z) ** 2, axis=0) / m + eps)


def spread(Z, eps, m):
    """mean over columns of max(1 - deviation, 0).    Z (N, d), eps > 0, m > 0"""
    return np.mean(np.maximum(1 - deviations(Z, eps, m), 0))


def spread_by_embedding(Z, eps, m):
    """-centred / (m d deviation) in the columns that vary too little, else 0.    ->  (N, d)"""
    size = deviations(Z, eps, m)
    return np.where(size < 1, -centred(Z) / (size * m * Z.shape[1]), 0)


def covariance(Z, m):
    """sum over i != j of c_ij^2, over d.    Z (N, d), m > 0"""
    C = centred(Z).T @ centred(Z) / m
    return (np.sum(C**2) - np.sum(np.diag(C) ** 2)) / Z.shape[1]


def covariance_by_embedding(Z, m):
    """4 centred (C off its diagonal) / (m d).    ->  (N, d)"""
    C = centred(Z).T @ centred(Z) / m
    return 4 * centred(Z) @ (C - np.diag(np.diag(C))) / (m * Z.shape[1])
