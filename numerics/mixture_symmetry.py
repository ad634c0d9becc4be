"""The likelihood of two classes on the line beside others, and the information criterion of a mixture of Gaussians.

Source: Schwarz (1978); McLachlan and Peel, Finite Mixture Models (2000).
"""

import numpy as np


def density(x, mu, sigma_sq):
    """N(x | mu, sigma_sq).    x (N,), mu (), sigma_sq > 0  ->  (N,)"""
    return np.exp(-((x - mu) ** 2) / (2 * sigma_sq)) / np.sqrt(2 * np.pi * sigma_sq)


def log_likelihood(x, p, m, s, q, n, t, R):
    """sum_i log(p N(x_i | m, s) + q N(x_i | n, t) + R_i).    x (N,), R (N,) >= 0, p, q, s, t > 0  ->  ()"""
    return np.sum(np.log(p * density(x, m, s) + q * density(x, n, t) + R))


def free_parameters(K, d):
    """K - 1 weights, K means and K covariances.    ->  int"""
    return K - 1 + K * d + K * d * (d + 1) // 2


def criterion(log_likelihood, N, K, d):
    """BIC = -2 log-likelihood + free parameters * log N: the smaller the better.    ->  ()"""
    return -2 * log_likelihood + free_parameters(K, d) * np.log(N)
