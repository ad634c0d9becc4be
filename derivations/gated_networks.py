"""Gated networks: LSTM and GRU.

A plain recurrent network multiplies its memory by the same matrix at every step, and so it fades or bursts. A gate
decides, entry by entry, what to keep: where it is open the memory passes through unchanged, and so does the error on
its way back.

An LSTM has two states, the cell c, which is only ever multiplied by the forget gate and added to, and the output h.
So the error comes back along two ways, and the chapter keeps both: a along h, through the matrices of all four gates,
and e along c, through the forget gate alone. The length T stays open; all is proved by the law of backpropagation
through time.

Source: Hochreiter and Schmidhuber, Long short-term memory, Neural Computation 9 (1997); Gers, Schmidhuber and
Cummins, Learning to forget (2000); Cho et al., Learning phrase representations (2014); Greff et al., LSTM: a search
space odyssey (2017), appendix.
"""

from chainrule import (
    I,
    Sum,
    agrees,
    assume,
    at_least,
    at_most,
    before,
    by,
    delta,
    derive,
    differentiate,
    dims,
    each,
    equals,
    let,
    matrix,
    over,
    positive_semidefinite,
    recur,
    scalar,
    sigmoid,
    sqnorm,
    tanh,
    total,
    vector,
    vjp,
    zeros,
)
from numerics import gated_networks as by_hand


def lstm(h, c, x, W, U, b):
    """The next output and cell: i, f, o the gates, z what is offered.    h, c (d,), x (p,)  ->  (d,), (d,)

    W, U and b hold the weights of f, i, o and z, in this order.
    """
    f, i, o = (sigmoid(W[k] @ h + U[k] @ x + b[k]) for k in range(3))
    z = tanh(W[3] @ h + U[3] @ x + b[3])
    cell = f * c + i * z
    return o * tanh(cell), cell


def gru(h, x, W, U, b):
    """(1 - u) o n + u o h: u how much stays, r how much of h is shown to n.    h (d,), x (p,)  ->  (d,)

    W, U and b hold the weights of u, r and n, in this order.
    """
    u, r = (sigmoid(W[k] @ h + U[k] @ x + b[k]) for k in range(2))
    n = tanh(W[2] @ (r * h) + U[2] @ x + b[2])
    return (1 - u) * n + u * h


T, d, p = dims("T d p", typical=(100, 64, 32))
h, c, x = vector("h", d), vector("c", d), vector("x", p)

M, m, v = matrix("M", d, d), vector("m", d), vector("v", d)  # one step of a plain network, and an error that comes back
L = scalar("L")
steepest = assume(positive_semidefinite(L**2 * I(d) - M @ M.T))
y = let("y", M @ h + m)
bent = let("y'", (1 - tanh(y) ** 2) * v)

bends = derive(
    sqnorm(v) - sqnorm(bent),
    equals(Sum(tanh(y[j]) ** 2 * (1 + 4 * sigmoid(2 * y[j]) * sigmoid(-2 * y[j])) * v[j] ** 2 for j in over(d))),
    at_least(0),
)
"""A slope of at most 1

The slope of tanh is 1 - tanh(y)^2, which is 4 sigmoid(2y) sigmoid(-2y): positive, and 1 only at 0.
"""
stretches = derive(
    L**2 * sqnorm(bent) - sqnorm(M.T @ bent),
    equals(bent.T @ (L**2 * I(d) - M @ M.T) @ bent),
    at_least(0, by(steepest)),
    given=steepest,
)
"""A matrix of norm at most L"""
vanishing = derive(
    sqnorm(vjp(tanh(y), h, v)),
    equals(sqnorm(M.T @ bent), differentiate),
    at_most(L**2 * sqnorm(bent), by(stretches)),
    at_most(L**2 * sqnorm(v), by(bends)),
    given=steepest,
)
"""Why gates: errors vanish

One step back through a plain network makes an error at most L times as long, where no direction is stretched by M
more than L times. So t steps make it at most L^t times as long: with L < 1 what was long ago is forgotten, whatever
it was.
"""

