"""The complex step by hand: the imaginary part of f(x + i h), over h.

Source: Squire and Trapp, Using complex variables to estimate derivatives of real functions (1998).
"""

import numpy as np


def derivative(f, x, h=1e-100):
    """Im f(x + i h) / h, for f of complex numbers.    h may be tiny: nothing is subtracted"""
    return np.imag(f(x + 1j * h)) / h


def gradient(f, x, h=1e-100):
    """The derivatives of f by each entry of x (n,).    ->  (n,)"""
    return np.array([np.imag(f(x + 1j * h * e)) / h for e in np.eye(len(x))])


def times(p, q):
    """The product of two pairs, (a + i b)(c + i d).    ->  real and imaginary part"""
    (a, b), (c, d) = p, q
    return a * c - b * d, a * d + b * c


def of_a_cube(x, h):
    """Im (x + i h)^3 / h."""
    z = (x, h)
    return times(times(z, z), z)[1] / h


def of_a_polynomial(a, b, c, x, h):
    """Im f(x + i h) / h for f = a x^3 + b x^2 + c x + d."""
    z = (x, h)
    square = times(z, z)
    return (a * times(square, z)[1] + b * square[1] + c * h) / h
