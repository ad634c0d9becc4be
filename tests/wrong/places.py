"""Windows, masks, recurrences: off by one, turned round, masked in the wrong place, time reversed, a step forgotten."""

from chainrule import (
    Sum,
    algebra,
    before,
    delta,
    derive,
    differentiate,
    dims,
    each,
    equals,
    exp,
    index,
    let,
    matrix,
    over,
    position,
    recur,
    softmax,
    sqnorm,
    tanh,
    tensor,
    total,
    vector,
    vjp,
    zeros,
)
from tests.wrong.pairs import pair

N, C, O, T, K, M, s, d, p = dims("N C O T K M s d p")
x, w, g = tensor("x", N, C, T), tensor("w", O, C, K), tensor("g", N, O, M)
v, y, q = vector("v", T), vector("y", M), vector("q", K)
i, j, m, k, u = index("i", T), index("j", T), index("m", M), index("k", K), index("u", T)


def convolved(stride, pad, gap=1):
    return each(
        Sum(w[o, c, l] * x[n, c, stride * t + gap * l - pad] for c in over(C) for l in over(K))
        for n in over(N)
        for o in over(O)
        for t in over(M)
    )


def by_weight(stride, pad, gap=1):
    return each(
        Sum(g[n, o, t] * x[n, c, stride * t + gap * l - pad] for n in over(N) for t in over(M))
        for o in over(O)
        for c in over(C)
        for l in over(K)
    )


def by_input(stride, pad, gap=1):
    return each(
        Sum(g[n, o, t] * w[o, c, l] * delta(r, stride * t + gap * l - pad)
            for o in over(O) for t in over(M) for l in over(K))
        for n in over(N)
        for c in over(C)
        for r in over(T)
    )  # fmt: skip


def strided(right, wrong, name, *, of=None, by=by_weight, variable=w):
    of = convolved(2, 1) if of is None else of
    return pair(
        name,
        derive(vjp(of, variable, g), equals(by(*wrong), differentiate)),
        derive(vjp(of, variable, g), equals(by(*right), differentiate)),
    )


A, X = matrix("A", T, T), matrix("X", T, p)
W, U, b, h0, G = matrix("W", d, d), matrix("U", d, p), vector("b", d), vector("s0", d), matrix("G", T, d)
h, a, e, f = vector("h", d), vector("a", p), vector("e", d), vector("f", d)
H = let("H", recur({h: tanh(W @ h + U @ a + b)}, {h: h0}, along={a: X}))


def backpropagated(step, backwards=True):
    E = recur({e: step}, {e: zeros(d)}, along={f: G, h: H}, backwards=backwards)
    return let("D", (G + before(E)) * (1 - H**2))


D = backpropagated(W.T @ ((f + e) * (1 - h**2)))
untransposed = backpropagated(W @ ((f + e) * (1 - h**2)))
forwards = backpropagated(W.T @ ((f + e) * (1 - h**2)), backwards=False)
without_own = backpropagated(W.T @ (e * (1 - h**2)))
linear = backpropagated(W.T @ (f + e))


def through_time(name, wrong, right, variable):
    return pair(
        name,
        derive(vjp(H, variable, G), equals(wrong, differentiate)),
        derive(vjp(H, variable, G), equals(right, differentiate)),
    )


