"""Responsibilities of spherical components of one variance, from squared distances alone.

Source: Bishop, PRML (2006), sec. 9.3.2.
"""

import numpy as np


def responsibilities(D, pi, s2):
    """r_k = pi_k exp(-D_k / (2 s2)) / sum_l ..., shifted by the largest.    D (K,), pi (K,) > 0, s2 > 0  ->  r (K,)"""
    log_joint = np.log(pi) - D / (2 * s2)
    weight = np.exp(log_joint - np.max(log_joint))
    return weight / np.sum(weight)


def rate(D, pi, s2):
    """pi_k / pi_m exp(-(D_k - D_m) / (2 s2)) >= r_k for the nearest m.    D (K,), pi (K,), s2 > 0  ->  (K,)"""
    m = np.argmin(D)
    return pi / pi[m] * np.exp(-(D - D[m]) / (2 * s2))
