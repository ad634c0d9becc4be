"""A parabola above the sum of absolute values."""

import numpy as np


def absolute_majoriser(x, c):
    """sum_i x_i^2 / (2 c_i) + c_i / 2 >= sum_i |x_i|, equal where |x_i| = c_i.    x (n,), c (n,) > 0  ->  ()"""
    return np.sum(x**2 / (2 * c) + c / 2)