masked = softmax(each((i >= j) * A[i, j] for i in over(T) for j in over(T)))
PAIRS = [
    strided((2, 1), (2, 0), "a convolution's weight, the padding forgotten"),
    strided((2, 1), (1, 1), "a convolution's weight, the stride forgotten"),
    strided((2, 1), (2, 2), "a convolution's input, one place off", by=by_input, variable=x),
    strided((s, 1), (s + 1, 1), "a stride that is open, off by one", of=convolved(s, 1)),
    strided((1, 0, 2), (1, 0, 1), "a dilated convolution, the gap forgotten", of=convolved(1, 0, 2)),
    strided((1, 0, 2), (2, 0, 1), "stride and gap exchanged", of=convolved(1, 0, 2), by=by_input, variable=x),
    pair(
        "a shift loses what it pushes out",
        derive(sqnorm(each(v[t + 1] for t in over(T))), equals(sqnorm(v), algebra)),
        derive(sqnorm(each(v[t + 1] for t in over(T))), equals(Sum(v[t + 1] ** 2 for t in over(T)), algebra)),
    ),
    pair(
        "a shift there and back is not nothing",
        derive(each(each(v[t + 1] for t in over(T))[r - 1] for r in over(T)), equals(v, algebra)),
        derive(each(v[t + 1 - 1] for t in over(T)), equals(v, algebra)),
    ),
    pair(
        "a mask is its square, not its negative",
        derive((i >= j) * (i >= j) * A[i, j], equals((j >= i) * A[i, j], algebra)),
        derive((i >= j) * (i >= j) * A[i, j], equals((j <= i) * A[i, j], algebra)),
    ),
    pair(
        "strictly before is not before",
        derive((i > j) * A[i, j], equals((i >= j) * A[i, j], algebra)),
        derive((i > j) * A[i, j], equals((i >= j + 1) * A[i, j], algebra)),
    ),
    pair(
        "masked by 0 before the softmax is not masked after it",
        derive(masked, equals(each((i >= j) * softmax(A)[i, j] for i in over(T) for j in over(T)), algebra)),
        derive(
            masked,
            equals(
                each(
                    exp((i >= j) * A[i, j]) / Sum(exp((i >= r) * A[i, r]) for r in over(T))
                    for i in over(T)
                    for j in over(T)
                ),
                algebra,
            ),
        ),
    ),
    pair(
        "two masks of one sum, their indices mixed",
        derive(delta(u, m + k) * y[m] * q[k], equals(delta(k, u + m) * y[m] * q[k], algebra)),
        derive(delta(u, m + k) * y[m] * q[k], equals(delta(k, u - m) * y[m] * q[k], algebra)),
    ),
    pair(
        "indices count from 0",
        derive(Sum(position(t + 1) * v[t] for t in over(T)), equals(Sum(position(t) * v[t] for t in over(T)), algebra)),
        derive(
            Sum(position(t + 1) * v[t] for t in over(T)),
            equals(Sum(position(t) * v[t] for t in over(T)) + total(v), algebra),
        ),
    ),
    through_time("the last state for the one before", D.T @ H, D.T @ before(H), W),
    through_time("a matrix carried back untransposed", total(untransposed, axis=0), total(D, axis=0), b),
    through_time("time reversed", forwards.T @ X, D.T @ X, U),
    through_time("what each step adds itself, forgotten", without_own @ U, D @ U, X),
    through_time("the slope of tanh, forgotten on the way back", total(linear, axis=0), total(D, axis=0), b),
    pair(
        "a state is not the state before it",
        derive(H, equals(before(H), algebra)),
        derive(H, equals(each(tanh(W @ before(H)[t] + U @ X[t] + b) for t in over(T)), algebra)),
    ),
    pair(
        "a recurrence in the other direction",
        derive(
            recur({h: W @ h + U @ a}, {h: h0}, along={a: X}),
            equals(recur({h: W @ h + U @ a}, {h: h0}, along={a: X}, backwards=True), algebra),
        ),
        derive(
            recur({h: W @ h + U @ a}, {h: h0}, along={a: X}),
            equals(recur({e: U @ a + W @ e}, {e: h0}, along={a: X}), algebra),
        ),
    ),
    pair(
        "states exchanged",
        derive(
            recur({h: tanh(e), e: W @ h}, {h: h0, e: b}, length=T)[0],
            equals(recur({h: tanh(e), e: W @ h}, {h: b, e: h0}, length=T)[0], algebra),
        ),
        derive(
            recur({h: tanh(e), e: W @ h}, {h: h0, e: b}, length=T)[0],
            equals(recur({e: W @ h, h: tanh(e)}, {e: b, h: h0}, length=T)[1], algebra),
        ),
    ),
    pair(
        "a state's name captured",
        derive(recur({h: W @ h + b}, {h: h0}, length=T), equals(recur({b: W @ b + b}, {b: h0}, length=T), algebra)),
        derive(recur({h: W @ h + b}, {h: h0}, length=T), equals(recur({e: W @ e + b}, {e: h0}, length=T), algebra)),
    ),
]
