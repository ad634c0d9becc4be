"""Moments of quadratic forms in a normal vector."""

import numpy as np


def two_forms(A, B, V):
    """E x'Ax x'Bx for x ~ N(0, V).    A, B (p, p) symmetric, V (p, p) positive semidefinite  ->  ()"""
    AV, BV = A @ V, B @ V
    return np.trace(AV) * np.trace(BV) + 2 * np.trace(AV @ BV)


def variance_of_a_form(m, A, V):
    """Var x'Ax for x ~ N(m, V).    m (p,), A (p, p) symmetric, V (p, p) positive semidefinite  ->  ()"""
    AV = A @ V
    return 2 * np.trace(AV @ AV) + 4 * m @ AV @ A @ m
