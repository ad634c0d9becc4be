"""How often classifiers are wrong, where all probabilities are known."""

import numpy as np


def risk(P, D):
    """1 - sum_ik D_ik P_ik.    P (n, K) with sum 1, the probability of input and class, D (n, K) the names  ->  ()"""
    return 1 - np.sum(D * P)


def bayes(P):
    """A most probable class of each input, as an indicator.    P (n, K)  ->  (n, K) of 0 and 1"""
    return np.eye(P.shape[1], dtype=int)[np.argmax(P, axis=1)]


def bayes_risk(P):
    """1 - sum_i max_k P_ik: the least that is possible.    P (n, K)  ->  ()"""
    return 1 - np.sum(np.max(P, axis=1))
