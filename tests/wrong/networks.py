"""Layers, backwards: what is forgotten, taken twice, turned round or exchanged when a backward pass is written by
hand."""

from chainrule import (
    I,
    Sum,
    before,
    cos,
    delta,
    derive,
    differentiate,
    dims,
    dot,
    each,
    equals,
    exp,
    expect,
    expectation,
    index,
    let,
    matrix,
    maximum,
    ones,
    over,
    position,
    recur,
    sigmoid,
    sin,
    softmax,
    sqrt,
    tanh,
    tensor,
    total,
    vector,
    vjp,
    zeros,
)
from tests.wrong.pairs import pair


def backward(name, f, x, g, wrong, right, **options):
    """The vector-Jacobian product of f in x, claimed wrongly and rightly."""
    return pair(
        name,
        derive(vjp(f, x, g), equals(wrong, differentiate)),
        derive(vjp(f, x, g), equals(right, differentiate)),
        **options,
    )


# --- attention ---------------------------------------------------------------------------------------
T, d, e, N = dims("T d e N")
Q, K, V, G = matrix("Q", T, d), matrix("K", T, d), matrix("V", T, e), matrix("G", T, e)
A, B = matrix("A", T, T), matrix("B", T, T)
S = let("S", Q @ K.T / sqrt(d))
P = let("P", softmax(S))
D = let("D", G @ V.T)


def told(P, D):
    return each(P[i, j] * (D[i, j] - Sum(P[i, l] * D[i, l] for l in over(T))) for i in over(T) for j in over(T))


def causal(A):
    return each(
        exp(A[i, j]) * (i >= j) / Sum(exp(A[i, l]) * (i >= l) for l in over(T)) for i in over(T) for j in over(T)
    )


columns = each(P[i, j] * (D[i, j] - Sum(P[l, j] * D[l, j] for l in over(T))) for i in over(T) for j in over(T))
unscaled = each(P[i, j] * (D[i, j] - Sum(D[i, l] for l in over(T))) for i in over(T) for j in over(T))
late = each(softmax(A)[i, j] * (i >= j) for i in over(T) for j in over(T))
Wv = tensor("Wv", N, d, e)
heads = Sum(softmax(Q @ K.T) @ Q @ Wv[h] for h in over(N))
weighted = each((softmax(Q @ K.T) @ Q).T @ G for h in over(N))
i, j = index("i", T), index("j", T)

# --- gates -------------------------------------------------------------------------------------------
W, U, R = matrix("W", d, d), matrix("U", d, d), matrix("R", d, d)
h, c, x, a, b, f, u, z = (vector(name, d) for name in ("h", "c", "x", "a", "b", "f", "u", "z"))
s, q, X, Gs = vector("s", d), vector("q", d), matrix("X", T, d), matrix("Gs", T, d)
cell = recur({c: sigmoid(W @ x) * c + sigmoid(U @ x) * tanh(R @ x)}, {c: q}, along={x: X})
F, J, Z = (
    let(name, each(act(M @ X[t]) for t in over(T)))
    for name, act, M in (("F", sigmoid, W), ("J", sigmoid, U), ("Z", tanh, R))
)


def handed(step):
    return let("E", Gs + before(recur({a: step}, {a: zeros(d)}, along={b: Gs, f: F, u: J}, backwards=True)))


E = handed((b + a) * f)
without_path, through_input, ahead = handed(b * f), handed((b + a) * u), let("E", Gs + before(
    recur({a: (b + a) * f}, {a: zeros(d)}, along={b: Gs, f: F, u: J})))  # fmt: skip
C0 = before(cell)


def gate(error, partner, slope):
    return (error * partner * slope).T @ X


# --- windows -----------------------------------------------------------------------------------------
L, k_, O, n_, ch = dims("L K O n C")
y, w, wide = vector("y", L), vector("w", k_), matrix("w2", O, k_)
m = vector("m", O)
pooled = each(maximum(each(y[2 * t + l] for l in over(k_)), axis=0) for t in over(O))
V2 = matrix("V2", O, k_)
hot = vjp(maximum(V2, axis=1), V2, ones(O)).at(V2, each(y[2 * t + l] for t in over(O) for l in over(k_)))


def spread(share):
    return each(Sum(m[t] * share(t, l) * delta(r, 2 * t + l) for t in over(O) for l in over(k_)) for r in over(L))


convolved = each(Sum(w[l] * y[2 * t + l - 1] for l in over(k_)) for t in over(O))


def scattered(place):
    return each(Sum(m[t] * w[l] * delta(r, place(t, l)) for t in over(O) for l in over(k_)) for r in over(L))


dense = each(Sum(w[l] * y[t + l] for l in over(k_)) for t in over(L))
g = vector("g", L)
late_signal = each(y[t - 1] for t in over(L))


def slid(v):
    return each(Sum(w[l] * v[t - l] for l in over(k_)) for t in over(L))


def ahead_of(v):
    return each(Sum(w[l] * v[t + l] for l in over(k_)) for t in over(L))


# --- normalisation and positions ---------------------------------------------------------------------
away = let("a", y - ones(L) * (total(y) / L))
theta, kx, ky, qx, qy = (vector(name, d) for name in ("theta", "kx", "ky", "qx", "qy"))


