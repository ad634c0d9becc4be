"""Subgradients of the sum of absolute values."""

import numpy as np


def l1_gap(y, s):
    """sum_i (|y_i| - s_i y_i): nonnegative where -1 <= s_i <= 1.    y (n,), s (n,)  ->  ()"""
    return np.sum(np.abs(y) - s * y)
