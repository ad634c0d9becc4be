"""Softmax regression: several classes, one line each. Source: Bishop, PRML, sec. 4.3.4."""

import numpy as np


def log_normaliser(Z):
    """log sum_k exp(z_ik) of each row, with no overflow.    Z (n, K)  ->  (n,)"""
    top = Z.max(axis=1)
    return top + np.log(np.sum(np.exp(Z - top[:, None]), axis=1))


def probabilities(X, W):
    """exp(x_i'w_k) / sum_l exp(x_i'w_l).    X (n, p), W (p, K)  ->  (n, K)"""
    Z = X @ W
    E = np.exp(Z - Z.max(axis=1)[:, None])
    return E / E.sum(axis=1)[:, None]


def loss(X, Y, W):
    """-sum_i log of the probability of the class of example i.    X (n, p), Y (n, K) one-hot rows, W (p, K)  ->  ()"""
    Z = X @ W
    return np.sum(log_normaliser(Z)) - np.sum(Y * Z)


def gradient(X, Y, W):
    """X'(P - Y).    X (n, p), Y (n, K) one-hot rows, W (p, K)  ->  (p, K)"""
    return X.T @ (probabilities(X, W) - Y)
