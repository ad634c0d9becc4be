"""How the eigenvalues and eigenvectors of a symmetric matrix change with it."""

import numpy as np


def eigenvalue_differential(v, dA):
    """v'dA v.    v (n,), an eigenvector of length 1 of a simple eigenvalue, dA (n, n), symmetric  ->  ()"""
    return v @ dA @ v


def eigenvector_differentials(V, lam, dA):
    """Row i is the sum over j other than i of (v_j'dA v_i) / (lam_i - lam_j) v_j.

    V (n, n), one eigenvector a row, lam (n,), dA (n, n), symmetric  ->  (n, n)
    Domain: the eigenvalues differ; where two are close, their vectors turn quickly.
    """
    gap = lam[:, None] - lam[None, :] + np.eye(lam.shape[0])
    seen = V @ dA @ V.T
    turn = (seen - np.diag(np.diag(seen))) / gap
    return turn @ V
