"""Quantile regression: the line below which a given share of the examples lies. Source: Koenker and Bassett (1978)."""

import numpy as np
from scipy.optimize import linprog


def loss(X, y, w, tau):
    """sum_i tau (r_i)_+ + (1 - tau) (-r_i)_+, r = y - X w.    X (n, p), y (n,), w (p,), 0 < tau < 1  ->  ()"""
    r = y - X @ w
    return np.sum(tau * np.maximum(r, 0) + (1 - tau) * np.maximum(-r, 0))


def fit(X, y, tau):
    """A minimiser of the loss, by the linear programme in w, u and v.    X (n, p), y (n,), 0 < tau < 1  ->  (p,)

    min tau sum(u) + (1 - tau) sum(v) subject to X w + u - v = y, u >= 0, v >= 0.
    Source: Koenker, Quantile Regression (2005), sec. 6.2.
    """
    n, p = X.shape
    cost = np.concatenate([np.zeros(p), tau * np.ones(n), (1 - tau) * np.ones(n)])
    equations = np.hstack([X, np.eye(n), -np.eye(n)])
    bounds = [(None, None)] * p + [(0, None)] * (2 * n)
    found = linprog(cost, A_eq=equations, b_eq=y, bounds=bounds)
    if not found.success:
        raise ArithmeticError(f"the linear programme was not solved: {found.message}")
    return found.x[:p]
