"""Learning from oneself by hand: SimSiam's and BYOL's cosine, DINO's cross-entropy. The target is held fixed.

Source: Grill et al., BYOL, NeurIPS (2020); Chen and He, SimSiam, CVPR (2021); Caron et al., DINO, ICCV (2021).
"""

import numpy as np


def unit_rows(U):
    """Each row over its length.    U (N, d), no row 0  ->  (N, d)"""
    return U / np.sqrt(np.sum(U**2, axis=1, keepdims=True))


def cosine_loss(P, Z):
    """-mean of the cosines between rows of P, the predictions, and Z, the targets.    P, Z (N, d), no row 0"""
    return -np.sum(unit_rows(P) * unit_rows(Z)) / len(P)


def cosine_by_prediction(P, Z):
    """-(z - p (p'z)) / |P| N, with unit p and z; the target gets nothing.    ->  (N, d)"""
    p, z = unit_rows(P), unit_rows(Z)
    along = p * np.sum(p * z, axis=1, keepdims=True)
    return -(z - along) / (np.sqrt(np.sum(P**2, axis=1, keepdims=True)) * len(P))


def softmax(S):
    """exp(s) / sum exp(s) in every row.    S (N, k)"""
    e = np.exp(S - S.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def dino(S, V, c, t, u):
    """-mean of sum q log p: p = softmax(S / t), the student's, q = softmax((V - c) / u), the teacher's.

    S, V (N, k), c (k,) the teacher's running mean, t, u > 0
    """
    top = S / t - np.max(S / t, axis=1, keepdims=True)
    log_p = top - np.log(np.exp(top).sum(axis=1, keepdims=True))
    return -np.sum(softmax((V - c) / u) * log_p) / len(S)


def dino_by_student(S, V, c, t, u):
    """(p - q) / t N.    ->  (N, k)"""
    return (softmax(S / t) - softmax((V - c) / u)) / (t * len(S))


def linear_step(W, H, X, Y):
    """The gradient by W of |X W'H' - Y W'|^2 / 2N with the target Y W' held fixed.

    W (d, p) the encoder, H (d, d) the predictor, X, Y (N, p) two views  ->  (d, p)
    """
    return H.T @ (X @ W.T @ H.T - Y @ W.T).T @ X / len(X)
