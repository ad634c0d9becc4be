"""A chain of L layers h_l = tanh(W_l h_(l-1) + b_l): changes carried forwards, and errors carried back.

Arrays: x (d,) what goes in; W (L, d, d), B (L, d); G (L, d) the derivative of some result by each layer, of its own.
Source: Griewank and Walther, Evaluating Derivatives (2nd ed., 2008), sec. 3.2.
"""

import numpy as np


def forward(W, B, x):
    """Every layer.    ->  (L, d)"""
    states = []
    h = x
    for A, b in zip(W, B, strict=True):
        h = np.tanh(A @ h + b)
        states.append(h)
    return np.array(states)


def tangents(W, B, x, v):
    """How every layer changes with x along v (d,).    ->  (L, d)"""
    found = []
    u = v
    for A, h in zip(W, forward(W, B, x), strict=True):
        u = (1 - h**2) * (A @ u)
        found.append(u)
    return np.array(found)


def errors(W, B, x, G):
    """The derivative by W_l h_(l-1) + b_l at every layer.    ->  (L, d)"""
    H = forward(W, B, x)
    found = np.zeros_like(H)
    carried = np.zeros_like(x)
    for l in reversed(range(len(W))):
        found[l] = (G[l] + carried) * (1 - H[l] ** 2)
        carried = W[l].T @ found[l]
    return found


def by_input(W, B, x, G):
    """W_1'delta_1.    ->  (d,)"""
    return W[0].T @ errors(W, B, x, G)[0]


def by_weights(W, B, x, G):
    """delta_l h_(l-1)' for every layer.    ->  (L, d, d)"""
    inputs = np.vstack([x, forward(W, B, x)[:-1]])
    return errors(W, B, x, G)[:, :, None] * inputs[:, None, :]
