"""Noise, squared bias and variance of a prediction."""

import numpy as np


def error(f, m, v, s2):
    """s2 + (f - m)^2 + v: noise, squared bias, variance.    ->  ()"""
    return s2 + (f - m) ** 2 + v


def ridge_error(x, X, w, lam, s2):
    """Squared bias and variance of x'w_ridge, the true weights being w.    x (p,), X (n, p), w (p,), lam > 0  ->  ()"""
    a = np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), x)
    return lam**2 * (a @ w) ** 2 + s2 * np.sum((X @ a) ** 2)


def neighbours_error(f, h, s2):
    """(f - mean h)^2 + s2/k: the error of the mean over k neighbours, the truth there being h.    h (k,)  ->  ()"""
    return (f - np.mean(h)) ** 2 + s2 / len(h)