X = matrix("X", T, p)  # what is read, one time a row
s, q = vector("s", d), vector("q", d)  # output and cell before the first step
G = matrix("G", T, d)  # the derivative of some loss by the outputs, as it reads them

W = [matrix(f"W{k}", d, d) for k in "fioz"]
U = [matrix(f"U{k}", d, p) for k in "fioz"]
b = [vector(f"b{k}", d) for k in "fioz"]
output, cell = lstm(h, c, x, W, U, b)
outputs, cells = recur({h: output, c: cell}, {h: s, c: q}, along={x: X})
H, C = let("H", outputs), let("C", cells)
H0, C0 = before(H), before(C)


def at_all_times(act, W, U, b, H):
    """act(W h[t] + U x[t] + b) for every t."""
    return each(act(W @ H[t] + U @ X[t] + b) for t in over(T))


F, J, O = (let(name, at_all_times(sigmoid, W[k], U[k], b[k], H0)) for k, name in enumerate("FIO"))
Z = let("Z", at_all_times(tanh, W[3], U[3], b[3], H0))


def lstm_errors(dh, e, f, i, o, z, c, c0):
    """The errors at f, i, o and z before their bends, and the error at the cell: dh and e are what h and c are told."""
    dc = e + dh * o * (1 - tanh(c) ** 2)
    return (dc * c0 * f * (1 - f), dc * z * i * (1 - i), dh * tanh(c) * o * (1 - o), dc * i * (1 - z**2)), dc


a, e = vector("a", d), vector("e", d)
g, f, i, o, z, k, k0 = (vector(name, d) for name in ("g", "f", "i", "o", "z", "k", "k0"))
told, dc = lstm_errors(g + a, e, f, i, o, z, k, k0)
back = recur(
    {a: W[0].T @ told[0] + W[1].T @ told[1] + W[2].T @ told[2] + W[3].T @ told[3], e: dc * f},
    {a: zeros(d), e: zeros(d)},
    along={g: G, f: F, i: J, o: O, z: Z, k: C, k0: C0},
    backwards=True,
)
A, E = let("A", back[0]), let("E", back[1])
errors, _ = lstm_errors(G + before(A), before(E), F, J, O, Z, C, C0)
D = [let(f"D{k}", found) for k, found in zip("fioz", errors, strict=True)]

lstm_by_bias = [derive(vjp(H, b[j], G), equals(total(D[j], axis=0), differentiate)) for j in range(4)]
"""LSTM, by the biases

For forget gate, input gate, output gate and offer. The cell is told two things: what the output at this time says,
through o (1 - tanh(c)^2), and what the next cell hands back, times its forget gate. Every gate is told its partner in
the product, times its own slope.
"""
lstm_by_recurrent_weights = [derive(vjp(H, W[j], G), equals(D[j].T @ H0, differentiate)) for j in range(4)]
"""LSTM, by the recurrent weights

Each error meets the output that the gate saw, that of the step before.
"""
lstm_by_input_weights = [derive(vjp(H, U[j], G), equals(D[j].T @ X, differentiate)) for j in range(4)]
"""LSTM, by the input weights"""
lstm_by_input = derive(
    vjp(H, X, G),
    equals(D[0] @ U[0] + D[1] @ U[1] + D[2] @ U[2] + D[3] @ U[3], differentiate),
)
"""LSTM, by what is read

All four looked at it.
"""
lstm_by_start = derive(
    vjp(H, s, G),
    equals(Sum(delta(t, 0) * A[t] for t in over(T)), differentiate),
)
"""LSTM, by the first output"""
lstm_by_first_cell = derive(
    vjp(H, q, G),
    equals(Sum(delta(t, 0) * E[t] for t in over(T)), differentiate),
)
"""LSTM, by the first cell

On the way from the last cell to the first, the direct path multiplies by forget gates and nothing else: no matrix, no
slope.
"""

