"""The nuclear norm of a matrix, the sum of its singular values, and its gradient."""

import numpy as np


def nuclear_norm(X):
    """sum_i s_i.    X (n, p)  ->  ()"""
    return np.sum(np.linalg.svd(X, compute_uv=False))


def gradient(X):
    """U V' where X = U diag(s) V'.    X (n, p) of full column rank, p <= n  ->  (n, p)

    Domain: at smaller rank the norm has no gradient, and what comes out is one of its subgradients.
    """
    U, _, Vt = np.linalg.svd(X, full_matrices=False)
    return U @ Vt
