"""Whole networks by hand: forwards layer by layer, backwards the last layer first.

Arrays: x (N, C, T) signals; w (O, C, K), b (O,) a convolution with padding 1; V (O, A, M), c (M,) a dense layer; Y
(N, M) one-hot classes. wide (L, C), deep (L, K), narrow (C, L) an inverted residual; g (N, C, T) the derivative by
its output. Source: LeCun et al. (1998); Sandler et al., MobileNetV2 (2018); Dosovitskiy et al. (2021).
"""

import numpy as np

from numerics import convolution


# --- a convolutional network --------------------------------------------------------------------------
def pairs(x, A):
    """x[n, c, 2 t] and x[n, c, 2 t + 1], 0 outside.    ->  (N, C, A, 2)"""
    N, C, T = x.shape
    around = np.pad(x, [(0, 0), (0, 0), (0, max(0, 2 * A - T))])
    return around[:, :, : 2 * A].reshape(N, C, A, 2)


def forward(x, w, b, V, c):
    """What each layer made: before ReLU, after pooling, the scores.    ->  (N, O, T), (N, O, A), (N, M)"""
    seen = convolution.forward(x, w, b, x.shape[2], 1, 1)
    pooled = pairs(np.maximum(seen, 0), V.shape[1]).max(axis=3)
    return seen, pooled, np.tensordot(pooled, V, 2) + c


def loss(x, w, b, V, c, Y):
    """The cross-entropy of the classes."""
    Z = forward(x, w, b, V, c)[2]
    top = Z.max(axis=1, keepdims=True)
    return np.sum(top[:, 0] + np.log(np.exp(Z - top).sum(axis=1))) - np.sum(Y * Z)


def loss_backward(x, w, b, V, c, Y):
    """What w, b, V and c are told, in this order."""
    seen, pooled, Z = forward(x, w, b, V, c)
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    surprise = E / E.sum(axis=1, keepdims=True) - Y
    told = np.tensordot(surprise, V, (1, 2))
    N, O, A = told.shape
    T = x.shape[2]
    winner = pairs(np.maximum(seen, 0), A).argmax(axis=3)
    laid = np.zeros((N, O, max(2 * A, T)))
    for k in range(2):
        laid[:, :, k : 2 * A : 2] += np.where(winner == k, told, 0)
    back = np.where(seen > 0, laid[:, :, :T], 0)
    dense = np.tensordot(pooled, surprise, (0, 0))
    return convolution.by_weights(x, w, back, 1, 1), back.sum(axis=(0, 2)), dense, surprise.sum(axis=0)


def loss_by_kernel(x, w, b, V, c, Y):
    """->  (O, C, K)"""
    return loss_backward(x, w, b, V, c, Y)[0]


def loss_by_dense_weights(x, w, b, V, c, Y):
    """->  (O, A, M)"""
    return loss_backward(x, w, b, V, c, Y)[2]


# --- an inverted residual -----------------------------------------------------------------------------
def capped(x):
    """min(max(x, 0), 6)"""
    return np.minimum(np.maximum(x, 0), 6)


def around(x, k, K):
    """x[n, c, t + k - 1], 0 outside.    ->  (N, C, T)"""
    T = x.shape[2]
    return np.pad(x, [(0, 0), (0, 0), (1, K)])[:, :, k : k + T]


def inside(x, wide, deep):
    """What is widened, and what looked around.    ->  (N, L, T) each"""
    K = deep.shape[1]
    opened = wide @ x
    passed = sum(deep[:, k, None] * around(capped(opened), k, K) for k in range(K))
    return opened, passed


def inverted(x, wide, deep, narrow):
    """x + narrow min(max(depthwise(min(max(wide x, 0), 6)), 0), 6).    ->  (N, C, T)"""
    return x + narrow @ capped(inside(x, wide, deep)[1])


def inverted_backward(x, wide, deep, narrow, g):
    """What x and wide are told."""
    K, T = deep.shape[1], x.shape[2]
    opened, passed = inside(x, wide, deep)
    closing = np.where((passed > 0) & (passed <= 6), narrow.T @ g, 0)
    laid = np.zeros((*closing.shape[:2], T + K + 1))
    for k in range(K):
        laid[:, :, k : k + T] += deep[:, k, None] * closing
    opening = np.where((opened > 0) & (opened <= 6), laid[:, :, 1 : 1 + T], 0)
    return g + wide.T @ opening, (opening @ x.transpose(0, 2, 1)).sum(axis=0)


def inverted_by_input(x, wide, deep, narrow, g):
    """->  (N, C, T)"""
    return inverted_backward(x, wide, deep, narrow, g)[0]


def inverted_by_wide(x, wide, deep, narrow, g):
    """->  (L, C)"""
    return inverted_backward(x, wide, deep, narrow, g)[1]


# --- patches ------------------------------------------------------------------------------------------
def cut(image, J):
    """Patches of J places.    image (C, J B)  ->  (B, C, J)"""
    return image.reshape(len(image), -1, J).transpose(1, 0, 2)


def embedded(image, patch, place):
    """Each patch as a row, and the mark of its place.    patch (d, C, J), place (B, d)  ->  (B, d)"""
    return place + np.tensordot(cut(image, patch.shape[2]), patch, ((1, 2), (1, 2)))


def embedded_by_patch(image, patch, h):
    """h (B, d)  ->  (d, C, J)"""
    return np.tensordot(h, cut(image, patch.shape[2]), (0, 0))
