"""Entropy and Kullback-Leibler divergence of normal laws, by Cholesky factors."""

import numpy as np


def entropy(S):
    """(d log 2 pi + log det S + d) / 2.    S (d, d) positive definite  ->  ()"""
    d = S.shape[0]
    half = np.log(np.diag(np.linalg.cholesky(S))).sum()
    return (d * np.log(2 * np.pi) + d) / 2 + half


def divergence(m, S, c, R):
    """KL(N(m, S) || N(c, R)).    m, c (d,), S, R (d, d) positive definite  ->  ()"""
    d = S.shape[0]
    logs = np.log(np.diag(np.linalg.cholesky(R))).sum() - np.log(np.diag(np.linalg.cholesky(S))).sum()
    shape = np.trace(np.linalg.solve(R, S)) + (m - c) @ np.linalg.solve(R, m - c)
    return (shape - d) / 2 + logs
