"""Optimisers by hand: what is done with the gradients g_1, ..., g_T of a loss, one step after the other.

Each function is given the gradients as they come, G (T, d), and the start w (d,), and returns the weights after every
step, (T, d). `descend` runs a step on a function whose gradient it asks for itself.

Source: Polyak (1964); Nesterov (1983); Tieleman and Hinton (2012); Kingma and Ba (2015); Loshchilov and Hutter (2019).
"""

import numpy as np


def sgd(w, G, lr):
    """w <- w - lr g."""
    path = []
    for g in G:
        w = w - lr * g
        path.append(w)
    return np.array(path)


def velocities(G, mu):
    """v <- mu v + g, from 0.    ->  (T, d)"""
    v = np.zeros_like(G[0])
    found = []
    for g in G:
        v = mu * v + g
        found.append(v)
    return np.array(found)


def momentum(w, G, lr, mu):
    """v <- mu v + g,  w <- w - lr v."""
    path = []
    for v in velocities(G, mu):
        w = w - lr * v
        path.append(w)
    return np.array(path)


def nesterov(w, G, lr, mu):
    """v <- mu v - lr g,  w <- w + v, with g the gradient at w + mu v, where the velocity will have led."""
    v = np.zeros_like(w)
    path = []
    for g in G:
        v = mu * v - lr * g
        w = w + v
        path.append(w)
    return np.array(path)


def average(G, beta):
    """m <- beta m + (1 - beta) g, from 0: the mean of the gradients, the recent ones first.    ->  (T, d)"""
    m = np.zeros_like(G[0])
    found = []
    for g in G:
        m = beta * m + (1 - beta) * g
        found.append(m)
    return np.array(found)


def corrected(G, beta):
    """The average, divided by the sum 1 - beta^t of its weights, t = 1, 2, ....    ->  (T, d)"""
    t = np.arange(1, len(G) + 1)
    return average(G, beta) / (1 - beta**t)[:, None]


def rmsprop(w, G, lr, rho, eps):
    """w <- w - lr g / (sqrt(s) + eps), s the average of the squares."""
    return w - lr * np.cumsum(G / (np.sqrt(average(G**2, rho)) + eps), axis=0)


def adam(w, G, lr, beta1, beta2, eps):
    """w <- w - lr m / (sqrt(v) + eps), m and v the corrected averages of gradients and of their squares."""
    return w - lr * np.cumsum(corrected(G, beta1) / (np.sqrt(corrected(G**2, beta2)) + eps), axis=0)


def adamw(w, G, lr, beta1, beta2, eps, decay):
    """Adam, and at each step the weights shrink by lr decay: w <- (1 - lr decay) w - lr m / (sqrt(v) + eps)."""
    moves = corrected(G, beta1) / (np.sqrt(corrected(G**2, beta2)) + eps)
    path = []
    for move in moves:
        w = w - lr * decay * w - lr * move
        path.append(w)
    return np.array(path)


def clipped(g, c):
    """c g / max(|g|, c): no longer than c, and in the same direction.    c > 0"""
    return c * g / max(np.linalg.norm(g), c)


def descend(gradient, w, steps, lr, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.0):
    """Adam (with decay AdamW) on a function, from its gradient(w).    ->  the weights after the last step"""
    m, v = np.zeros_like(w), np.zeros_like(w)
    for t in range(1, steps + 1):
        g = gradient(w)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        move = (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
        w = w - lr * (move + decay * w)
    return w
