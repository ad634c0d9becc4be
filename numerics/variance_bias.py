"""Three estimates of a variance from n numbers: right on average, most likely, and nearest for normal numbers."""

import numpy as np


def unbiased(y):
    """sum (y_i - mean)^2 / (n - 1).    y (n,), n > 1  ->  ()"""
    return np.var(y, ddof=1)


def most_likely(y):
    """sum (y_i - mean)^2 / n.    y (n,)  ->  ()"""
    return np.var(y)


def nearest(y):
    """sum (y_i - mean)^2 / (n + 1), of least mean squared error for normal numbers.    y (n,)  ->  ()"""
    return np.var(y, ddof=-1)
