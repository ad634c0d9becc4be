"""Jensen's gap of the square: the variance under weights."""

import numpy as np


def variance(p, x):
    """sum_i p_i ||x_i - m||^2, m = sum_i p_i x_i.    p (n,) nonnegative, summing to 1, x (n, d)  ->  ()"""
    return p @ np.sum((x - p @ x) ** 2, axis=1)
