"""Naive Bayes with smoothed counts, one class at a time.

Source: Manning, Raghavan and Schuetze, Introduction to Information Retrieval (2008), ch. 13.
"""

import numpy as np


def bernoulli(X, c, a, b):
    """theta_v = (documents of the class with word v + a) / (documents of the class + a + b).

    X (N, V) of 0 and 1, c (N,) of 0 and 1, a, b > 0  ->  (V,)
    """
    return (c @ X + a) / (np.sum(c) + a + b)


def multinomial(M, c, a):
    """p_v = (count of word v in the class + a) / (all words of the class + a V).

    M (N, V) counts, c (N,) of 0 and 1, a > 0  ->  (V,)
    """
    counts = c @ M
    return (counts + a) / (np.sum(counts) + a * M.shape[1])


def log_odds(x, theta0, theta1, pi0, pi1):
    """log P(class 1 | x) / P(class 0 | x), x the words that occur.    x (V,), theta (V,) in (0, 1), pi > 0  ->  ()"""
    present = np.log(theta1) - np.log(theta0)
    absent = np.log1p(-theta1) - np.log1p(-theta0)
    return np.log(pi1 / pi0) + x @ present + (1 - x) @ absent
