"""Attention by hand, and back.

Arrays: Q (T, d) questions, K (S, d) keys, V (S, e) values, an axis of heads in front where there are several; G the
derivative of some loss by the output, of its shape.
Source: Vaswani et al., Attention is all you need (2017).
"""

import numpy as np


def softmax(A):
    """exp(A) over the sum of each row, with no overflow."""
    E = np.exp(A - A.max(axis=-1, keepdims=True))
    return E / E.sum(axis=-1, keepdims=True)


def turned(A):
    """The last two axes exchanged."""
    return np.swapaxes(A, -1, -2)


def weights(Q, K, mask=None):
    """softmax(Q K' / sqrt(d)); where the mask is False the score is minus infinity.    ->  (..., T, S)"""
    A = Q @ turned(K) / np.sqrt(Q.shape[-1])
    return softmax(A if mask is None else np.where(mask, A, -np.inf))


def back_through_softmax(P, D):
    """P o (D - the mean of D under P), row by row: what the scores are told by weights that are told D."""
    return P * (D - np.sum(P * D, axis=-1, keepdims=True))


def backward(Q, K, V, G, mask=None):
    """What questions, keys and values are told.    ->  shapes of Q, K, V"""
    P = weights(Q, K, mask)
    Delta = back_through_softmax(P, G @ turned(V)) / np.sqrt(Q.shape[-1])
    return Delta @ K, turned(Delta) @ Q, turned(P) @ G


def attention(Q, K, V):
    """softmax(Q K' / sqrt(d)) V.    ->  (..., T, e)"""
    return weights(Q, K) @ V


def by_questions(Q, K, V, G):
    """->  (T, d)"""
    return backward(Q, K, V, G)[0]


def by_keys(Q, K, V, G):
    """->  (S, d)"""
    return backward(Q, K, V, G)[1]


def by_values(Q, K, G):
    """P'G.    ->  (S, e)"""
    return weights(Q, K).T @ G


# --- causal -----------------------------------------------------------------------------------------
def causal_mask(T):
    """True where place i may look, j <= i.    ->  (T, T)"""
    return np.tril(np.ones((T, T), dtype=bool))


def causal_attention(Q, K, V):
    """->  (T, e)"""
    return weights(Q, K, causal_mask(len(Q))) @ V


def causal_by_questions(Q, K, V, G):
    """->  (T, d)"""
    return backward(Q, K, V, G, causal_mask(len(Q)))[0]


def causal_by_keys(Q, K, V, G):
    """->  (T, d)"""
    return backward(Q, K, V, G, causal_mask(len(Q)))[1]


def causal_by_values(Q, K, G):
    """->  (T, e)"""
    return weights(Q, K, causal_mask(len(Q))).T @ G


# --- several heads ----------------------------------------------------------------------------------
def multi_head(X, Wq, Wk, Wv, Wo):
    """The sum over heads of attention(X Wq, X Wk, X Wv) Wo.

    X (T, p), Wq, Wk (N, p, d), Wv (N, p, e), Wo (N, e, p)  ->  (T, p)
    """
    return (attention(X @ Wq, X @ Wk, X @ Wv) @ Wo).sum(axis=0)


def multi_head_backward(X, Wq, Wk, Wv, Wo, G, mask=None):
    """What X, Wq, Wk, Wv and Wo are told by the output's G (T, p), in this order."""
    Q, K, V = X @ Wq, X @ Wk, X @ Wv
    dQ, dK, dV = backward(Q, K, V, G @ turned(Wo), mask)
    found = weights(Q, K, mask) @ V
    dX = (dQ @ turned(Wq) + dK @ turned(Wk) + dV @ turned(Wv)).sum(axis=0)
    return dX, X.T @ dQ, X.T @ dK, X.T @ dV, turned(found) @ G


def multi_head_by_input(X, Wq, Wk, Wv, Wo, G):
    """->  (T, p)"""
    return multi_head_backward(X, Wq, Wk, Wv, Wo, G)[0]


def multi_head_by_question_weights(X, Wq, Wk, Wv, Wo, G):
    """->  (N, p, d)"""
    return multi_head_backward(X, Wq, Wk, Wv, Wo, G)[1]


def multi_head_by_output_weights(X, Wq, Wk, Wv, Wo, G):
    """->  (N, e, p)"""
    return multi_head_backward(X, Wq, Wk, Wv, Wo, G)[4]


# --- positions --------------------------------------------------------------------------------------
def rotary(x, theta):
    """Each pair (x[t, k], x[t, c + k]) turned by the angle t theta[k].    x (T, 2 c), theta (c,)  ->  (T, 2 c)"""
    angle = np.arange(len(x))[:, None] * theta
    a, b = np.split(x, 2, axis=1)
    return np.hstack([a * np.cos(angle) - b * np.sin(angle), a * np.sin(angle) + b * np.cos(angle)])
