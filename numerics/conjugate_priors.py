"""Updates of the normal-inverse-Wishart law."""

import numpy as np


def mean(kappa, m0, X):
    """(kappa m0 + n x_bar) / (kappa + n).    kappa > 0, m0 (d,), X (n, d)  ->  (d,)"""
    return (kappa * m0 + X.sum(axis=0)) / (kappa + len(X))


def scatter(V, kappa, m0, X):
    """V + sum (x_i - x_bar)(x_i - x_bar)' + kappa n / (kappa + n) (x_bar - m0)(x_bar - m0)'.    V (d, d)  ->  (d, d)"""
    n = len(X)
    centre = X.mean(axis=0)
    apart = X - centre
    return V + apart.T @ apart + kappa * n / (kappa + n) * np.outer(centre - m0, centre - m0)
