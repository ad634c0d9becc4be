"""What contrastive losses learn, by hand: log-ratios of probabilities. Everything is discrete and exact.

Source: Gutmann and Hyvärinen (2010); Levy and Goldberg (2014); van den Oord, Li and Vinyals (2018); Poole et al.
(2019).
"""

import numpy as np
from scipy.special import expit


def positive_posterior(a, b):
    """The probability that candidate j is the right one: a_j / b_j over the sum of these.

    a_j = p(y_j | x), b_j = p(y_j) > 0 of each of n candidates  ->  (n,)
    """
    return (a / b) / np.sum(a / b)


def noise_contrastive(f, p, q, k):
    """-sum p log sigmoid(f) - k sum q log sigmoid(-f).    f, p, q (m,), k > 0 noise examples for each real one"""
    return np.sum(p * np.logaddexp(0, -f)) + k * np.sum(q * np.logaddexp(0, f))


def noise_contrastive_gradient(f, p, q, k):
    """k q sigmoid(f) - p sigmoid(-f).    ->  (m,)"""
    return k * q * expit(f) - p * expit(-f)


def noise_contrastive_best(p, q, k):
    """log(p / (k q)).    ->  (m,)"""
    return np.log(p / (k * q))


def shifted_pmi(C, k):
    """log(c_ij |C| / (c_i c_j)) - log k.    C (m, n) counts, all positive, k > 0 negatives a pair  ->  (m, n)"""
    words, contexts = C.sum(axis=1), C.sum(axis=0)
    return np.log(C * C.sum() / np.outer(words, contexts)) - np.log(k)
