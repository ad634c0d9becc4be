"""The slopes that dual numbers carry, by `automatic_differentiation.Dual`.    a + b e, c + d e  ->  a number

Source: Griewank and Walther, Evaluating Derivatives (2nd ed., 2008), sec. 3.1.
"""

import numpy as np

from numerics.automatic_differentiation import Dual


def product(a, b, c, d):
    """(a + b e)(c + d e)."""
    return (Dual(a, b) * Dual(c, d)).slope


def quotient(a, b, c, d):
    """(a + b e) / (c + d e).    c != 0"""
    return (Dual(a, b) / Dual(c, d)).slope


def tangent(a, b):
    """tanh(a + b e)."""
    return Dual(a, b).apply(np.tanh, lambda x, y: 1 - y * y).slope


def polynomial(a, b):
    """x^3 - 2 x at a + b e."""
    x = Dual(a, b)
    return (x * x * x - 2 * x).slope
