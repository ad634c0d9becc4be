"""Three small networks, a perceptron, a convolutional and a recurrent one, with backpropagation written by hand.

Each function returns the mean cross-entropy and its derivatives by the parameters, in the order of the parameters.
`train` lets Adam run with any such function.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), sec. 6.5, 9.5, 10.2.2.
"""

import numpy as np


def cross_entropy(Z, Y):
    """The mean over rows of log sum exp(z) - z[label], and its derivative by Z.    Z, Y (..., k), Y one-hot"""
    top = Z.max(axis=-1, keepdims=True)
    e = np.exp(Z - top)
    sums = e.sum(axis=-1, keepdims=True)
    rows = Z[..., 0].size
    loss = (np.log(sums) + top).sum() - (Y * Z).sum()
    return loss / rows, (e / sums - Y) / rows


def perceptron(X, Y, W, b, V, c):
    """Z = V tanh(W x + b) + c.    X (n, p), Y (n, k), W (d, p), b (d,), V (k, d), c (k,)"""
    H = np.tanh(X @ W.T + b)
    loss, dZ = cross_entropy(H @ V.T + c, Y)
    dA = dZ @ V * (1 - H**2)
    return loss, dA.T @ X, dA.sum(axis=0), dZ.T @ H, dZ.sum(axis=0)


def convolutional(X, Y, F, b, V, c):
    """z_o = sum V_o relu(F * x + b) + c_o, filters F (C, K, K) that move by 2, V (k, C, M, M).

    X (n, S, S), and S large enough that no filter leaves it: 2 (M - 1) + K <= S.
    """
    K, M = F.shape[-1], V.shape[-1]
    windows = np.lib.stride_tricks.sliding_window_view(X, (K, K), axis=(1, 2))[:, : 2 * M : 2, : 2 * M : 2]
    A = np.einsum("nijkl,ckl->ncij", windows, F) + b[:, None, None]
    H = np.maximum(A, 0)
    loss, dZ = cross_entropy(np.einsum("ncij,ocij->no", H, V) + c, Y)
    dA = np.einsum("no,ocij->ncij", dZ, V) * (A > 0)
    return (
        loss,
        np.einsum("ncij,nijkl->ckl", dA, windows),
        dA.sum(axis=(0, 2, 3)),
        np.einsum("no,ncij->ocij", dZ, H),
        dZ.sum(axis=0),
    )


def recurrent(X, Y, W, U, b, V, c):
    """h_t = tanh(W h_(t-1) + U x_t + b), z_t = V h_t + c.    X, Y (T, n, k), W (d, d), U (d, k), V (k, d)"""
    T, n, _ = X.shape
    H = np.zeros((T + 1, n, len(b)))
    for t in range(T):
        H[t + 1] = np.tanh(H[t] @ W.T + X[t] @ U.T + b)
    loss, dZ = cross_entropy(H[1:] @ V.T + c, Y)
    dA = np.zeros_like(H[1:])
    carried = np.zeros((n, len(b)))
    for t in reversed(range(T)):
        dA[t] = (dZ[t] @ V + carried) * (1 - H[t + 1] ** 2)
        carried = dA[t] @ W
    return (
        loss,
        np.einsum("tni,tnj->ij", dA, H[:-1]),
        np.einsum("tni,tnj->ij", dA, X),
        dA.sum(axis=(0, 1)),
        np.einsum("tno,tni->oi", dZ, H[1:]),
        dZ.sum(axis=(0, 1)),
    )


def perceptron_by_first_weights(X, Y, W, b, V, c):
    """The derivative of the perceptron's loss by W.    ->  (d, p)"""
    return perceptron(X, Y, W, b, V, c)[1]


def recurrent_by_recurrent_weights(X, Y, W, U, b, V, c):
    """The derivative of the recurrent network's loss by W.    ->  (d, d)"""
    return recurrent(X, Y, W, U, b, V, c)[1]


def train(loss_and_gradients, parameters, batches, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Adam on one batch after another.    ->  the losses, one a step, and the parameters after the last"""
    parameters = [p.copy() for p in parameters]
    m, v = [np.zeros_like(p) for p in parameters], [np.zeros_like(p) for p in parameters]
    losses = []
    for t, batch in enumerate(batches, start=1):
        loss, *gradients = loss_and_gradients(*batch, *parameters)
        losses.append(float(loss))
        for k, g in enumerate(gradients):
            m[k] = beta1 * m[k] + (1 - beta1) * g
            v[k] = beta2 * v[k] + (1 - beta2) * g**2
            step = (m[k] / (1 - beta1**t)) / (np.sqrt(v[k] / (1 - beta2**t)) + eps)
            parameters[k] = parameters[k] - lr * step
    return np.array(losses), parameters
