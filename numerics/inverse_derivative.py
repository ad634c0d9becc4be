"""How an inverse changes with its matrix."""

import numpy as np


def differential(X, dX):
    """-X^-1 dX X^-1, with no inverse formed.    X (n, n), invertible, else LinAlgError; dX (n, n)  ->  (n, n)"""
    right = np.linalg.solve(X.T, dX.T).T
    return -np.linalg.solve(X, right)


def jacobian(X):
    """Entry i, j, k, l is -(X^-1)_ik (X^-1)_lj.    X (n, n), invertible, else LinAlgError  ->  (n, n, n, n)"""
    inverse = np.linalg.inv(X)
    return -np.einsum("ik,lj->ijkl", inverse, inverse)


def trace_of_inverse(A, X):
    """tr(A X^-1).    A (n, n), X (n, n), invertible, else LinAlgError  ->  ()"""
    return np.trace(A @ np.linalg.inv(X))


def trace_gradient(A, X):
    """-(X^-1 A X^-1)'.    A (n, n), X (n, n), invertible, else LinAlgError  ->  (n, n)"""
    return differential(X, A).T
