"""Products of Hessians and vectors by hand, without the Hessians.

Source: Pearlmutter, Fast exact multiplication by the Hessian (1994).
"""

import numpy as np
from scipy.special import expit


def of_logistic_loss(X, y, w, v):
    """Of sum log(1 + exp(-y x'w)).    X (n, p), y (n,) of -1 and 1, w (p,), v (p,)  ->  (p,)"""
    probability = expit(y * (X @ w))
    return X.T @ (probability * (1 - probability) * (X @ v))


def of_a_layer(W, c, x, u):
    """Of c'tanh(W x) in x.    W (d, p), c (d,), x (p,), u (p,)  ->  (p,)"""
    a = np.tanh(W @ x)
    slope = 1 - a**2
    return W.T @ (c * -2 * a * slope * (W @ u))
