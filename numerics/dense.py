"""Dense layers by hand: what goes forwards, and what the derivative G by the output becomes on its way back.

Arrays hold one example a row. Each backward function returns the derivative of the loss by one input or parameter,
in the shape of what it is by.
Source: Goodfellow, Bengio and Courville, Deep Learning (2016), sec. 6.5; Srivastava et al., Dropout, JMLR 15 (2014);
Hu et al., LoRA, ICLR (2022).
"""

import numpy as np


def linear(X, W, b):
    """X W' + b.    X (N, p), W (q, p), b (q,)  ->  (N, q)"""
    return X @ W.T + b


def linear_by_input(W, G):
    """Each example's G goes back through the same weights: G W.    W (q, p), G (N, q)  ->  (N, p)"""
    return G @ W


def linear_by_weights(X, G):
    """sum over examples of g x': G'X.    X (N, p), G (N, q)  ->  (q, p)"""
    return G.T @ X


def linear_by_bias(G):
    """sum over examples of g.    G (N, q)  ->  (q,)"""
    return G.sum(axis=0)


def residual(X, W, b, V):
    """X + tanh(X W' + b) V'.    X (N, p), W (q, p), b (q,), V (p, q)  ->  (N, p)"""
    return X + np.tanh(X @ W.T + b) @ V.T


def residual_by_input(X, W, b, V, G):
    """G itself, and what comes back through the block.    G (N, p)  ->  (N, p)"""
    hidden = np.tanh(X @ W.T + b)
    return G + ((G @ V) * (1 - hidden**2)) @ W


def dropout(X, M, q):
    """M X / q, entry by entry.    X (N, p), M (N, p) of 0 and 1, q in (0, 1) the share that stays  ->  (N, p)"""
    return M * X / q


def dropout_by_input(M, q, G):
    """The same entries stay on the way back.    M, G (N, p)  ->  (N, p)"""
    return M * G / q


def embedding(S, E):
    """Row s_n of the table for each n.    S (N, m) one-hot rows, E (m, d)  ->  (N, d)

    The one 1 of each row of S says which row of the table is read; `embed` takes the numbers of the rows instead.
    """
    return S @ E


def embedding_by_table(S, G):
    """Each row of the table gets the sum of what its readers hand back.    S (N, m), G (N, d)  ->  (m, d)"""
    return S.T @ G


def embed(tokens, E):
    """E[tokens], the lookup itself.    tokens (N,) of integers, E (m, d)  ->  (N, d)"""
    return E[tokens]


def embed_by_table(tokens, m, G):
    """Adds G[n] to row tokens[n]; a row that is read twice gets both.    tokens (N,), G (N, d)  ->  (m, d)"""
    found = np.zeros((m, G.shape[1]), dtype=G.dtype)
    np.add.at(found, tokens, G)
    return found


def lora(X, W, A, B, s):
    """X (W + s B A)', without forming B A.    X (N, p), W (q, p), B (q, r), A (r, p)  ->  (N, q)"""
    return X @ W.T + s * ((X @ A.T) @ B.T)


def lora_by_down(X, B, s, G):
    """s B'G'X.    X (N, p), B (q, r), G (N, q)  ->  (r, p)"""
    return s * ((G @ B).T @ X)


def lora_by_up(X, A, s, G):
    """s G'X A'.    X (N, p), A (r, p), G (N, q)  ->  (q, r)"""
    return s * (G.T @ (X @ A.T))


def lora_by_input(W, A, B, s, G):
    """G (W + s B A).    G (N, q)  ->  (N, p)"""
    return G @ W + s * ((G @ B) @ A)
