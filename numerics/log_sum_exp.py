"""Log-sum-exp, its gradient softmax, and the Jacobian of softmax; the largest entry is taken off first."""

import numpy as np


def logsumexp(x):
    """log sum exp(x), with no overflow.    x (n,)  ->  ()"""
    top = np.max(x)
    return top + np.log(np.sum(np.exp(x - top)))


def softmax(x):
    """exp(x) / sum exp(x), with no overflow.    x (n,)  ->  (n,)"""
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


def softmax_jacobian(x):
    """diag(p) - p p' with p = softmax(x), the Hessian of log-sum-exp.    x (n,)  ->  (n, n)"""
    p = softmax(x)
    return np.diag(p) - np.outer(p, p)
