"""Weight decay by hand, on a bowl with the gradient A w - b.    A (d, d), b (d,), w (d,) the start, rates (T,)

Source: Loshchilov and Hutter, Decoupled weight decay regularization (2019).
"""

import numpy as np


def priced(w, A, b, lam, rates):
    """w <- w - eta (A w - b + lam w): descent on the bowl and lam/2 |w|^2.    ->  (T, d)"""
    path = []
    for eta in rates:
        w = w - eta * (A @ w - b + lam * w)
        path.append(w)
    return np.array(path)


def decayed(w, A, b, lam, rates):
    """w <- (1 - eta lam) w - eta (A w - b): every step lets the weights shrink.    ->  (T, d)"""
    path = []
    for eta in rates:
        w = (1 - eta * lam) * w - eta * (A @ w - b)
        path.append(w)
    return np.array(path)


def adaptive_step_with_price(w, A, b, lr, lam, s):
    """lr (A w - b + lam w) / s: the price is divided as well.    s (d,) > 0  ->  (d,)"""
    return lr * (A @ w - b + lam * w) / s


def adaptive_step_with_decay(w, A, b, lr, lam, s):
    """lr (A w - b) / s + lr lam w: only the gradient is divided.    ->  (d,)"""
    return lr * (A @ w - b) / s + lr * lam * w
