"""A transformer block by hand: layer norm, causal heads, layer norm, a network of one hidden layer, and all of it back.

Arrays: X (T, p) a row for each place; gain, offset (p,); Wq, Wk, Wv (N, p, d), Wo (N, d, p) of N heads; W1 (p, m),
b1 (m,), W2 (m, p), b2 (p,); G (T, p) the derivative of some loss by the output; eps > 0.
Source: Xiong et al., On layer normalization in the transformer architecture (2020).
"""

import math

import numpy as np

from numerics import attention


# --- layers -----------------------------------------------------------------------------------------
def normalised(X, eps):
    """Each row less its mean, over r = the root of its variance + eps; and r.    ->  (T, p), (T, 1)"""
    away = X - X.mean(axis=1, keepdims=True)
    r = np.sqrt((away**2).mean(axis=1, keepdims=True) + eps)
    return away / r, r


def layer_norm(X, gain, offset, eps):
    """gain o normalised + offset.    ->  (T, p)"""
    return normalised(X, eps)[0] * gain + offset


def layer_norm_by_input(X, gain, G, eps):
    """What comes back, less its mean and its part along the normalised row, over r.    ->  (T, p)"""
    N, r = normalised(X, eps)
    told = G * gain
    return (told - told.mean(axis=1, keepdims=True) - N * (told * N).mean(axis=1, keepdims=True)) / r


def normal_cdf(X):
    """Phi(x), entry by entry."""
    return 0.5 * (1 + np.vectorize(math.erf, otypes=[float])(X / np.sqrt(2)))


def gelu(X):
    """x Phi(x), entry by entry."""
    return X * normal_cdf(X)


def gelu_slope(X):
    """Phi(x) + x phi(x)."""
    return normal_cdf(X) + X * np.exp(-(X**2) / 2) / np.sqrt(2 * np.pi)


# --- the two halves ---------------------------------------------------------------------------------
def talk(X, gain, offset, Wq, Wk, Wv, Wo, eps):
    """X + causal attention of its normalised copy.    ->  (T, p)"""
    M = layer_norm(X, gain, offset, eps)
    mask = attention.causal_mask(len(X))
    return X + ((attention.weights(M @ Wq, M @ Wk, mask) @ (M @ Wv)) @ Wo).sum(axis=0)


def talk_backward(X, gain, offset, Wq, Wk, Wv, Wo, eps, G):
    """What X, gain, offset, Wq, Wk, Wv, Wo are told, in this order."""
    M = layer_norm(X, gain, offset, eps)
    mask = attention.causal_mask(len(X))
    dM, dWq, dWk, dWv, dWo = attention.multi_head_backward(M, Wq, Wk, Wv, Wo, G, mask)
    dX = G + layer_norm_by_input(X, gain, dM, eps)
    return dX, (dM * normalised(X, eps)[0]).sum(axis=0), dM.sum(axis=0), dWq, dWk, dWv, dWo


def think(X, gain, offset, W1, b1, W2, b2, eps):
    """X + gelu(LN(X) W1 + b1) W2 + b2.    ->  (T, p)"""
    return X + gelu(layer_norm(X, gain, offset, eps) @ W1 + b1) @ W2 + b2


def think_backward(X, gain, offset, W1, b1, W2, eps, G):
    """What X, gain, offset, W1, b1, W2, b2 are told, in this order."""
    M = layer_norm(X, gain, offset, eps)
    A = M @ W1 + b1
    dA = (G @ W2.T) * gelu_slope(A)
    dM = dA @ W1.T
    dX = G + layer_norm_by_input(X, gain, dM, eps)
    dgain = (dM * normalised(X, eps)[0]).sum(axis=0)
    return dX, dgain, dM.sum(axis=0), M.T @ dA, dA.sum(axis=0), gelu(A).T @ G, G.sum(axis=0)


def think_by_input(X, gain, offset, W1, b1, W2, eps, G):
    """->  (T, p)"""
    return think_backward(X, gain, offset, W1, b1, W2, eps, G)[0]


# --- the block --------------------------------------------------------------------------------------
def block(X, gain1, offset1, Wq, Wk, Wv, Wo, gain2, offset2, W1, b1, W2, b2, eps):
    """One half after the other.    ->  (T, p)"""
    return think(talk(X, gain1, offset1, Wq, Wk, Wv, Wo, eps), gain2, offset2, W1, b1, W2, b2, eps)


def backward(X, gain1, offset1, Wq, Wk, Wv, Wo, gain2, offset2, W1, b1, W2, eps, G):
    """The gradient by X and every parameter: a dictionary by name."""
    Z = talk(X, gain1, offset1, Wq, Wk, Wv, Wo, eps)
    dZ, *later = think_backward(Z, gain2, offset2, W1, b1, W2, eps, G)
    first = talk_backward(X, gain1, offset1, Wq, Wk, Wv, Wo, eps, dZ)
    found = dict(zip(("X", "gain1", "offset1", "Wq", "Wk", "Wv", "Wo"), first, strict=True))
    return found | dict(zip(("gain2", "offset2", "W1", "b1", "W2", "b2"), later, strict=True))
