"""Interpolation with the shortest weights. Source: Hastie, Montanari, Rosset and Tibshirani (2022), sec. 2.2."""

import numpy as np
from scipy.linalg import solve_triangular

from numerics.ridge import stacked_qr


def interpolator(Z, y):
    """w0 = Z (Z'Z)^-1 y, the shortest w with Z'w = y.    Z (p, n), independent examples as columns, y (n,)  ->  (p,)

    Computed from Z = QR.
    """
    Q, R = np.linalg.qr(Z)
    return Q @ solve_triangular(R.T, y, lower=True)


def ridge(Z, y, lam):
    """Z (Z'Z + lam I)^-1 y, which tends to w0 as lam tends to 0.    Z (p, n), y (n,), lam > 0  ->  (p,)"""
    return stacked_qr(Z.T, y, lam)


def pseudo(Z, y):
    """The same w0, by the pseudo-inverse.    Z (p, n), y (n,)  ->  (p,)"""
    return np.linalg.pinv(Z.T) @ y
