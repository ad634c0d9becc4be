"""Step lengths and averages by hand.

Source: Loshchilov and Hutter, SGDR (2017); Polyak and Juditsky (1992).
"""

import numpy as np


def with_cosine_steps(X, rate):
    """Row t of X times rate (1 + cos(pi t / T)) / 2: from rate down to nearly 0.    X (T, d)  ->  (T, d)"""
    T = len(X)
    return (rate * (1 + np.cos(np.pi * np.arange(T) / T)) / 2)[:, None] * X


def running_means(X):
    """The mean of the first t rows, each from the one before.    X (T, d)  ->  (T, d)"""
    found = []
    m = np.zeros_like(X[0])
    for k, x in enumerate(X, start=1):
        m = m + (x - m) / k
        found.append(m)
    return np.array(found)
