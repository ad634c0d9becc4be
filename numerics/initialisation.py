"""First weights of a layer, and what they do to a signal's variance.

Source: Glorot and Bengio (2010); He, Zhang, Ren and Sun (2015).
"""

import numpy as np


def variance_of_a_unit(sigma_sq, x):
    """The variance of w'x for weights of variance sigma_sq.    x (n,)  ->  a number"""
    return sigma_sq * (x @ x)


def xavier(rng, n, m):
    """Weights (m, n) of variance 2/(n + m)."""
    return rng.normal(size=(m, n)) * np.sqrt(2 / (n + m))


def he(rng, n, m):
    """Weights (m, n) of variance 2/n, for ReLU."""
    return rng.normal(size=(m, n)) * np.sqrt(2 / n)
