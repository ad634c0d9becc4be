"""A recurrent network by hand: the state is carried forwards, the error backwards, one step of time after the other.

Arrays: X (T, p) what is read, one time a row; W (d, d), U (d, p), b (d,); s (d,) the state before the first step.
Source: Goodfellow, Bengio and Courville, Deep Learning (2016), sec. 10.2.2.
"""

import numpy as np


def forward(W, U, b, s, X):
    """h_t = tanh(W h_(t-1) + U x_t + b) for every t.    ->  (T, d)"""
    states = []
    h = s
    for x in X:
        h = np.tanh(W @ h + U @ x + b)
        states.append(h)
    return np.array(states)


def errors(W, U, b, s, X, G):
    """The derivative by W h + U x + b at every t, from that by h_t, G (T, d).    ->  (T, d)"""
    H = forward(W, U, b, s, X)
    found = np.zeros_like(H)
    carried = np.zeros_like(s)
    for t in reversed(range(len(X))):
        found[t] = (G[t] + carried) * (1 - H[t] ** 2)
        carried = W.T @ found[t]
    return found


def states_before(W, U, b, s, X):
    """h_(t-1) for every t, the start first.    ->  (T, d)"""
    return np.vstack([s, forward(W, U, b, s, X)[:-1]])


def by_recurrent_weights(W, U, b, s, X, G):
    """sum over t of delta_t h_(t-1)'.    G (T, d) the derivative by the states  ->  (d, d)"""
    return errors(W, U, b, s, X, G).T @ states_before(W, U, b, s, X)


def by_input_weights(W, U, b, s, X, G):
    """sum over t of delta_t x_t'.    ->  (d, p)"""
    return errors(W, U, b, s, X, G).T @ X


def by_bias(W, U, b, s, X, G):
    """sum over t of delta_t.    ->  (d,)"""
    return errors(W, U, b, s, X, G).sum(axis=0)


def by_input(W, U, b, s, X, G):
    """U' delta_t for every t.    ->  (T, p)"""
    return errors(W, U, b, s, X, G) @ U


def by_start(W, U, b, s, X, G):
    """W' delta_1: what the first step carries back.    ->  (d,)"""
    return W.T @ errors(W, U, b, s, X, G)[0]
