"""A ConvNeXt block by hand, and all of it back.

Arrays: x (N, C, T) signals; w (C, K), b (C,) a window for each channel, `pad` zeros on the left; gain, offset (C,) of
the layer norm over the channels of each place; W1 (M, C), b1 (M,), W2 (C, M), b2 (C,) the thinking; scale (C,); D, G
the derivative of some loss by what comes out; eps > 0. Source: Liu et al., A ConvNet for the 2020s (2022).
"""

import numpy as np

from numerics import normalisation
from numerics.transformer_block import gelu, gelu_slope

ACROSS = (0, 2)
"""Examples and places: where a channel's numbers are used."""


def around(x, k, K, pad):
    """x[n, c, t + k - pad], 0 outside.    ->  (N, C, T)"""
    return np.pad(x, [(0, 0), (0, 0), (pad, K)])[:, :, k : k + x.shape[2]]


def met(x, w, b, pad):
    """b[c] + sum over k of w[c, k] x[n, c, t + k - pad].    ->  (N, C, T)"""
    K = w.shape[1]
    return b[:, None] + sum(w[:, k, None] * around(x, k, K, pad) for k in range(K))


# --- seeing -------------------------------------------------------------------------------------------
def seen(x, w, b, gain, offset, eps, pad):
    """gain Z + offset, Z the normalised channels of each place of what the windows met.    ->  (N, C, T)"""
    return gain[:, None] * normalisation.normalise(met(x, w, b, pad), eps, 1)[0] + offset[:, None]


def seen_backward(x, w, b, gain, eps, pad, D):
    """What x, w, b, gain and offset are told, in this order."""
    K, T = w.shape[1], x.shape[2]
    Z, size = normalisation.normalise(met(x, w, b, pad), eps, 1)
    told = normalisation.denormalise(gain[:, None] * D, Z, size, 1)
    laid = np.zeros((*x.shape[:2], pad + T + K))
    for k in range(K):
        laid[:, :, k : k + T] += w[:, k, None] * told
    dw = np.stack([(told * around(x, k, K, pad)).sum(axis=ACROSS) for k in range(K)], axis=1)
    return laid[:, :, pad : pad + T], dw, told.sum(axis=ACROSS), (D * Z).sum(axis=ACROSS), D.sum(axis=ACROSS)


def seen_by_input(x, w, b, gain, eps, pad, D):
    """->  (N, C, T)"""
    return seen_backward(x, w, b, gain, eps, pad, D)[0]


def seen_by_window(x, w, b, gain, eps, pad, D):
    """->  (C, K)"""
    return seen_backward(x, w, b, gain, eps, pad, D)[1]


# --- thinking -----------------------------------------------------------------------------------------
def thought(S, W1, b1, W2, b2, scale):
    """scale (W2 gelu(W1 S + b1) + b2), at each place.    S (N, C, T)  ->  (N, C, T)"""
    return scale[:, None] * (W2 @ gelu(W1 @ S + b1[:, None]) + b2[:, None])


def thought_backward(S, W1, b1, W2, b2, scale, G):
    """What S, W1, b1, W2, b2 and scale are told, in this order."""
    a = W1 @ S + b1[:, None]
    bent = gelu(a)
    dout = scale[:, None] * G
    din = (W2.T @ dout) * gelu_slope(a)
    dW1 = np.tensordot(din, S, (ACROSS, ACROSS))
    dW2 = np.tensordot(dout, bent, (ACROSS, ACROSS))
    dscale = (G * (W2 @ bent + b2[:, None])).sum(axis=ACROSS)
    return W1.T @ din, dW1, din.sum(axis=ACROSS), dW2, dout.sum(axis=ACROSS), dscale


def thought_by_input(S, W1, b1, W2, b2, scale, G):
    """->  (N, C, T)"""
    return thought_backward(S, W1, b1, W2, b2, scale, G)[0]


def thought_by_in_weights(S, W1, b1, W2, b2, scale, G):
    """->  (M, C)"""
    return thought_backward(S, W1, b1, W2, b2, scale, G)[1]


# --- the block ----------------------------------------------------------------------------------------
def block(x, w, b, gain, offset, W1, b1, W2, b2, scale, eps, pad):
    """x + thought(seen(x)).    ->  (N, C, T)"""
    return x + thought(seen(x, w, b, gain, offset, eps, pad), W1, b1, W2, b2, scale)


def backward(x, w, b, gain, offset, W1, b1, W2, b2, scale, eps, pad, G):
    """The gradient by x and every parameter: a dictionary by name."""
    S = seen(x, w, b, gain, offset, eps, pad)
    dS, dW1, db1, dW2, db2, dscale = thought_backward(S, W1, b1, W2, b2, scale, G)
    dx, dw, db, dgain, doffset = seen_backward(x, w, b, gain, eps, pad, dS)
    told = {"x": G + dx, "w": dw, "b": db, "gain": dgain, "offset": doffset}
    return told | {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2, "scale": dscale}
