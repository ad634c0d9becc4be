"""Decisions with prices.

Source: Elkan, The foundations of cost-sensitive learning (2001); Chow, On optimum recognition error and reject
tradeoff (1970).
"""

import numpy as np


def expected_prices(P, L):
    """C_ia = sum_k P_ik L_ka: what each action costs.    P (n, K) probabilities, L (K, A) prices  ->  (n, A)"""
    return P @ L


def threshold(fp, fn):
    """The probability above which an alarm is cheaper: fp / (fp + fn).    Both prices > 0  ->  ()"""
    return 1 / (1 + fn / fp)


def chow(p, r):
    """What Chow's rule costs: the least of 1 - max p and the price r of no answer.    p (K,) with sum 1  ->  ()"""
    return np.minimum(1 - np.max(p), r)
