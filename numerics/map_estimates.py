"""Most probable parameters under a prior."""

import numpy as np


def ridge(X, y, s2, t2):
    """w = (X'X + s2/t2 I)^-1 X'y: noise of variance s2, weights believed N(0, t2).    X (N, p), y (N,)  ->  (p,)"""
    return np.linalg.solve(X.T @ X + s2 / t2 * np.eye(X.shape[1]), X.T @ y)


def normal_mean(y, m0, s2, t2):
    """(sum y / s2 + m0 / t2) / (N / s2 + 1 / t2): a mean believed N(m0, t2).    y (N,), s2, t2 > 0  ->  ()"""
    weight = t2 * len(y) / (t2 * len(y) + s2)
    return weight * np.mean(y) + (1 - weight) * m0


def coin(x, a, c):
    """(heads + a) / (throws + a + c): a probability believed Beta(a + 1, c + 1).    x (N,) of 0 and 1  ->  ()"""
    return (np.sum(x) + a) / (len(x) + a + c)


def categories(n, e):
    """(n_k + e_k) / sum(n + e): probabilities believed Dirichlet(e + 1).    n (K,) counts, e (K,) > 0  ->  (K,)"""
    return (n + e) / np.sum(n + e)
