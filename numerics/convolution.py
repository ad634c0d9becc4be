"""Convolution by hand: windows of the input against the weights, and back by adding up where the windows lay.

Arrays: x (N, C, T) signals; w (O, C, K) weights; b (O,) bias; g (N, O, M) the derivative by the output.
Window t meets weight k at the place stride t + gap k - pad of the input; outside it reads 0.
Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016).
"""

import numpy as np


def output_length(T, K, stride=1, pad=0, gap=1):
    """How many windows fit: floor((T + 2 pad - gap (K - 1) - 1) / stride) + 1."""
    return (T + 2 * pad - gap * (K - 1) - 1) // stride + 1


def padded(x, K, M, stride, pad, gap):
    """x between zeros, long enough for M windows.    x (..., T)  ->  (..., pad + T + what is missing on the right)"""
    behind = max(0, stride * (M - 1) + gap * (K - 1) + 1 - pad - x.shape[-1])
    return np.pad(x, [(0, 0)] * (x.ndim - 1) + [(pad, behind)])


def forward(x, w, b, M, stride=1, pad=0, gap=1):
    """y[n, o, t] = b[o] + sum over c, k of w[o, c, k] x[n, c, stride t + gap k - pad].    ->  (N, O, M)"""
    K = w.shape[2]
    around = padded(x, K, M, stride, pad, gap)
    y = np.zeros((x.shape[0], w.shape[0], M)) + b[:, None]
    for k in range(K):
        seen = around[:, :, gap * k :: stride][:, :, :M]
        y = y + w[:, :, k] @ seen
    return y


def by_weights(x, w, g, stride=1, pad=0, gap=1):
    """sum over n, t of g[n, o, t] x[n, c, stride t + gap k - pad].    ->  (O, C, K)"""
    K, M = w.shape[2], g.shape[2]
    around = padded(x, K, M, stride, pad, gap)
    found = []
    for k in range(K):
        seen = around[:, :, gap * k :: stride][:, :, :M]
        found.append((g @ seen.transpose(0, 2, 1)).sum(axis=0))
    return np.stack(found, axis=2)


def by_input(x, w, g, stride=1, pad=0, gap=1):
    """Each error, through each weight, added where it was read.    ->  (N, C, T)"""
    T, K, M = x.shape[2], w.shape[2], g.shape[2]
    around = np.zeros_like(padded(x, K, M, stride, pad, gap))
    for k in range(K):
        last = gap * k + stride * (M - 1) + 1
        around[:, :, gap * k : last : stride] += w[:, :, k].T @ g
    return around[:, :, pad : pad + T]


def by_bias(g):
    """sum over n, t of g[n, o, t].    ->  (O,)"""
    return g.sum(axis=(0, 2))
