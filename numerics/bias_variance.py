"""Noise, squared bias and variance of a prediction."""

import numpy as np


def error(f, m, v, sigma_sq):
    """sigma_sq + (f - m)^2 + v: noise, squared bias, variance.    ->  ()"""
    return sigma_sq + (f - m) ** 2 + v


def ridge_error(x, X, w, lam, sigma_sq):
    """Squared bias and variance of x'w_ridge, the true weights being w.    x (p,), X (n, p), w (p,), lam > 0  ->  ()"""
    a = np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), x)
    return lam**2 * (a @ w) ** 2 + sigma_sq * np.sum((X @ a) ** 2)


def neighbours_error(f, h, sigma_sq):
    """(f - mean h)^2 + sigma_sq/k: the error of the mean over k neighbours, where the truth is h.    h (k,)  ->  ()"""
    return (f - np.mean(h)) ** 2 + sigma_sq / len(h)
