"""Contrastive losses by hand: InfoNCE, NT-Xent and CLIP, with their gradients.

The score of a pair is the inner product of two unit vectors over a temperature. Row i of the first array belongs to
row i of the second; every other pair is a negative.
Source: van den Oord, Li and Vinyals (2018); Chen et al., SimCLR, ICML (2020); Radford et al., CLIP, ICML (2021).
"""

import numpy as np


def softmax(S, axis=1):
    """exp(s) / sum exp(s) along an axis, the largest entry taken off first."""
    e = np.exp(S - S.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def log_normaliser(S, axis=1):
    """log sum exp(s) along an axis, with no overflow."""
    top = S.max(axis=axis)
    return top + np.log(np.exp(S - np.expand_dims(top, axis)).sum(axis=axis))


def info_nce(S):
    """mean over rows of log sum_j exp(s_ij) - s_ii.    S (n, n)"""
    return np.mean(log_normaliser(S) - np.diag(S))


def info_nce_by_scores(S):
    """(P - I) / n.    S (n, n)  ->  (n, n)"""
    n = len(S)
    return (softmax(S) - np.eye(n)) / n


def unit_rows(U):
    """Each row over its length.    U (n, d), no row 0  ->  (n, d)"""
    return U / np.sqrt(np.sum(U**2, axis=1, keepdims=True))


def unit_rows_backward(U, G):
    """(G - z (z'g)) / |u| in every row: what points along z is taken out.    U, G (n, d)  ->  (n, d)"""
    Z = unit_rows(U)
    return (G - Z * np.sum(G * Z, axis=1, keepdims=True)) / np.sqrt(np.sum(U**2, axis=1, keepdims=True))


def off_diagonal_exp(S):
    """exp(s) off the diagonal, 0 on it."""
    return np.exp(S) * (1 - np.eye(len(S)))


def nt_xent(A, B, t):
    """SimCLR's loss of two views: mean over all 2n of log of the sum over the 2n - 1 others, less the pair's score.

    A, B (n, d) of unit rows, t > 0 the temperature.
    """
    across = A @ B.T / t
    from_a = np.log(np.exp(across).sum(axis=1) + off_diagonal_exp(A @ A.T / t).sum(axis=1))
    from_b = np.log(np.exp(across).sum(axis=0) + off_diagonal_exp(B @ B.T / t).sum(axis=1))
    return (from_a.sum() + from_b.sum() - 2 * np.sum(A * B) / t) / (2 * len(A))


def nt_xent_by_view(A, B, t):
    """The gradient by the unit rows A: each view attracts its partner and is repelled by who it resembles.    (n, d)"""
    n = len(A)
    across, own, other = np.exp(A @ B.T / t), off_diagonal_exp(A @ A.T / t), off_diagonal_exp(B @ B.T / t)
    from_a = across.sum(axis=1, keepdims=True) + own.sum(axis=1, keepdims=True)
    from_b = across.T.sum(axis=1, keepdims=True) + other.sum(axis=1, keepdims=True)
    P, O, Q = across / from_a, own / from_a, across.T / from_b
    return ((P + Q.T - 2 * np.eye(n)) @ B + (O + O.T) @ A) / (2 * n * t)


def clip(A, B, s):
    """The mean of the cross-entropies of rows and of columns of e^s A B'.    A, B (n, d), s a number"""
    S = np.exp(s) * (A @ B.T)
    return np.mean(log_normaliser(S, 1) + log_normaliser(S, 0) - 2 * np.diag(S)) / 2


def clip_residual(A, B, s):
    """(P + Q - 2 I) / 2n, P the softmax of rows, Q of columns: the gradient by the scores.    ->  (n, n)"""
    S = np.exp(s) * (A @ B.T)
    n = len(S)
    return (softmax(S, 1) + softmax(S, 0) - 2 * np.eye(n)) / (2 * n)


def clip_by_images(A, B, s):
    """e^s R B, R the residual.    ->  (n, d)"""
    return np.exp(s) * clip_residual(A, B, s) @ B


def clip_by_texts(A, B, s):
    """e^s R'A.    ->  (n, d)"""
    return np.exp(s) * clip_residual(A, B, s).T @ A


def clip_by_scale(A, B, s):
    """sum R S, by the logarithm s of the scale."""
    return np.sum(clip_residual(A, B, s) * np.exp(s) * (A @ B.T))


def supervised(S, Y):
    """mean over rows of log sum exp(s) - sum y s.    S (n, m), Y (n, m) rows of sum 1, the share of each positive"""
    return np.mean(log_normaliser(S) - np.sum(Y * S, axis=1))


def supervised_by_scores(S, Y):
    """(P - Y) / n"""
    return (softmax(S) - Y) / len(S)
