"""Closed forms of eight small problems, each written by hand from its textbook.

Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2nd ed.), ch. 3; Boyd and Vandenberghe,
Convex Optimization (2004), sec. 4.4, 5.5 and 7.1; Markowitz (1952).
"""

import numpy as np
from scipy.linalg import cho_factor, cho_solve


def weighted_ridge(X, y, d, T):
    """w* = (X'DX + T)^-1 X'Dy.    X (n, p), y (n,), d (n,) > 0, T (p, p) positive definite  ->  w (p,)"""
    scaled = X * d[:, None]
    return np.linalg.solve(scaled.T @ X + T, scaled.T @ y)


def regression_of_many(X, Y):
    """W* = (X'X)^-1 X'Y, one column of targets at a time.    X (n, p) of rank p, Y (n, q)  ->  W (p, q)"""
    factor = cho_factor(X.T @ X)
    return np.stack([cho_solve(factor, X.T @ target) for target in Y.T], axis=1)


def mean_vector(X):
    """mu* = the mean of the rows.    X (n, p)  ->  mu (p,)"""
    total = np.zeros(X.shape[1])
    for row in X:
        total = total + row
    return total / X.shape[0]


def rate(N, s):
    """lambda* = N / s: events a unit of time.    N > 0, s > 0  ->  lambda > 0"""
    return N / s


def precision(C):
    """S* = C^-1.    C (p, p) positive definite  ->  S (p, p)"""
    return np.linalg.inv(C)


def frequencies(c):
    """p*_k = c_k / sum c.    c (n,) > 0  ->  p (n,), which sums to 1"""
    return c / c.sum()


def least_risk(S):
    """x* = S^-1 1 / (1'S^-1 1).    S (n, n) positive definite  ->  x (n,), which sums to 1"""
    shares = np.linalg.solve(S, np.ones(S.shape[0]))
    return shares / shares.sum()


def on_a_plane(K, b):
    """x* = K (K'K)^-1 b.    K (n, m) of rank m, b (m,)  ->  x (n,)"""
    return K @ np.linalg.solve(K.T @ K, b)


def in_a_half_space(P, v, a, b):
    """The nearest point to v in a'x <= b, by the metric P.    P (n, n) positive definite, v, a (n,), b  ->  x (n,)"""
    direction = np.linalg.solve(P, a)
    return v - max(a @ v - b, 0) / (a @ direction) * direction


def logistic_score(X, y, w):
    """-X'(y o sigmoid(-y o Xw)).    X (n, p), y (n,) of -1 and 1, w (p,)  ->  (p,)"""
    margin = y * (X @ w)
    return -X.T @ (y / (1 + np.exp(margin)))
