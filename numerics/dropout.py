"""Dropout in a linear model: the mean loss over all masks, listed one by one, and the weights that make it lowest.

Source: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov (2014), sec. 9.1.
"""

from itertools import product

import numpy as np


def mean_loss(X, y, w, p):
    """The mean of |y - (X o M) w / p|^2, every row with a mask of its own.    X (n, d), 0 < p < 1  ->  a number"""
    loss = 0
    for mask in product((0, 1), repeat=len(w)):
        kept = sum(mask)
        residual = y - X @ (np.array(mask) * w) / p
        loss = loss + p**kept * (1 - p) ** (len(w) - kept) * (residual @ residual)
    return loss


def weights(X, y, lam, g):
    """(X'X + lam diag(g)) w = X'y, lam = (1 - p)/p and g the squared lengths of the columns.    ->  (d,)"""
    return np.linalg.solve(X.T @ X + lam * np.diag(g), X.T @ y)
