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


# --- groups -----------------------------------------------------------------------------------------
def grouped(x, w, b, M, stride=2, pad=1, gap=1):
    """A convolution for each group of channels.    x (N, J, C, T), w (J, R, C, K), b (J, R)  ->  (N, J, R, M)"""
    parts = [forward(x[:, j], w[j], b[j], M, stride, pad, gap) for j in range(len(w))]
    return np.stack(parts, axis=1)


def grouped_by_weights(x, w, g, stride=2, pad=1, gap=1):
    """g (N, J, R, M)  ->  (J, R, C, K)"""
    return np.stack([by_weights(x[:, j], w[j], g[:, j], stride, pad, gap) for j in range(len(w))])


def grouped_by_input(x, w, g, stride=2, pad=1, gap=1):
    """->  (N, J, C, T)"""
    return np.stack([by_input(x[:, j], w[j], g[:, j], stride, pad, gap) for j in range(len(w))], axis=1)


# --- images -----------------------------------------------------------------------------------------
def frame(x, K, height, width, stride, pad):
    """x between zeros on all four sides, large enough for height by width windows.    x (N, C, H, W)"""
    below, right = (max(0, stride * (m - 1) + K - pad - d) for m, d in zip((height, width), x.shape[2:], strict=True))
    return np.pad(x, [(0, 0), (0, 0), (pad, below), (pad, right)])


def corner(around, k, l, height, width, stride):
    """What weight (k, l) meets: one entry of each window.    ->  (N, C, height, width)"""
    return around[:, :, k::stride, l::stride][:, :, :height, :width]


def plane(x, w, b, height, width, stride=2, pad=1):
    """y[n, o, i, j] = b[o] + sum over c, k, l of w[o, c, k, l] x[n, c, stride i + k - pad, stride j + l - pad].

    x (N, C, H, W), w (O, C, K, K), b (O,)  ->  (N, O, height, width)
    """
    K = w.shape[2]
    around = frame(x, K, height, width, stride, pad)
    y = np.zeros((len(x), len(w), height, width)) + b[:, None, None]
    for k in range(K):
        for l in range(K):
            y = y + np.tensordot(w[:, :, k, l], corner(around, k, l, height, width, stride), (1, 1)).swapaxes(0, 1)
    return y


def plane_by_weights(x, w, g, stride=2, pad=1):
    """sum over n, i, j of g[n, o, i, j] x[n, c, stride i + k - pad, stride j + l - pad].    ->  (O, C, K, K)"""
    K, (height, width) = w.shape[2], g.shape[2:]
    around = frame(x, K, height, width, stride, pad)
    found = np.zeros_like(w)
    for k in range(K):
        for l in range(K):
            met = corner(around, k, l, height, width, stride)
            found[:, :, k, l] = np.tensordot(g, met, ((0, 2, 3), (0, 2, 3)))
    return found


def plane_by_input(x, w, g, stride=2, pad=1):
    """Each error, through each weight, added where it was read.    ->  (N, C, H, W)"""
    K, (height, width) = w.shape[2], g.shape[2:]
    H, W = x.shape[2:]
    around = np.zeros_like(frame(x, K, height, width, stride, pad))
    for k in range(K):
        for l in range(K):
            back = np.tensordot(g, w[:, :, k, l], (1, 0)).transpose(0, 3, 1, 2)
            corner(around, k, l, height, width, stride)[:] += back
    return around[:, :, pad : pad + H, pad : pad + W]
