"""Fisher's criterion: the direction that separates classes best.

Source: Fisher, The use of multiple measurements in taxonomic problems (1936).
"""

import numpy as np
from scipy import linalg


def criterion(w, S, d):
    """(w'd)^2 / w'Sw.    w (p,) not zero, S (p, p) positive definite, d (p,)  ->  ()"""
    return (w @ d) ** 2 / (w @ S @ w)


def direction(S, d):
    """S^-1 d.    S (p, p) positive definite, d (p,)  ->  (p,)"""
    return np.linalg.solve(S, d)


def directions(S, B):
    """The generalised eigenvectors of B v = lam S v, the largest lam first.    ->  lam (p,), V (p, p) one a column"""
    lam, V = linalg.eigh(B, S)
    return lam[::-1], V[:, ::-1]
