"""The rate that the inequality of Polyak and Lojasiewicz promises."""

import numpy as np


def bound(f_x, f_star, mu, L):
    """(1 - mu / L) (f(x) - f*), at least the gap after a step of length 1/L.    all (), mu > 0, L > 0  ->  ()"""
    return (1 - mu / L) * (f_x - f_star)


def constants(X):
    """mu and L of ||X w - y||^2 / 2: the least positive and the largest squared singular value.

    X (n, p), not 0  ->  (), ()
    """
    s = np.linalg.svd(X, compute_uv=False)
    positive = s[s > np.max(s) * max(X.shape) * np.finfo(float).eps]
    return positive[-1] ** 2, positive[0] ** 2