def turned(x, angle):
    return x[0] * cos(angle) - x[1] * sin(angle), x[0] * sin(angle) + x[1] * cos(angle)


def product(a, b):
    return dot(a[0], b[0]) + dot(a[1], b[1])


relative = product(turned((qx, qy), position(i) * theta), turned((kx, ky), position(j) * theta))

PAIRS = [
    backward("attention's scale forgotten", P @ V, Q, G, told(P, D) @ K, told(P, D) @ K / sqrt(d)),
    backward("questions and keys exchanged", P @ V, K, G, told(P, D) @ Q / sqrt(d), told(P, D).T @ Q / sqrt(d)),
    backward("a softmax's mean over columns", P @ V, Q, G, columns @ K / sqrt(d), told(P, D) @ K / sqrt(d)),
    backward("a softmax's mean without its weights", P @ V, Q, G, unscaled @ K / sqrt(d), told(P, D) @ K / sqrt(d)),
    backward("values told by the untransposed weights", P @ V, V, G, P @ G, P.T @ G),
    backward("a mask applied after the softmax", causal(A), A, B, told(late, B), told(causal(A), B)),
    pair(
        "the past gets no gradient",
        derive((i >= j) * vjp(causal(A), A, B)[i, j], equals(0, differentiate)),
        derive((j > i) * vjp(causal(A), A, B)[i, j], equals(0, differentiate)),
    ),
    pair(
        "masked rows that are not divided again",
        derive(total(late, axis=1), equals(1)),
        derive(total(causal(A), axis=1), equals(1)),
    ),
    backward("heads mixed", heads, Wv, G, weighted / N, weighted),
    pair(
        "the variance of a product is not its width's square",
        derive(
            expect(expect((h.T @ c) ** 2, h, mean=zeros(d), covariance=I(d)), c, mean=zeros(d), covariance=I(d)),
            equals(Sum(2 for k in over(d)), expectation),
        ),
        derive(
            expect(expect((h.T @ c) ** 2, h, mean=zeros(d), covariance=I(d)), c, mean=zeros(d), covariance=I(d)),
            equals(Sum(1 for k in over(d)), expectation),
        ),
    ),
    pair(
        "rotary positions the other way round",
        derive(relative, equals(product((qx, qy), turned((kx, ky), position(i - j) * theta)))),
        derive(relative, equals(product((qx, qy), turned((kx, ky), position(j - i) * theta)))),
    ),
    backward("a cell's own path forgotten", cell, W, Gs, gate(without_path, C0, F * (1 - F)), gate(E, C0, F * (1 - F))),
    backward("gates exchanged", cell, W, Gs, gate(through_input, C0, F * (1 - F)), gate(E, C0, F * (1 - F))),
    backward("the cell after for the cell before", cell, W, Gs, gate(E, cell, F * (1 - F)), gate(E, C0, F * (1 - F))),
    backward("the partner of a gate exchanged", cell, U, Gs, gate(E, C0, J * (1 - J)), gate(E, Z, J * (1 - J))),
    backward("cells reversed in time", cell, R, Gs, gate(ahead, J, 1 - Z**2), gate(E, J, 1 - Z**2)),
    backward("the slope of sigmoid for that of tanh", cell, R, Gs, gate(E, J, Z * (1 - Z)), gate(E, J, 1 - Z**2)),
    backward(
        "a maximum's gradient spread evenly",
        pooled, y, m, spread(lambda t, l: 1) / k_, spread(lambda t, l: hot[t, l]),
    ),
    backward(
        "stride off by one in the input's gradient",
        convolved, y, m, scattered(lambda t, l: 3 * t + l - 1), scattered(lambda t, l: 2 * t + l - 1),
    ),
    backward(
        "the weights not turned round",
        dense, y, g,
        each(Sum(g[r + l] * w[l] for l in over(k_)) for r in over(L)),
        each(Sum(g[r - l] * w[l] for l in over(k_)) for r in over(L)),
    ),
    pair(
        "a convolution that looks ahead, at its left border",
        derive(ahead_of(late_signal), equals(each(ahead_of(y)[t - 1] for t in over(L)))),
        derive(slid(late_signal), equals(each(slid(y)[t - 1] for t in over(L)))),
    ),
    pair(
        "one place too few for the last window",
        derive(
            each(Sum(ones(2 * O + k_)[2 * t + l] for l in over(k_ + 1)) for t in over(O + 1)),
            equals((k_ + 1) * ones(O + 1)),
        ),
        derive(
            each(Sum(ones(2 * O + k_ + 1)[2 * t + l] for l in over(k_ + 1)) for t in over(O + 1)),
            equals((k_ + 1) * ones(O + 1)),
        ),
    ),
    backward("the mean held fixed", away, y, g, g, g - ones(L) * (total(g) / L)),
    pair(
        "a sine of a difference",
        derive(sin(theta - qx), equals(sin(theta) * cos(qx) + cos(theta) * sin(qx))),
        derive(sin(theta - qx), equals(sin(theta) * cos(qx) - cos(theta) * sin(qx))),
    ),
]  # fmt: skip
