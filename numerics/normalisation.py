"""Normalisation layers by hand: batch, layer, group and RMS norm, and their backward passes in compact form.

All share one core: rows of numbers are centred and divided by their size, and the derivative H by the result comes back
as H less its mean, less its part along the result, divided by that same size. A layer only says which numbers make up a
row. Variances are biased (divided by the count), as in training; eps > 0 keeps the division safe.
Source: Ioffe and Szegedy (2015); Ba, Kiros and Hinton (2016); Wu and He (2018); Zhang and Sennrich (2019).
"""

import numpy as np


def normalise(X, eps, axis):
    """(X - mean) / sqrt(variance + eps) along some axes, and the root itself, ready to broadcast."""
    centred = X - X.mean(axis=axis, keepdims=True)
    size = np.sqrt((centred**2).mean(axis=axis, keepdims=True) + eps)
    return centred / size, size


def denormalise(H, Z, size, axis):
    """The derivative by X, from H by the normalised Z: (H - mean(H) - Z mean(H Z)) / size."""
    along = Z * (H * Z).mean(axis=axis, keepdims=True)
    return (H - H.mean(axis=axis, keepdims=True) - along) / size


def batch_norm(X, gamma, beta, eps):
    """gamma Z + beta, each feature normalised over the batch.    X (N, d), gamma, beta (d,)  ->  (N, d)"""
    return gamma * normalise(X, eps, 0)[0] + beta


def batch_norm_by_input(X, gamma, eps, G):
    """G (N, d), the derivative by the output  ->  (N, d)"""
    Z, size = normalise(X, eps, 0)
    return denormalise(gamma * G, Z, size, 0)


def batch_norm_by_scale(X, eps, G):
    """sum over the batch of G Z.    ->  (d,)"""
    return (G * normalise(X, eps, 0)[0]).sum(axis=0)


def layer_norm(X, gamma, beta, eps):
    """gamma Z + beta, each example normalised over its features.    X (N, d), gamma, beta (d,)  ->  (N, d)"""
    return gamma * normalise(X, eps, 1)[0] + beta


def layer_norm_by_input(X, gamma, eps, G):
    """G (N, d), the derivative by the output  ->  (N, d)"""
    Z, size = normalise(X, eps, 1)
    return denormalise(gamma * G, Z, size, 1)


def layer_norm_by_scale(X, eps, G):
    """sum over the batch of G Z.    ->  (d,)"""
    return (G * normalise(X, eps, 1)[0]).sum(axis=0)


def by_shift(G):
    """sum over the batch of G: the shift of batch, layer norm.    G (N, d)  ->  (d,)"""
    return G.sum(axis=0)


def group_norm(X, gamma, beta, eps):
    """Each group of channels of an example is normalised over its channels and places.

    X (N, k, c, s): k groups of c channels, s places; gamma, beta (k, c), one of each a channel  ->  (N, k, c, s)
    """
    return gamma[..., None] * normalise(X, eps, (2, 3))[0] + beta[..., None]


def group_norm_by_input(X, gamma, eps, G):
    """G (N, k, c, s), the derivative by the output  ->  (N, k, c, s)"""
    Z, size = normalise(X, eps, (2, 3))
    return denormalise(gamma[..., None] * G, Z, size, (2, 3))


def group_norm_by_scale(X, eps, G):
    """sum over batch and places of G Z.    ->  (k, c)"""
    return (G * normalise(X, eps, (2, 3))[0]).sum(axis=(0, 3))


def group_norm_by_shift(G):
    """sum over batch and places of G.    ->  (k, c)"""
    return G.sum(axis=(0, 3))


def rms_norm(X, gamma, eps):
    """gamma X / sqrt(mean of squares + eps), each example over its features.    X (N, d), gamma (d,)  ->  (N, d)"""
    return gamma * X / np.sqrt((X**2).mean(axis=1, keepdims=True) + eps)


def rms_norm_by_input(X, gamma, eps, G):
    """No mean was taken off, so none comes back.    G (N, d)  ->  (N, d)"""
    size = np.sqrt((X**2).mean(axis=1, keepdims=True) + eps)
    Z, H = X / size, gamma * G
    return (H - Z * (H * Z).mean(axis=1, keepdims=True)) / size


def rms_norm_by_scale(X, eps, G):
    """sum over the batch of G Z.    ->  (d,)"""
    return (G * X / np.sqrt((X**2).mean(axis=1, keepdims=True) + eps)).sum(axis=0)
