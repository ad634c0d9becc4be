"""Networks with ReLU by hand.

Source: Arora, Basu, Mianjy and Mukherjee (2018).
"""

import numpy as np


def relu(x):
    """max(x, 0), entry by entry."""
    return np.maximum(x, 0)


def larger(a, b):
    """The larger of two numbers."""
    return max(a, b)


def network(W, z):
    """h <- relu(A h) for every layer A of W (L, d, d), from z (d,).    ->  (L, d)"""
    layers = []
    h = z
    for A in W:
        h = relu(A @ h)
        layers.append(h)
    return np.array(layers)


def interpolant(knots, values):
    """The weights of one hidden layer with ReLU that passes through the points, straight between them.

    f(x) = values[0] + sum over j of c_j relu(x - knots_j), c_j what the slope changes by at knot j.
    knots (m + 1,) increasing, values (m + 1,)  ->  a function of arrays
    """
    slopes = np.diff(values) / np.diff(knots)
    changes = np.diff(slopes, prepend=0.0)
    return lambda x: values[0] + relu(np.asarray(x)[..., None] - knots[:-1]) @ changes


def line(r, s, f_a, f_b):
    """The line from f_a to f_b, at the part s of the way, r = 1 - s left."""
    return r * f_a + s * f_b
