"""The spectral contrastive loss by hand, and its minimiser from the eigenvectors of the normalised graph of views.

A (n, n), symmetric, says how often views i and j come from one image; its entries are positive and add up to 1.
Source: HaoChen, Wei, Gaidon and Ma, NeurIPS (2021), lemma 3.2.
"""

import numpy as np


def loss(A, F):
    """-2 sum a_ij f_i'f_j + sum w_i w_j (f_i'f_j)^2, w the row sums of A.    F (n, k), one view a row  ->  ()"""
    w = A.sum(axis=1)
    S = F @ F.T
    return -2 * np.sum(A * S) + np.sum(np.outer(w, w) * S**2)


def gradient(A, F):
    """4 (w_i w_j S_ij) F - 4 A F.    ->  (n, k)"""
    w = A.sum(axis=1)
    return 4 * (np.outer(w, w) * (F @ F.T)) @ F - 4 * A @ F


def normalised(A):
    """a_ij / sqrt(w_i w_j).    ->  (n, n)"""
    w = A.sum(axis=1)
    return A / np.sqrt(np.outer(w, w))


def minimiser(A, k):
    """The F with the lowest loss: the k leading eigenvectors of the normalised A, scaled.    ->  (n, k)

    Domain: the k largest eigenvalues are not negative.
    """
    values, vectors = np.linalg.eigh(normalised(A))
    top = np.argsort(values)[::-1][:k]
    return vectors[:, top] * np.sqrt(values[top]) / np.sqrt(A.sum(axis=1))[:, None]
