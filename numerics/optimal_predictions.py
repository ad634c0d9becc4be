"""Losses of a prediction, and what they ask for, where the outcomes have known probabilities."""

import numpy as np


def mean(p, y):
    """sum_j p_j y_j: least squared error.    p (n,) with sum 1, y (n,)  ->  ()"""
    return p @ y


def quantile(p, y, tau):
    """The least outcome c with P(y <= c) >= tau: least pinball loss; the median for tau = 1/2.    0 < tau <= 1"""
    order = np.argsort(y)
    reached = np.searchsorted(np.cumsum(p[order]), tau * (1 - 1e-12))
    return y[order][min(reached, len(y) - 1)]


def pinball(p, y, c, tau):
    """sum_j p_j (tau (y_j - c)+ + (1 - tau) (c - y_j)+).    p, y (n,), numbers c and tau  ->  ()"""
    missing = y - c
    return p @ np.where(missing > 0, tau * missing, (tau - 1) * missing)


def brier(P, r):
    """sum_h P_h |e_h - r|^2, e_h the indicator of class h.    P, r (K,) with sum 1  ->  ()"""
    return P @ np.sum((np.eye(len(r)) - r) ** 2, axis=1)
