"""LSTM and GRU by hand: forwards one time after the other, backwards from the last time to the first.

Arrays: X (T, p) what is read; each W (d, d), U (d, p), b (d,); s (d,) the output and q (d,) the cell before the first
step; G (T, d) the derivative of some loss by the outputs. Gates of the LSTM: f forget, i input, o output, and z what
is offered; of the GRU: u update, r reset, and n the new state. Source: Greff et al., LSTM: a search space odyssey
(2017), appendix; Cho et al. (2014).
"""

import numpy as np


def sigmoid(x):
    """1 / (1 + e^-x), with no overflow."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


# --- LSTM -------------------------------------------------------------------------------------------
def lstm_states(Wf, Wi, Wo, Wz, Uf, Ui, Uo, Uz, bf, bi, bo, bz, s, q, X):
    """Gates, offers, cells and outputs of every time, and the output and cell before each.    ->  eight arrays (T,
    d)"""
    rows = []
    h, c = s, q
    for x in X:
        f = sigmoid(Wf @ h + Uf @ x + bf)
        i = sigmoid(Wi @ h + Ui @ x + bi)
        o = sigmoid(Wo @ h + Uo @ x + bo)
        z = np.tanh(Wz @ h + Uz @ x + bz)
        h0, c0 = h, c
        c = f * c + i * z
        h = o * np.tanh(c)
        rows.append((f, i, o, z, c, h, h0, c0))
    return [np.array(column) for column in zip(*rows, strict=True)]


def lstm(Wf, Wi, Wo, Wz, Uf, Ui, Uo, Uz, bf, bi, bo, bz, s, q, X):
    """The output at every time, h = o tanh(c), c = f c + i z.    ->  (T, d)"""
    return lstm_states(Wf, Wi, Wo, Wz, Uf, Ui, Uo, Uz, bf, bi, bo, bz, s, q, X)[5]


def lstm_backward(Wf, Wi, Wo, Wz, Uf, Ui, Uo, Uz, bf, bi, bo, bz, s, q, X, G):
    """The gradient by each parameter, by what is read and by the start: a dictionary by name."""
    F, I, O, Z, C, _, H0, C0 = lstm_states(Wf, Wi, Wo, Wz, Uf, Ui, Uo, Uz, bf, bi, bo, bz, s, q, X)
    errors = {name: np.zeros_like(F) for name in "fioz"}
    # what the step after hands back to h and c
    a, e = np.zeros_like(s), np.zeros_like(q)
    for t in reversed(range(len(X))):
        dh = G[t] + a
        dc = e + dh * O[t] * (1 - np.tanh(C[t]) ** 2)
        errors["f"][t] = dc * C0[t] * F[t] * (1 - F[t])
        errors["i"][t] = dc * Z[t] * I[t] * (1 - I[t])
        errors["o"][t] = dh * np.tanh(C[t]) * O[t] * (1 - O[t])
        errors["z"][t] = dc * I[t] * (1 - Z[t] ** 2)
        a = Wf.T @ errors["f"][t] + Wi.T @ errors["i"][t] + Wo.T @ errors["o"][t] + Wz.T @ errors["z"][t]
        e = dc * F[t]
    found = {"s": a, "q": e, "X": errors["f"] @ Uf + errors["i"] @ Ui + errors["o"] @ Uo + errors["z"] @ Uz}
    return found | shared_weights(errors, dict.fromkeys("fioz", H0), X)


def shared_weights(errors, seen, X):
    """Every step uses the same weights, so what it says of them is added."""
    found = {}
    for name, error in errors.items():
        found["W" + name] = error.T @ seen[name]
        found["U" + name] = error.T @ X
        found["b" + name] = error.sum(axis=0)
    return found


def lstm_gradient(name):
    """The function that returns one of the gradients of `lstm_backward`."""

    def gradient(Wf, Wi, Wo, Wz, Uf, Ui, Uo, Uz, bf, bi, bo, bz, s, q, X, G):
        return lstm_backward(Wf, Wi, Wo, Wz, Uf, Ui, Uo, Uz, bf, bi, bo, bz, s, q, X, G)[name]

    return gradient


# --- GRU --------------------------------------------------------------------------------------------
def gru_states(Wu, Wr, Wn, Uu, Ur, Un, bu, br, bn, s, X):
    """Gates, new states and states of every time, and the state before each.    ->  five arrays (T, d)"""
    rows = []
    h = s
    for x in X:
        u = sigmoid(Wu @ h + Uu @ x + bu)
        r = sigmoid(Wr @ h + Ur @ x + br)
        n = np.tanh(Wn @ (r * h) + Un @ x + bn)
        before = h
        h = (1 - u) * n + u * h
        rows.append((u, r, n, h, before))
    return [np.array(column) for column in zip(*rows, strict=True)]


def gru(Wu, Wr, Wn, Uu, Ur, Un, bu, br, bn, s, X):
    """The state at every time, (1 - u) n + u h.    ->  (T, d)"""
    return gru_states(Wu, Wr, Wn, Uu, Ur, Un, bu, br, bn, s, X)[3]


def gru_backward(Wu, Wr, Wn, Uu, Ur, Un, bu, br, bn, s, X, G):
    """The gradient by each parameter, by what is read and by the start: a dictionary by name."""
    P, R, N, _, H0 = gru_states(Wu, Wr, Wn, Uu, Ur, Un, bu, br, bn, s, X)
    errors = {name: np.zeros_like(P) for name in "urn"}
    a = np.zeros_like(s)
    for t in reversed(range(len(X))):
        dh = G[t] + a
        errors["u"][t] = dh * (H0[t] - N[t]) * P[t] * (1 - P[t])
        errors["n"][t] = dh * (1 - P[t]) * (1 - N[t] ** 2)
        shown = Wn.T @ errors["n"][t]
        errors["r"][t] = shown * H0[t] * R[t] * (1 - R[t])
        a = dh * P[t] + Wu.T @ errors["u"][t] + Wr.T @ errors["r"][t] + shown * R[t]
    found = {"s": a, "X": errors["u"] @ Uu + errors["r"] @ Ur + errors["n"] @ Un}
    return found | shared_weights(errors, {"u": H0, "r": H0, "n": R * H0}, X)


def gru_gradient(name):
    """The function that returns one of the gradients of `gru_backward`."""

    def gradient(Wu, Wr, Wn, Uu, Ur, Un, bu, br, bn, s, X, G):
        return gru_backward(Wu, Wr, Wn, Uu, Ur, Un, bu, br, bn, s, X, G)[name]

    return gradient
