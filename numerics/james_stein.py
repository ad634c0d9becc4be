"""Stein's estimator of several means at once. Source: James and Stein (1961)."""

import numpy as np


def estimate(x):
    """(1 - (p - 2) / |x|^2) x.    x (p,) nonzero  ->  (p,)"""
    return (1 - (len(x) - 2) / (x @ x)) * x


def sure(x):
    """p - (p - 2)^2 / |x|^2, an unbiased estimate of the risk at unit variance.    x (p,) nonzero  ->  ()"""
    p = len(x)
    return p - (p - 2) ** 2 / (x @ x)


def risks(theta, draws=100_000, seed=0):
    """Mean squared errors of x and of the estimate, x normal around theta.    theta (p,)  ->  (), ()"""
    x = theta + np.random.default_rng(seed).standard_normal((draws, len(theta)))
    shrunk = (1 - (len(theta) - 2) / np.sum(x**2, axis=1))[:, None] * x
    return np.mean(np.sum((x - theta) ** 2, axis=1)), np.mean(np.sum((shrunk - theta) ** 2, axis=1))
