"""Generalised linear models with the canonical link. Source: McCullagh and Nelder (1989), ch. 2."""

import numpy as np
from scipy.special import expit, softmax


def score(X, y, mean):
    """X'(y - mu), the gradient of the log-likelihood whatever the family.    X (n, p), y (n,), mean (n,)  ->  (p,)"""
    return X.T @ (y - mean)


def normal(X, y, w):
    """The score with the mean X w.    X (n, p), y (n,), w (p,)  ->  (p,)"""
    return score(X, y, X @ w)


def bernoulli(X, y, w):
    """The score with the mean sigmoid(X w).    X (n, p), y (n,) of 0 and 1, w (p,)  ->  (p,)"""
    return score(X, y, expit(X @ w))


def poisson(X, y, w):
    """The score with the mean exp(X w).    X (n, p), y (n,), w (p,)  ->  (p,)"""
    return score(X, y, np.exp(X @ w))


def mean(X, w, t, h):
    """mu_i = sum_k t_k exp(h_k + t_k x_i'w) / sum_k exp(h_k + t_k x_i'w).

    X (n, p), w (p,), t (K,), h (K,)  ->  (n,)
    """
    return softmax(h + np.outer(X @ w, t), axis=1) @ t


def finite(X, y, w, t, h):
    """The score of a family with the values t and the base measure exp(h).    ->  (p,)"""
    return score(X, y, mean(X, w, t, h))
