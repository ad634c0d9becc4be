"""Activations by hand, and what each makes of the derivative G by its output.

Every function works entry by entry on arrays of any shape, but for softmax and log-softmax (along the last axis) and
maxout. None overflows. A backward function takes what the forward one took, and G in the shape of its output.
At a kink the slope is 0 from the left: relu'(0) = 0.
Source: Goodfellow, Bengio and Courville, Deep Learning (2016), sec. 6.3; Clevert et al. (2016); Hendrycks and Gimpel
(2016); Goodfellow et al., Maxout networks (2013).
"""

import numpy as np
from scipy.special import erf, expit


def sigmoid(X):
    """1 / (1 + e^-x)"""
    return expit(X)


def sigmoid_backward(X, G):
    """G s (1 - s), with 1 - s as sigmoid(-x), which does not round to 0."""
    return G * expit(X) * expit(-X)


def tanh(X):
    """tanh x"""
    return np.tanh(X)


def tanh_backward(X, G):
    """G (1 - t^2)"""
    return G * (1 - np.tanh(X) ** 2)


def relu(X):
    """max(x, 0)"""
    return np.maximum(X, 0)


def relu_backward(X, G):
    """G where x > 0, else 0."""
    return np.where(X > 0, G, 0)


def leaky_relu(X, a):
    """x where x > 0, else a x."""
    return np.where(X > 0, X, a * X)


def leaky_relu_backward(X, a, G):
    """G where x > 0, else a G."""
    return np.where(X > 0, G, a * G)


def elu(X, a):
    """x where x > 0, else a (e^x - 1)."""
    return np.where(X > 0, X, a * np.expm1(np.minimum(X, 0)))


def elu_backward(X, a, G):
    """G where x > 0, else a e^x G."""
    return np.where(X > 0, G, a * np.exp(np.minimum(X, 0)) * G)


def gelu(X):
    """x Phi(x), Phi the distribution function of the standard normal."""
    return X * (1 + erf(X / np.sqrt(2))) / 2


def gelu_backward(X, G):
    """G (Phi(x) + x phi(x))"""
    return G * ((1 + erf(X / np.sqrt(2))) / 2 + X * np.exp(-(X**2) / 2) / np.sqrt(2 * np.pi))


def gelu_tanh(X):
    """x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2"""
    return X * (1 + np.tanh(np.sqrt(2 / np.pi) * (X + 0.044715 * X**3))) / 2


def gelu_tanh_backward(X, G):
    """G ((1 + t) / 2 + x (1 - t^2) u' / 2), with t = tanh(u) and u the cubic above."""
    t = np.tanh(np.sqrt(2 / np.pi) * (X + 0.044715 * X**3))
    slope = np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * X**2)
    return G * ((1 + t) / 2 + X * (1 - t**2) * slope / 2)


def silu(X):
    """x sigmoid(x)"""
    return X * expit(X)


def silu_backward(X, G):
    """G s (1 + x (1 - s))"""
    return G * expit(X) * (1 + X * expit(-X))


def softplus(X):
    """log(1 + e^x)"""
    return np.logaddexp(0, X)


def softplus_backward(X, G):
    """G sigmoid(x)"""
    return G * expit(X)


def softmax(X):
    """exp(x) / sum exp(x) along the last axis; the largest entry is taken off first."""
    e = np.exp(X - X.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_backward(X, G):
    """P (G - sum P G): what a row's G has on average under its probabilities is taken off."""
    P = softmax(X)
    return P * (G - (P * G).sum(axis=-1, keepdims=True))


def log_softmax(X):
    """x - log sum exp(x) along the last axis."""
    shifted = X - X.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def log_softmax_backward(X, G):
    """G - P sum G"""
    return G - softmax(X) * G.sum(axis=-1, keepdims=True)


def maxout(Z):
    """The largest of the k pieces of each unit.    Z (N, d, k)  ->  (N, d)"""
    return Z.max(axis=2)


def maxout_backward(Z, G):
    """G goes to the piece that was the largest, the first at a tie.    Z (N, d, k), G (N, d)  ->  (N, d, k)"""
    found = np.zeros_like(Z)
    np.put_along_axis(found, Z.argmax(axis=2)[:, :, None], G[:, :, None], axis=2)
    return found
