"""Most probable parameters under a prior."""

import numpy as np


def ridge(X, y, sigma_sq, tau_sq):
    """w = (X'X + sigma_sq/tau_sq I)^-1 X'y: noise of variance sigma_sq, weights believed N(0, tau_sq).

    X (N, p), y (N,), sigma_sq, tau_sq > 0  ->  (p,)
    """
    return np.linalg.solve(X.T @ X + sigma_sq / tau_sq * np.eye(X.shape[1]), X.T @ y)


def normal_mean(y, m0, sigma_sq, tau_sq):
    """(sum y / sigma_sq + m0 / tau_sq) / (N / sigma_sq + 1 / tau_sq): a mean believed N(m0, tau_sq).

    y (N,), sigma_sq, tau_sq > 0  ->  ()
    """
    weight = tau_sq * len(y) / (tau_sq * len(y) + sigma_sq)
    return weight * np.mean(y) + (1 - weight) * m0


def coin(x, a, c):
    """(heads + a) / (throws + a + c): a probability believed Beta(a + 1, c + 1).    x (N,) of 0 and 1  ->  ()"""
    return (np.sum(x) + a) / (len(x) + a + c)


def categories(n, e):
    """(n_k + e_k) / sum(n + e): probabilities believed Dirichlet(e + 1).    n (K,) counts, e (K,) > 0  ->  (K,)"""
    return (n + e) / np.sum(n + e)
