"""How far a convex function lies above its tangents: never below."""

import numpy as np


def tangent_gap(X, b, x, y):
    """f(y) - f(x) - f'(x)(y - x) for f(w) = ||X w - b||^2.    X (p, n), b (p,), x (n,), y (n,)  ->  ()"""
    residual = X @ x - b
    loss = np.sum((X @ y - b) ** 2)
    return loss - residual @ residual - 2 * (X.T @ residual) @ (y - x)
