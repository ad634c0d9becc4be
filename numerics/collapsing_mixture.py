"""Two Gaussians on the line of which one sits on the point x_0: its variance s may shrink, and the likelihood grows.

The points are x_0 and x (N,), the weights p and q = 1 - p, the other component has mean m and variance v.
Source: Day (1969); Bishop, PRML (2006), sec. 9.2.1.
"""

import numpy as np


def log_normal(x, mu, sigma_sq):
    """log N(x | mu, sigma_sq).    x (...), mu (), sigma_sq > 0  ->  (...)"""
    return -(np.log(2 * np.pi * sigma_sq) + (x - mu) ** 2 / sigma_sq) / 2


def log_likelihood(x_0, x, m, s, v, p, q):
    """The sum over all points of log(p N(x | x_0, s) + q N(x | m, v)).    x_0 (), x (N,)  ->  ()

    Domain: s, v, p, q > 0.
    """
    points = np.append(x, x_0)
    narrow, wide = np.log(p) + log_normal(points, x_0, s), np.log(q) + log_normal(points, m, v)
    top = np.maximum(narrow, wide)
    return np.sum(top + np.log(np.exp(narrow - top) + np.exp(wide - top)))


def apart(x, m, v, q):
    """sum_i log(q N(x_i | m, v)).    x (N,), v > 0, q > 0  ->  ()"""
    return np.sum(np.log(q) + log_normal(x, m, v))


def bound(x, m, s, v, p, q):
    """log p - log(2 pi s)/2 + sum_i log(q N(x_i | m, v)) <= the log-likelihood.    x (N,)  ->  ()"""
    return np.log(p) - np.log(2 * np.pi * s) / 2 + apart(x, m, v, q)


def variance_for(L, x, m, v, p, q):
    """The variance s at which the bound is L.    L (), x (N,)  ->  ()"""
    return p**2 * np.exp(2 * (apart(x, m, v, q) - L)) / (2 * np.pi)
