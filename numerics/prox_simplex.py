"""The nearest probabilities: the projection onto the simplex."""

import numpy as np


def cut_at(v, tau):
    """max(v - tau, 0).    v (n,), tau ()  ->  (n,)"""
    return np.maximum(v - tau, 0)


def threshold(v):
    """The tau with sum_i max(v_i - tau, 0) = 1.    v (n,)  ->  ()

    Sorted from the largest, the first k entries stay positive for the largest k with v_k > (v_1 + ... + v_k - 1) / k.
    Source: Duchi et al. (2008), fig. 1.
    """
    down = np.sort(v)[::-1]
    means = (np.cumsum(down) - 1) / np.arange(1, len(v) + 1)
    return means[np.nonzero(down > means)[0][-1]]


def nearest(v):
    """The nearest point of the simplex.    v (n,)  ->  (n,)"""
    return cut_at(v, threshold(v))
