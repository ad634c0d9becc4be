"""Linear and quadratic forms, and how they change."""

import numpy as np


def linear(a, x):
    """a'x.    a (n,), x (n,)  ->  ()"""
    return a @ x


def linear_gradient(a, x):
    """a, whatever x.    a (n,), x (n,)  ->  (n,)"""
    return a


def quadratic(A, x):
    """x'A x.    A (n, n), x (n,)  ->  ()"""
    return x @ A @ x


def quadratic_gradient(A, x):
    """(A + A') x.    A (n, n), x (n,)  ->  (n,)"""
    return (A + A.T) @ x


def quadratic_hessian(A):
    """A + A'.    A (n, n)  ->  (n, n)"""
    return np.add(A, A.T)
