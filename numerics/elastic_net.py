"""The elastic net: least squares with a squared and an absolute price. Source: Zou and Hastie (2005)."""

import numpy as np


def objective(X, y, w, l1, l2):
    """|y - X w|^2 + l2 |w|^2 + l1 sum |w_j|.    X (n, p), y (n,), w (p,), l1, l2 > 0  ->  ()"""
    residual = y - X @ w
    return residual @ residual + l2 * (w @ w) + l1 * np.sum(np.abs(w))


def lasso(X, y, w, l1):
    """|y - X w|^2 + l1 sum |w_j|.    X (n, p), y (n,), w (p,), l1 > 0  ->  ()"""
    residual = y - X @ w
    return residual @ residual + l1 * np.sum(np.abs(w))


def augmented(X, y, w, l1, l2):
    """The elastic net as a lasso on n + p examples: sqrt(l2) I below X, zeros below y.

    X (n, p), y (n,), w (p,), l1, l2 > 0  ->  ().  Source: Zou and Hastie (2005), lemma 1, before its scaling.
    """
    p = X.shape[1]
    return lasso(np.vstack([X, np.sqrt(l2) * np.eye(p)]), np.concatenate([y, np.zeros(p)]), w, l1)
