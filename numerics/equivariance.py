"""Layers of a set by hand, told the order of the rows as a list of their numbers.

Arrays: P (n, n) a permutation matrix, row i of which holds its 1 where the row stands that comes to place i; X (n, p)
the rows. Source: Zaheer et al., Deep sets (2017).
"""

import numpy as np

from numerics import attention


def order(P):
    """Which row comes to each place.    P (n, n)  ->  (n,) whole numbers"""
    return np.argmax(P, axis=1)


def permuted_attention(P, X, Wq, Wk, Wv):
    """The rows are put into their order first, and each asks all of them.    Wq, Wk (p, d), Wv (p, e)  ->  (n, e)"""
    rows = X[order(P)]
    return attention.attention(rows @ Wq, rows @ Wk, rows @ Wv)


def told_in_order(P, X, Wq, Wk, Wv, G):
    """What the rows are told if the output is told G[order], put in order after the fact.    G (n, e)  ->  (n, p)"""
    dQ, dK, dV = attention.backward(X @ Wq, X @ Wk, X @ Wv, G)
    return (dQ @ Wq.T + dK @ Wk.T + dV @ Wv.T)[order(P)]


def of_a_set(X, alone, together):
    """relu(x alone + mean of the rows together), for each row x.    alone, together (p, q)  ->  (n, q)"""
    return np.maximum(X @ alone + X.mean(axis=0) @ together, 0)
