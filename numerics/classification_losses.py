"""Losses at the top of a network by hand, each with its gradient by the network's output.

All are means over the N examples of a batch.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), sec. 6.2.2; Huber (1964); Weston and Watkins (1999);
Szegedy et al. (2016); Hinton, Vinyals and Dean (2015); Lin et al. (2017).
"""

import numpy as np
from scipy.special import expit


def log_softmax(Z):
    """z - log sum exp(z) in every row, with no overflow.    Z (N, K)  ->  (N, K)"""
    shifted = Z - Z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def softmax(Z):
    """exp(z) / sum exp(z) in every row.    Z (N, K)  ->  (N, K)"""
    return np.exp(log_softmax(Z))


def squared(Z, Y):
    """sum (z - y)^2 / 2N.    Z, Y (N, K)"""
    return np.sum((Z - Y) ** 2) / (2 * len(Z))


def squared_by_output(Z, Y):
    """(Z - Y) / N"""
    return (Z - Y) / len(Z)


def huber(Z, Y, k):
    """sum of r^2 / 2 where |r| <= k, else k |r| - k^2 / 2, over N.    Z, Y (N, K), k > 0"""
    r = Z - Y
    far = np.abs(r) > k
    return np.sum(np.where(far, k * np.abs(r) - k**2 / 2, r**2 / 2)) / len(Z)


def huber_by_output(Z, Y, k):
    """The residual, cut off at k, over N."""
    return np.clip(Z - Y, -k, k) / len(Z)


def cross_entropy(Z, Y):
    """-sum y log softmax(z) / N.    Z (N, K), Y (N, K) one-hot rows, or rows that add up to 1"""
    return -np.sum(Y * log_softmax(Z)) / len(Z)


def cross_entropy_by_output(Z, Y):
    """(P - Y) / N"""
    return (softmax(Z) - Y) / len(Z)


def smoothed(Z, Y, a):
    """The cross-entropy with (1 - a) Y + a / K for Y.    a in (0, 1)"""
    return cross_entropy(Z, (1 - a) * Y + a / Z.shape[1])


def smoothed_by_output(Z, Y, a):
    """(P - (1 - a) Y - a / K) / N"""
    return (softmax(Z) - (1 - a) * Y - a / Z.shape[1]) / len(Z)


def tempered(Z, Y, t):
    """The cross-entropy of Z / t.    t > 0"""
    return cross_entropy(Z / t, Y)


def tempered_by_output(Z, Y, t):
    """(P - Y) / t N, P at the temperature t."""
    return (softmax(Z / t) - Y) / (t * len(Z))


def tempered_by_temperature(Z, Y, t):
    """-sum (P - Y) Z / t^2 N"""
    return -np.sum((softmax(Z / t) - Y) * Z) / (t**2 * len(Z))


def distilled(Z, V, t):
    """t^2 KL(softmax(V / t), softmax(Z / t)) / N: a student's Z, a teacher's V (N, K)."""
    teacher = log_softmax(V / t)
    return t**2 * np.sum(np.exp(teacher) * (teacher - log_softmax(Z / t))) / len(Z)


def distilled_by_output(Z, V, t):
    """t (P - Q) / N"""
    return t * (softmax(Z / t) - softmax(V / t)) / len(Z)


def binary_cross_entropy(z, y):
    """sum of log(1 + e^z) - y z, over N.    z (N,), y (N,) of 0 and 1"""
    return np.sum(np.logaddexp(0, z) - y * z) / len(z)


def binary_cross_entropy_by_output(z, y):
    """(sigmoid(z) - y) / N"""
    return (expit(z) - y) / len(z)


def hinge(z, y):
    """sum of max(1 - y z, 0), over N.    z (N,), y (N,) of -1 and 1"""
    return np.sum(np.maximum(1 - y * z, 0)) / len(z)


def hinge_by_output(z, y):
    """-y / N where the margin y z is below 1, else 0; 0 at the kink."""
    return np.where(y * z < 1, -y, 0) / len(z)


def squared_hinge(z, y):
    """sum of max(1 - y z, 0)^2, over N.    z (N,), y (N,) of -1 and 1"""
    return np.sum(np.maximum(1 - y * z, 0) ** 2) / len(z)


def squared_hinge_by_output(z, y):
    """-2 y max(1 - y z, 0) / N"""
    return -2 * y * np.maximum(1 - y * z, 0) / len(z)


def classes_hinge(Z, Y):
    """sum over wrong classes of max(1 + z_j - z_y, 0), over N.    Z (N, K), Y (N, K) one-hot rows"""
    margins = 1 + Z - np.sum(Y * Z, axis=1, keepdims=True)
    return np.sum((1 - Y) * np.maximum(margins, 0)) / len(Z)


def classes_hinge_by_output(Z, Y):
    """1 / N for each wrong class within the margin; minus their number over N for the right one."""
    margins = 1 + Z - np.sum(Y * Z, axis=1, keepdims=True)
    near = (1 - Y) * (margins > 0)
    return (near - Y * near.sum(axis=1, keepdims=True)) / len(Z)


def focal(z, y, gamma):
    """-sum (1 - p)^gamma log p, over N, p = sigmoid(y z).    z (N,), y (N,) of -1 and 1, gamma > 0"""
    return np.sum(expit(-y * z) ** gamma * np.logaddexp(0, -y * z)) / len(z)


def focal_by_output(z, y, gamma):
    """y (1 - p)^gamma (gamma p log p - (1 - p)) / N"""
    p = expit(y * z)
    log_p = -np.logaddexp(0, -y * z)
    return y * expit(-y * z) ** gamma * (gamma * p * log_p - expit(-y * z)) / len(z)


def divergence(Z, Q):
    """KL(Q, P) = sum q (log q - log p), over N, P = softmax(Z).    Z (N, K), Q (N, K) positive rows of sum 1"""
    return np.sum(Q * (np.log(Q) - log_softmax(Z))) / len(Z)


def divergence_by_output(Z, Q):
    """(P - Q) / N"""
    return (softmax(Z) - Q) / len(Z)


def reverse_divergence(Z, Q):
    """KL(P, Q) = sum p (log p - log q), over N."""
    return np.sum(softmax(Z) * (log_softmax(Z) - np.log(Q))) / len(Z)


def reverse_divergence_by_output(Z, Q):
    """P (l - sum P l) / N, with l = log P - log Q."""
    P = softmax(Z)
    l = log_softmax(Z) - np.log(Q)
    return P * (l - np.sum(P * l, axis=1, keepdims=True)) / len(Z)
