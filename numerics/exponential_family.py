"""Mean and covariance of the statistics of an exponential family on finitely many outcomes."""

import numpy as np


def law(T, h, theta):
    """pi_k = h_k exp(T_k theta) / sum.    T (K, p), h (K,) > 0, theta (p,)  ->  (K,)"""
    score = np.log(h) + T @ theta
    weight = np.exp(score - score.max())
    return weight / weight.sum()


def mean(T, h, theta):
    """sum_k pi_k T_k.    T (K, p), h (K,) > 0, theta (p,)  ->  (p,)"""
    return law(T, h, theta) @ T


def covariance(T, h, theta):
    """sum_k pi_k (T_k - mean)(T_k - mean)'.    T (K, p), h (K,) > 0, theta (p,)  ->  (p, p)"""
    pi = law(T, h, theta)
    apart = T - pi @ T
    return (apart * pi[:, None]).T @ apart
