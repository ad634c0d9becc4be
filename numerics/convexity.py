"""Two convex losses: the elastic net and the cross-entropy of the softmax."""

import numpy as np
from scipy.special import logsumexp


def elastic_net(X, y, w, lam, mu):
    """||X w - y||^2 / 2 + lam sum_j |w_j| + mu ||w||^2 / 2.    X (n, p), y (n,), w (p,), lam >= 0, mu >= 0  ->  ()"""
    residual = X @ w - y
    return residual @ residual / 2 + lam * np.sum(np.abs(w)) + mu * (w @ w) / 2


def cross_entropy(X, Z, W):
    """sum_i log sum_k exp(x_i'w_k) - x_i'w_y(i).    X (n, p), Z (n, K) one-hot, W (p, K)  ->  ()"""
    scores = X @ W
    return np.sum(logsumexp(scores, axis=1) - np.sum(Z * scores, axis=1))
