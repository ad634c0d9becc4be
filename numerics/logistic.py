"""Logistic regression: the probability of a label is the sigmoid of a line.

Labels are -1 and 1; the margin y * (X w) is positive where an example is classified right.
Source: Hastie, Tibshirani and Friedman, sec. 4.4.1, written for labels -1 and 1.
"""

import numpy as np
from scipy.special import expit


def softplus(z):
    """log(1 + e^z), entry by entry, with no overflow at any z."""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def loss(X, y, w):
    """sum_i log(1 + exp(-y_i x_i'w)).    X (n, p), y (n,) of -1 and 1, w (p,)  ->  ()"""
    return np.sum(softplus(-y * (X @ w)))


def gradient(X, y, w):
    """-X'(y * sigmoid(-y * X w)).    X (n, p), y (n,) of -1 and 1, w (p,)  ->  (p,)"""
    return -X.T @ (y * expit(-y * (X @ w)))


def hessian(X, y, w):
    """X'SX with S = diag(sigmoid(z) sigmoid(-z)), z = y * X w.    X (n, p), y (n,), w (p,)  ->  (p, p)"""
    z = y * (X @ w)
    s = expit(z) * expit(-z)
    return X.T @ (s[:, None] * X)


def newton_step(X, y, w):
    """w - H^-1 g, one step of iteratively reweighted least squares.    X (n, p), y (n,), w (p,)  ->  (p,)

    Domain: X has full column rank. At large margins S underflows and H becomes singular: LinAlgError.
    Source: Hastie, Tibshirani and Friedman, eq. 4.26.
    """
    return w - np.linalg.solve(hessian(X, y, w), gradient(X, y, w))


def fit(X, y, steps=50):
    """The minimiser of the loss, by Newton steps that are halved until the loss falls.    X (n, p), y (n,)  ->  w (p,)

    Domain: X has full column rank and the two labels overlap; separable data have no minimiser, and the steps end
    with long weights.
    """
    w = np.zeros(X.shape[1])
    for _ in range(steps):
        try:
            step = newton_step(X, y, w) - w
        except np.linalg.LinAlgError:
            return w
        while loss(X, y, w + step) > loss(X, y, w):
            step = step / 2
        if np.all(w + step == w):
            return w
        w = w + step
    return w
