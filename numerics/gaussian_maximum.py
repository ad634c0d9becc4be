"""The mean surprise of a normal law, from the mean and the scatter of the data."""

import numpy as np


def surprise(X, mu, Sigma):
    """-(1/N) sum_i log N(x_i | mu, Sigma).    X (N, d), mu (d,), Sigma (d, d) positive definite  ->  ()"""
    away = X - mu
    squares = np.sum(away * np.linalg.solve(Sigma, away.T).T, axis=1)
    return (X.shape[1] * np.log(2 * np.pi) + np.linalg.slogdet(Sigma)[1] + np.mean(squares)) / 2
