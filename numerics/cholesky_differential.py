"""How the Cholesky factor changes with its matrix."""

import numpy as np
from scipy.linalg import solve_triangular


def half(M):
    """The lower triangle of M with half of its diagonal, Phi(M).    M (n, n)  ->  (n, n)"""
    return np.tril(M) - np.diag(np.diag(M)) / 2


def differential(L, dA):
    """dL = L Phi(L^-1 dA L^-T), the change of L where L L' changes by dA.

    L (n, n), lower triangular with no 0 on its diagonal, else LinAlgError; dA (n, n), symmetric  ->  (n, n)
    Source: Murray (2016), Differentiation of the Cholesky decomposition, eq. 10.
    """
    left = solve_triangular(L, dA, lower=True)
    return L @ half(solve_triangular(L, left.T, lower=True).T)
