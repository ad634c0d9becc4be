"""Surrogate losses of a score at one input, and what its sign loses."""

import numpy as np


def hinge(f, eta):
    """eta (1 - f)+ + (1 - eta) (1 + f)+.    a score f, 0 < eta < 1  ->  ()"""
    return eta * np.maximum(1 - f, 0) + (1 - eta) * np.maximum(1 + f, 0)


def logistic(f, eta):
    """eta log(1 + e^-f) + (1 - eta) log(1 + e^f).    a score f, 0 < eta < 1  ->  ()"""
    return eta * np.logaddexp(0, -f) + (1 - eta) * np.logaddexp(0, f)


def excess_error(q, theta, w):
    """sum_j q_j |theta_j| where the sign is wrong.    q, theta (n,), w (n,) of 0 and 1, 1 where it is wrong  ->  ()"""
    return q @ (w * np.abs(theta))
