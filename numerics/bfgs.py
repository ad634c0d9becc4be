"""The BFGS update of a Hessian and of its inverse."""

import numpy as np


def update(B, s, y):
    """B - B s s'B / s'Bs + y y' / s'y.    B (n, n) positive definite, s (n,), y (n,), s'y > 0  ->  (n, n)"""
    Bs = B @ s
    return B - np.outer(Bs, Bs) / (s @ Bs) + np.outer(y, y) / (s @ y)


def inverse_update(B, s, y):
    """(I - s y' / s'y) B^-1 (I - y s' / s'y) + s s' / s'y, the inverse of `update`.

    B (n, n) positive definite, s (n,), y (n,), s'y > 0  ->  (n, n)
    """
    E = np.eye(len(s)) - np.outer(s, y) / (s @ y)
    return E @ np.linalg.inv(B) @ E.T + np.outer(s, s) / (s @ y)
