"""A residual network's block by hand, and all of it back.

Arrays: x (N, C, T) signals; w (O, C, K) a convolution with padding 1 and no bias; gain, offset (O,) of the batch norm
behind it, over examples and places; D, G the derivative of some loss by what comes out; eps > 0. The second half has w
(C, O, K), gain, offset (C,). Source: He et al., Deep residual learning for image recognition (2016).
"""

import numpy as np

from numerics import convolution, normalisation

ACROSS = (0, 2)
"""Examples and places: what a channel's mean and variance are taken over."""


def looked(x, w):
    """A convolution with padding 1.    ->  (N, O, T)"""
    return convolution.forward(x, w, np.zeros(len(w)), x.shape[2], 1, 1)


def scaled(z, gain, offset):
    """gain z + offset, channel by channel.    ->  (N, O, T)"""
    return gain[:, None] * z + offset[:, None]


def norm_backward(z, size, gain, H):
    """What comes in, gain and offset are told, in this order."""
    told = normalisation.denormalise(gain[:, None] * H, z, size, ACROSS)
    return told, (H * z).sum(axis=ACROSS), H.sum(axis=ACROSS)


# --- the two halves -----------------------------------------------------------------------------------
def first_half(x, w, gain, offset, eps):
    """relu(norm(w * x)).    ->  (N, O, T)"""
    z, _ = normalisation.normalise(looked(x, w), eps, ACROSS)
    return np.maximum(scaled(z, gain, offset), 0)


def first_half_backward(x, w, gain, offset, eps, D):
    """What x, w, gain and offset are told, in this order."""
    z, size = normalisation.normalise(looked(x, w), eps, ACROSS)
    opened = np.where(scaled(z, gain, offset) > 0, D, 0)
    told, dgain, doffset = norm_backward(z, size, gain, opened)
    return convolution.by_input(x, w, told, 1, 1), convolution.by_weights(x, w, told, 1, 1), dgain, doffset


def first_half_by_input(x, w, gain, offset, eps, D):
    """->  (N, C, T)"""
    return first_half_backward(x, w, gain, offset, eps, D)[0]


def first_half_by_weights(x, w, gain, offset, eps, D):
    """->  (O, C, K)"""
    return first_half_backward(x, w, gain, offset, eps, D)[1]


def second_half(x, A, w, gain, offset, eps):
    """relu(x + norm(w * A)).    A (N, O, T)  ->  (N, C, T)"""
    z, _ = normalisation.normalise(looked(A, w), eps, ACROSS)
    return np.maximum(x + scaled(z, gain, offset), 0)


def second_half_backward(x, A, w, gain, offset, eps, G):
    """What x, A, w, gain and offset are told, in this order."""
    z, size = normalisation.normalise(looked(A, w), eps, ACROSS)
    H = np.where(x + scaled(z, gain, offset) > 0, G, 0)
    told, dgain, doffset = norm_backward(z, size, gain, H)
    return H, convolution.by_input(A, w, told, 1, 1), convolution.by_weights(A, w, told, 1, 1), dgain, doffset


# --- the block ----------------------------------------------------------------------------------------
def block(x, w1, gain1, offset1, w2, gain2, offset2, eps):
    """relu(x + norm2(w2 * relu(norm1(w1 * x)))).    ->  (N, C, T)"""
    return second_half(x, first_half(x, w1, gain1, offset1, eps), w2, gain2, offset2, eps)


def backward(x, w1, gain1, offset1, w2, gain2, offset2, eps, G):
    """The gradient by x and every parameter: a dictionary by name."""
    A = first_half(x, w1, gain1, offset1, eps)
    skip, D, dw2, dgain2, doffset2 = second_half_backward(x, A, w2, gain2, offset2, eps, G)
    dx, dw1, dgain1, doffset1 = first_half_backward(x, w1, gain1, offset1, eps, D)
    told = {"x": skip + dx, "w1": dw1, "gain1": dgain1, "offset1": doffset1}
    return told | {"w2": dw2, "gain2": dgain2, "offset2": doffset2}
