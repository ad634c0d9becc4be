"""Four regressions on orthonormal columns: each treats every coefficient b = X'y on its own.

Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2nd ed.), table 3.4.
"""

import numpy as np


def least_squares(X, y):
    """b = X'y.    X (n, p) with X'X = I, y (n,)  ->  (p,)"""
    return X.T @ y


def ridge(X, y, lam):
    """b / (1 + lam).    X (n, p) with X'X = I, y (n,), lam > 0  ->  (p,)"""
    return X.T @ y / (1 + lam)


def soft_threshold(b, lam):
    """sign(b) (|b| - lam)_+, entry by entry.    b (p,), lam > 0  ->  (p,)"""
    return np.sign(b) * np.maximum(np.abs(b) - lam, 0)


def lasso(X, y, lam):
    """b, moved lam towards 0 but not beyond.    X (n, p) with X'X = I, y (n,), lam > 0  ->  (p,)"""
    return soft_threshold(X.T @ y, lam)


def best_subset(X, y, lam):
    """b where b^2 > lam, else 0.    X (n, p) with X'X = I, y (n,), lam > 0  ->  (p,)"""
    b = X.T @ y
    return np.where(b**2 > lam, b, 0)
