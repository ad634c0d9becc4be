"""Log loss and the divergence of a model from the data."""

import numpy as np


def log_loss(C, q):
    """-(1/N) sum_i log q_(class of i).    C (N, K) of 0 and 1, q (K,) positive with sum 1  ->  ()"""
    return -np.mean(C @ np.log(q))


def divergence_of_the_model(C, q):
    """sum_k p_k log(p_k / q_k), p the shares of the classes.    C (N, K), no class empty, q (K,) positive  ->  ()"""
    p = C.mean(axis=0)
    return p @ (np.log(p) - np.log(q))
