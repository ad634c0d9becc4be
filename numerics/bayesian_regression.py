"""Bayesian linear regression: a normal prior, normal noise, a normal posterior. Source: Bishop, PRML, sec. 3.3-3.5.

alpha is the precision of the prior, beta that of the noise.
"""

import numpy as np
from scipy.linalg import solve_triangular


def factor(X, alpha, beta):
    """R with R'R = alpha I + beta X'X, the posterior precision, which is never formed.    X (n, p)  ->  (p, p)"""
    return np.linalg.qr(np.vstack([np.sqrt(beta) * X, np.sqrt(alpha) * np.eye(X.shape[1])]))[1]


def posterior_mean(X, y, alpha, beta):
    """m = beta A^-1 X'y, least squares on stacked data.    X (n, p), y (n,), alpha, beta > 0  ->  (p,)"""
    p = X.shape[1]
    Q, R = np.linalg.qr(np.vstack([np.sqrt(beta) * X, np.sqrt(alpha) * np.eye(p)]))
    return solve_triangular(R, Q.T @ np.concatenate([np.sqrt(beta) * y, np.zeros(p)]))


def predictive_variance(X, x, alpha, beta):
    """1/beta + x'A^-1 x.    X (n, p), x (p,), alpha, beta > 0  ->  ()"""
    half = solve_triangular(factor(X, alpha, beta).T, x, lower=True)
    return 1 / beta + half @ half


def log_evidence(X, y, alpha, beta):
    """log of the density of y, from p by p matrices.    X (n, p), y (n,), alpha, beta > 0  ->  ()

    (p log alpha + n log beta - n log 2 pi - logdet A - beta |y - X m|^2 - alpha |m|^2) / 2.  Source: eq. 3.86.
    """
    n, p = X.shape
    m = posterior_mean(X, y, alpha, beta)
    residual = y - X @ m
    logdet = 2 * np.sum(np.log(np.abs(np.diag(factor(X, alpha, beta)))))
    energy = beta * residual @ residual + alpha * m @ m
    return (p * np.log(alpha) + n * np.log(beta) - n * np.log(2 * np.pi) - logdet - energy) / 2
