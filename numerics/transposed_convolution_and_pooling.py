"""Transposed convolution and pooling by hand.

Arrays: x (N, C, T) signals; z (N, O, M) what a transposed convolution reads; w (O, C, K) weights; b (C,) bias.
Window t of size K begins at the place stride t - pad; outside the signal it reads 0.
Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016).
"""

import numpy as np


def reach(M, K, stride, gap=1):
    """How many places M windows of K weights cover."""
    return stride * (M - 1) + gap * (K - 1) + 1


def transposed(z, w, b, T, stride=1, pad=0, gap=1):
    """Entry t of z lays its multiple of the weights on the places stride t + gap k - pad; what meets is added.

    z (N, O, M), w (O, C, K), b (C,)  ->  (N, C, T)
    """
    (N, _, M), (_, C, K) = z.shape, w.shape
    laid = np.zeros((N, C, max(reach(M, K, stride, gap), pad + T)))
    for k in range(K):
        laid[:, :, gap * k : gap * k + stride * (M - 1) + 1 : stride] += w[:, :, k].T @ z
    return laid[:, :, pad : pad + T] + b[:, None]


def met(x, M, K, k, stride, pad, gap=1):
    """What weight k of each of M windows meets: x[..., stride t + gap k - pad], 0 outside.    ->  (N, C, M)"""
    behind = max(0, reach(M, K, stride, gap) - pad - x.shape[2])
    around = np.pad(x, [(0, 0), (0, 0), (pad, behind)])
    return around[:, :, gap * k :: stride][:, :, :M]


def by_input(w, g, M, stride=1, pad=0, gap=1):
    """The convolution of the error with the weights.    g (N, C, T)  ->  (N, O, M)"""
    K = w.shape[2]
    return sum(w[:, :, k] @ met(g, M, K, k, stride, pad, gap) for k in range(K))


def by_weights(z, w, g, stride=1, pad=0, gap=1):
    """sum over n, t of z[n, o, t] g[n, c, stride t + gap k - pad].    ->  (O, C, K)"""
    M, K = z.shape[2], w.shape[2]
    back = [(z @ met(g, M, K, k, stride, pad, gap).transpose(0, 2, 1)).sum(axis=0) for k in range(K)]
    return np.stack(back, axis=2)


# --- pooling ----------------------------------------------------------------------------------------
def average_pool(x, M, size, stride=1, pad=0):
    """The mean of each window.    x (N, C, T)  ->  (N, C, M)"""
    return sum(met(x, M, size, k, stride, pad) for k in range(size)) / size


def average_pool_by_input(x, g, size, stride=1, pad=0):
    """Each error shared out evenly among its window.    g (N, C, M)  ->  (N, C, T)"""
    N, C, M = g.shape
    T = x.shape[2]
    laid = np.zeros((N, C, max(reach(M, size, stride), pad + T)))
    for k in range(size):
        laid[:, :, k : k + stride * (M - 1) + 1 : stride] += g / size
    return laid[:, :, pad : pad + T]


def max_pool(x, M, size, stride=1):
    """The largest entry of each window.    x (N, C, T)  ->  (N, C, M)"""
    return np.stack([met(x, M, size, k, stride, 0) for k in range(size)], axis=3).max(axis=3)


def max_pool_by_input(x, g, size, stride=1):
    """Each error to the first of the largest entries of its window.    g (N, C, M)  ->  (N, C, T)"""
    N, C, M = g.shape
    T = x.shape[2]
    winner = np.stack([met(x, M, size, k, stride, 0) for k in range(size)], axis=3).argmax(axis=3)
    laid = np.zeros((N, C, max(reach(M, size, stride), T)))
    n, c, t = np.indices((N, C, M))
    np.add.at(laid, (n, c, stride * t + winner), g)
    return laid[:, :, :T]
