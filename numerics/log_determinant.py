"""The log-determinant and its gradients."""

import numpy as np
from scipy.linalg import cho_factor, cho_solve


def value(X):
    """log |det X|.    X (n, n), invertible  ->  ()"""
    return np.linalg.slogdet(X)[1]


def gradient(X):
    """X^-T.    X (n, n), invertible, else LinAlgError  ->  (n, n)"""
    return np.linalg.inv(X).T


def determinant_gradient(X):
    """det(X) X^-T, the cofactors.    X (n, n), invertible, else LinAlgError  ->  (n, n)"""
    return np.linalg.det(X) * np.linalg.inv(X).T


def symmetric_gradient(S):
    """S^-1, the gradient among symmetric matrices.    S (n, n), positive definite, else LinAlgError  ->  (n, n)"""
    return cho_solve(cho_factor(S), np.eye(S.shape[0]))


def gradient_by_entries(S):
    """2 S^-1 - diag(S^-1): entry i, j is the derivative by the number in the places i, j and j, i.

    S (n, n), positive definite, else LinAlgError  ->  (n, n)
    """
    inverse = symmetric_gradient(S)
    return 2 * inverse - np.diag(np.diag(inverse))
