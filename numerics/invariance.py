"""One estimate in several units."""

import numpy as np


def waiting_time(t):
    """The mean of waiting times: one over the most likely rate N / sum t.    t (N,) positive  ->  ()"""
    return np.mean(t)
