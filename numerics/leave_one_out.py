"""Leave-one-out cross-validation of ridge regression: n refits, or one fit and a division.

Source: Allen (1974); Golub, Heath and Wahba (1979); Hastie, Tibshirani and Friedman, sec. 7.10.
"""

import numpy as np

from numerics.ridge import stacked_qr


def without_refitting(X, y, x, t, lam):
    """t - x'w, w the ridge weights of the other examples.    X (n, p), y (n,), x (p,), t (), lam > 0  ->  ()"""
    return t - x @ stacked_qr(X, y, lam)


def hat(X, lam):
    """H = X (X'X + lam I)^-1 X', from [X; sqrt(lam) I] = QR.    X (n, p), lam > 0  ->  (n, n)"""
    n, p = X.shape
    Q, _ = np.linalg.qr(np.vstack([X, np.sqrt(lam) * np.eye(p)]))
    return Q[:n] @ Q[:n].T


def by_refitting(X, y, lam):
    """sum_i (y_i - x_i'w without i)^2: each example is left out in its turn.    X (n, p), y (n,), lam > 0  ->  ()"""
    everything = np.arange(len(y))
    others = [np.delete(everything, k) for k in everything]
    return sum(without_refitting(X[o], y[o], X[k], y[k], lam) ** 2 for k, o in enumerate(others))


def by_shortcut(X, y, lam):
    """The same, sum_i ((y_i - x_i'w) / (1 - h_i))^2, from one fit.    X (n, p), y (n,), lam > 0  ->  ()"""
    H = hat(X, lam)
    return np.sum(((y - H @ y) / (1 - np.diag(H))) ** 2)


def gcv(X, y, lam):
    """|y - H y|^2 / (1 - tr H / n)^2.    X (n, p), y (n,), lam > 0  ->  ()"""
    H = hat(X, lam)
    residual = y - H @ y
    return residual @ residual / (1 - np.trace(H) / len(y)) ** 2
