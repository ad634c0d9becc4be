"""How far a convex function lies above its tangents: never below."""

import numpy as np


def tangent_gap(X, x, y):
    """f(y) - f(x) - f'(x)(y - x) for f(w) = ||X w - b||^2, whatever b.    X (p, n), x (n,), y (n,)  ->  ()

    It is ||X (y - x)||^2; taking the difference of the losses instead would lose nearly all digits.
    """
    return np.sum((X @ (y - x)) ** 2)
