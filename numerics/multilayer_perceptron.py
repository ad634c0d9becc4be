"""A multilayer perceptron by hand: the activities go up through the layers, the errors come down.

Arrays: X (N, d) one example a row; Ws (L, d, d) and bs (L, d), one layer each.
Source: Rumelhart, Hinton and Williams, Nature 323 (1986); Bishop, PRML, sec. 5.3.
"""

import numpy as np


def forward(X, Ws, bs):
    """The activities of every layer, H_l = tanh(H_(l-1) W_l' + b_l).    ->  (L, N, d)"""
    activities = []
    H = X
    for W, b in zip(Ws, bs, strict=True):
        H = np.tanh(H @ W.T + b)
        activities.append(H)
    return np.array(activities)


def errors(X, Ws, bs, g):
    """The derivative by H W' + b of every layer, from that by the last activities, g (N, d).    ->  (L, N, d)"""
    H = forward(X, Ws, bs)
    found = np.zeros_like(H)
    carried = g
    for l in reversed(range(len(Ws))):
        found[l] = carried * (1 - H[l] ** 2)
        carried = found[l] @ Ws[l]
    return found


def by_weights(X, Ws, bs, g):
    """Delta_l' H_(l-1) for every layer.    ->  (L, d, d)"""
    below = np.concatenate([X[None], forward(X, Ws, bs)[:-1]])
    return np.swapaxes(errors(X, Ws, bs, g), 1, 2) @ below


def by_biases(X, Ws, bs, g):
    """Delta_l, added up over the examples.    ->  (L, d)"""
    return errors(X, Ws, bs, g).sum(axis=1)


def by_input(X, Ws, bs, g):
    """What the first layer hands back.    ->  (N, d)"""
    return errors(X, Ws, bs, g)[0] @ Ws[0]


def output(X, Ws, bs):
    """The activities of the last layer.    ->  (N, d)"""
    return forward(X, Ws, bs)[-1]
