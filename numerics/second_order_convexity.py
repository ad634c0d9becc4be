"""The Hessian of log-sum-exp, and the least eigenvalue of a Hessian."""

import numpy as np


def logsumexp_hessian(z):
    """diag(s) - s s' with s = softmax(z).    z (n,)  ->  (n, n)"""
    s = np.exp(z - np.max(z))
    s = s / np.sum(s)
    return np.diag(s) - np.outer(s, s)


def least_curvature(H):
    """The least eigenvalue: where it is >= 0 the Hessian bends no direction downwards.    H (n, n) symmetric  ->  ()"""
    return np.linalg.eigvalsh(H)[0]
