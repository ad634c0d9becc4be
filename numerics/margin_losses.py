"""Contrastive and triplet losses with a margin by hand, each with its gradients. All are means over N rows.

Source: Hadsell, Chopra and LeCun (2006), eq. 4; Schroff, Kalenichenko and Philbin, FaceNet (2015), eq. 3.
"""

import numpy as np


def triplet(A, P, R, m):
    """mean of max(m + |a - p|^2 - |a - r|^2, 0).    anchors A, positives P, negatives R (N, d), m > 0"""
    return np.mean(np.maximum(gaps(A, P, R, m), 0))


def gaps(A, P, R, m):
    """By how much each triplet misses its margin.    ->  (N,)"""
    return m + np.sum((A - P) ** 2, axis=1) - np.sum((A - R) ** 2, axis=1)


def triplet_by_anchor(A, P, R, m):
    """2 (r - p) / N for each triplet that misses its margin, else 0.    ->  (N, d)"""
    return 2 * (gaps(A, P, R, m) > 0)[:, None] * (R - P) / len(A)


def triplet_by_positive(A, P, R, m):
    """2 (p - a) / N there.    ->  (N, d)"""
    return 2 * (gaps(A, P, R, m) > 0)[:, None] * (P - A) / len(A)


def triplet_by_negative(A, P, R, m):
    """2 (a - r) / N there.    ->  (N, d)"""
    return 2 * (gaps(A, P, R, m) > 0)[:, None] * (A - R) / len(A)


def contrastive(A, B, y, m):
    """mean of D^2 / 2 for pairs that belong together, max(m - D, 0)^2 / 2 for others, D = |a - b|.

    A, B (N, d), no two rows equal; y (N,) of 0 and 1, 1 where they belong together; m > 0
    """
    D = np.sqrt(np.sum((A - B) ** 2, axis=1))
    return np.mean(y * D**2 + (1 - y) * np.maximum(m - D, 0) ** 2) / 2


def contrastive_by_first(A, B, y, m):
    """(y - (1 - y) max(m - D, 0) / D) (a - b) / N.    ->  (N, d)"""
    D = np.sqrt(np.sum((A - B) ** 2, axis=1))
    return (y - (1 - y) * np.maximum(m - D, 0) / D)[:, None] * (A - B) / len(A)