Wg = [matrix(f"W{j}", d, d) for j in "urn"]
Ug = [matrix(f"U{j}", d, p) for j in "urn"]
bg = [vector(f"b{j}", d) for j in "urn"]
S = let("S", recur({h: gru(h, x, Wg, Ug, bg)}, {h: s}, along={x: X}))
S0 = before(S)
P, R = (let(name, at_all_times(sigmoid, Wg[j], Ug[j], bg[j], S0)) for j, name in enumerate("PR"))
N = let("N", at_all_times(tanh, Wg[2], Ug[2], bg[2], R * S0))


def gru_errors(dh, h, u, r, n, Wn):
    """The errors at u, r and n before their bends, for one time, and what n is told through its matrix."""
    dn = dh * (1 - u) * (1 - n**2)
    shown = Wn.T @ dn
    return (dh * (h - n) * u * (1 - u), shown * h * r * (1 - r), dn), shown


u, r, n, h0 = (vector(name, d) for name in ("u", "r", "n", "h0"))
heard, shown = gru_errors(g + a, h0, u, r, n, Wg[2])
carried = recur(
    {a: (g + a) * u + Wg[0].T @ heard[0] + Wg[1].T @ heard[1] + shown * r},
    {a: zeros(d)},
    along={g: G, u: P, r: R, n: N, h0: S0},
    backwards=True,
)
B = let("B", carried)
Dn = let("Dn", (G + before(B)) * (1 - P) * (1 - N**2))
Du = let("Du", (G + before(B)) * (S0 - N) * P * (1 - P))
Dr = let("Dr", (Dn @ Wg[2]) * S0 * R * (1 - R))

gru_by_bias = [derive(vjp(S, bg[j], G), equals(total((Du, Dr, Dn)[j], axis=0), differentiate)) for j in range(3)]
"""GRU, by the biases

For the update gate, the reset gate and the new state.
"""
gru_by_recurrent_weights = [
    derive(vjp(S, Wg[j], G), equals((Du, Dr, Dn)[j].T @ (S0, S0, R * S0)[j], differentiate)) for j in range(3)
]
"""GRU, by the recurrent weights

The new state saw r o h, not h: that is what its error meets.
"""
gru_by_input_weights = [derive(vjp(S, Ug[j], G), equals((Du, Dr, Dn)[j].T @ X, differentiate)) for j in range(3)]
"""GRU, by the input weights"""
gru_by_input = derive(
    vjp(S, X, G),
    equals(Du @ Ug[0] + Dr @ Ug[1] + Dn @ Ug[2], differentiate),
)
"""GRU, by what is read"""
gru_by_start = derive(
    vjp(S, s, G),
    equals(Sum(delta(t, 0) * B[t] for t in over(T)), differentiate),
)
"""GRU, by the start

Where the update gate is open, u = 1, the error passes through whole.
"""

lstm_code = agrees(H, by_hand.lstm)
lstm_forget_weights_code = agrees(vjp(H, W[0], G), by_hand.lstm_gradient("Wf"))
lstm_input_gate_code = agrees(vjp(H, U[1], G), by_hand.lstm_gradient("Ui"))
lstm_output_bias_code = agrees(vjp(H, b[2], G), by_hand.lstm_gradient("bo"))
lstm_offer_weights_code = agrees(vjp(H, W[3], G), by_hand.lstm_gradient("Wz"))
lstm_input_code = agrees(vjp(H, X, G), by_hand.lstm_gradient("X"))
lstm_first_cell_code = agrees(vjp(H, q, G), by_hand.lstm_gradient("q"))
gru_code = agrees(S, by_hand.gru)
gru_update_weights_code = agrees(vjp(S, Wg[0], G), by_hand.gru_gradient("Wu"))
gru_reset_weights_code = agrees(vjp(S, Ug[1], G), by_hand.gru_gradient("Ur"))
gru_new_weights_code = agrees(vjp(S, Wg[2], G), by_hand.gru_gradient("Wn"))
gru_start_code = agrees(vjp(S, s, G), by_hand.gru_gradient("s"))
