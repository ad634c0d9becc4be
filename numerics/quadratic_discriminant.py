"""Quadratic discriminant analysis: normal classes, each with its own covariance.

Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2nd ed.), sec. 4.3.
"""

import numpy as np


def _log_joint(x, mu, S, pi):
    away = x - mu
    return np.log(pi) - (np.linalg.slogdet(S)[1] + away @ np.linalg.solve(S, away)) / 2


def logit(x, mu0, mu1, S0, S1, pi0, pi1):
    """log P(class 1 | x) / P(class 0 | x).    x, mu (d,), S (d, d) positive definite, pi > 0  ->  ()"""
    return _log_joint(x, mu1, S1, pi1) - _log_joint(x, mu0, S0, pi0)


def posterior(x, mu0, mu1, S0, S1, pi0, pi1):
    """P(class 1 | x) = 1 / (1 + e^-logit).    The same arguments  ->  ()"""
    return 1 / (1 + np.exp(-logit(x, mu0, mu1, S0, S1, pi0, pi1)))


def fit(X, C):
    """Proportions, means and covariances of greatest likelihood.    X (N, d), C (N, K) of 0 and 1

    ->  pi (K,), mu (K, d), S (K, d, d) with the class sizes below; every class has more than d points.
    """
    sizes = C.sum(axis=0)
    mu = C.T @ X / sizes[:, None]
    S = [(C[:, k, None] * (X - m)).T @ (X - m) / sizes[k] for k, m in enumerate(mu)]
    return sizes / len(X), mu, np.array(S)
