"""Responsibilities of spherical components of one variance, from squared distances alone.

Source: Bishop, PRML (2006), sec. 9.3.2.
"""

import numpy as np


def responsibilities(D, pi, sigma_sq):
    """r_k = pi_k exp(-D_k / (2 sigma_sq)) / sum_l ..., shifted.    D (K,), pi (K,) > 0, sigma_sq > 0  ->  r (K,)"""
    log_joint = np.log(pi) - D / (2 * sigma_sq)
    weight = np.exp(log_joint - np.max(log_joint))
    return weight / np.sum(weight)


def rate(D, pi, sigma_sq):
    """pi_k / pi_m exp(-(D_k - D_m) / (2 sigma_sq)) >= r_k, m nearest.    D (K,), pi (K,), sigma_sq > 0  ->  (K,)"""
    m = np.argmin(D)
    return pi / pi[m] * np.exp(-(D - D[m]) / (2 * sigma_sq))
