"""Conjugates as largest values, computed at the point where they are met."""

import numpy as np
from scipy.special import logsumexp as lse


def quadratic(P, y):
    """max over x of y'x - x'Px/2.    P (n, n) positive definite, y (n,)  ->  ()"""
    x = np.linalg.solve(P, y)
    return y @ x - x @ P @ x / 2


def logsumexp(p):
    """max over x of p'x - log sum exp x.    p (n,) positive, summing to 1  ->  ()"""
    x = np.log(p)
    return p @ x - lse(x)
