"""The lasso's dual and its gap: a bound on how far from the best any weights are.

Source: Fercoq, Gramfort and Salmon (2015); Ndiaye et al. (2017).
"""

import numpy as np


def primal(X, y, w, lam):
    """|y - X w|^2 / 2 + lam sum |w_j|.    X (n, p), y (n,), w (p,), lam > 0  ->  ()"""
    residual = y - X @ w
    return residual @ residual / 2 + lam * np.sum(np.abs(w))


def dual(y, theta, lam):
    """lam y'theta - lam^2 |theta|^2 / 2.    y (n,), theta (n,) with |X'theta| <= 1, lam > 0  ->  ()"""
    return lam * (y @ theta) - lam**2 * (theta @ theta) / 2


def dual_point(X, y, w, lam):
    """The residual, scaled to be feasible: r / max(lam, max |X'r|).    X (n, p), y (n,), w (p,), lam > 0  ->  (n,)"""
    residual = y - X @ w
    return residual / max(lam, np.max(np.abs(X.T @ residual)))


def gap(X, y, w, lam):
    """primal - dual at the scaled residual; it is at least primal(w) - min.    X (n, p), y (n,), w (p,)  ->  ()"""
    return primal(X, y, w, lam) - dual(y, dual_point(X, y, w, lam), lam)


def screened(X, y, w, lam):
    """The columns whose weight is zero at the solution for certain.    X (n, p), y (n,), w (p,)  ->  (p,) of bool

    |x_j'theta| + |x_j| sqrt(2 gap) / lam < 1. The gap is a difference of two large numbers: what rounding may have
    taken from it is given back, so that the rule stays safe at the solution.  Source: Ndiaye et al. (2017), sec. 3.
    """
    theta = dual_point(X, y, w, lam)
    rounding = len(y) * np.finfo(float).eps * primal(X, y, w, lam)
    radius = np.sqrt(2 * (max(gap(X, y, w, lam), 0) + rounding)) / lam
    return np.abs(X.T @ theta) + np.linalg.norm(X, axis=0) * radius < 1
