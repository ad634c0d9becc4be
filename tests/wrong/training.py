"""Training: a bias forgotten, a power off by one, a decay in the wrong place, a sign of momentum turned round."""

from chainrule import (
    I,
    algebra,
    assume,
    before,
    claim,
    derive,
    diag,
    differentiate,
    dims,
    equals,
    grad,
    index,
    induction,
    matrix,
    nonnegative,
    position,
    positive,
    recur,
    scalar,
    total,
    vector,
    zeros,
)
from tests.wrong.pairs import pair

T, d, n = dims("T d n")
t = index("t", T)
G, w_0, c = matrix("G", T, d), vector("w_0", d), vector("c", d)
g, v, w, b, y, m = (vector(name, d) for name in ("g", "v", "w", "b", "y", "m"))
lr, lam, eta, p = scalar("lr"), scalar("lam"), scalar("eta"), scalar("p")
beta, mu = scalar("beta", unit_interval=True), scalar("mu", unit_interval=True)
rates, A = vector("rates", T), matrix("A", d, d)
constant = assume(G[t], equals(c))

M = recur({m: beta * m + (1 - beta) * g}, {m: zeros(d)}, along={g: G})
V = recur({v: mu * v + g}, {v: zeros(d)}, along={g: G})
weights = recur({p: beta * p + (1 - beta)}, {p: 0}, length=T)
ball, speed = recur({w: w - lr * (mu * v + g), v: mu * v + g}, {w: w_0, v: zeros(d)}, along={g: G})
ahead, turned = recur({w: w + mu * v - lr * g, v: mu * v - lr * g}, {w: w_0, v: zeros(d)}, along={g: G})
looking, kept = recur({y: y - lr * (g + mu * (mu * b + g)), b: mu * b + g}, {y: w_0, b: zeros(d)}, along={g: G})
velocities = derive(before(turned)[t], equals(-lr * before(kept)[t], induction(t)))


def heavy(sign=1, first=w_0):
    return recur({w: w - lr * g + sign * mu * (w - y), y: w}, {w: w_0, y: first}, along={g: G})


def apart(of):
    return derive(before(of[0])[t] - before(of[1])[t], equals(-lr * before(speed)[t], induction(t)))


def averaged(right, name, wrong):
    return pair(
        name,
        derive(M[t], equals(wrong, induction(t, constant))),
        derive(M[t], equals(right, induction(t, constant))),
    )


def priced(step):
    return recur({w: step}, {w: w_0}, along={eta: rates})


descent = priced(w - eta * (A @ w + lam * w))
after_t = (1 - beta ** position(t + 1)) * c
x, lowest, l, Q = vector("x", n), vector("x", n), vector("l", n), matrix("Q", n, n, orthogonal=True)
z, q = vector("z", n), vector("q", n)
bowl = recur({z: z - eta * Q @ diag(l) @ Q.T @ (z - x)}, {z: zeros(n)}, along={eta: rates})
left = recur({q: (1 - eta * l) * q}, {q: 1 + zeros(n)}, along={eta: rates})
X, k = matrix("X", d, n), scalar("k", positive=True)
solution = (X.T @ X + k * I(n)).I @ x

PAIRS = [
    averaged(after_t, "bias correction forgotten", c),
    averaged(after_t, "beta^t, one step late", (1 - beta ** position(t)) * c),
    averaged(after_t, "beta^t, one step early", (1 - beta ** position(t + 2)) * c),
    averaged(after_t, "the sum of the weights taken for what is left of it", beta ** position(t + 1) * c),
    pair(
        "no hypothesis about the gradients",
        derive(M[t], equals(after_t, induction(t))),
        derive(M[t], equals(after_t, induction(t, constant))),
    ),
    pair(
        "the average before the step, corrected as if after it",
        derive(before(M)[t], equals(after_t, induction(t, constant))),
        derive(before(M)[t], equals((1 - beta ** position(t)) * c, induction(t, constant))),
    ),
    pair(
        "momentum's sign",
        apart(heavy(-1)),
        apart(heavy()),
    ),
    pair(
        "a heavy ball that is already moving",
        apart(heavy(first=zeros(d))),
        apart(heavy()),
    ),
    pair(
        "the velocity without its limit",
        derive(V[t], equals((1 - mu ** position(t + 1)) * c, induction(t, constant))),
        derive(V[t], equals((1 - mu ** position(t + 1)) / (1 - mu) * c, induction(t, constant))),
    ),
    pair(
        "Nesterov's point, behind instead of ahead",
        derive(before(looking)[t], equals(before(ahead)[t] - mu * before(turned)[t], induction(t, velocities))),
        derive(before(looking)[t], equals(before(ahead)[t] + mu * before(turned)[t], induction(t, velocities))),
    ),
    pair(
        "momentum taken for Nesterov's",
        derive(before(ahead)[t], equals(before(looking)[t], induction(t, velocities))),
        derive(before(ahead)[t], equals(before(ball)[t], induction(t, derive(
            before(turned)[t], equals(-lr * before(speed)[t], induction(t)))))),
    ),
    pair(
        "decay after the step for decay before it",
        derive(descent[t], equals(priced((1 - eta * lam) * (w - eta * A @ w))[t], induction(t))),
        derive(descent[t], equals(priced((1 - eta * lam) * w - eta * A @ w)[t], induction(t))),
    ),
    pair(
        "decay without the step length",
        derive(descent[t], equals(priced((1 - lam) * w - eta * A @ w)[t], induction(t))),
        derive(descent[t], equals(priced((1 - eta * lam) * w - eta * A @ w)[t], induction(t))),
    ),
    pair(
        "decay inside the average",
        derive(beta * m + (1 - beta) * (g + lam * w), equals(beta * m + (1 - beta) * g + lam * w, algebra)),
        derive(beta * m + (1 - beta) * (g + lam * w), equals(beta * m + (1 - beta) * g + (1 - beta) * lam * w)),
    ),
    pair(
        "what is left for what is learned",
        derive(Q.T @ bowl[t], equals(left[t] * (Q.T @ x), induction(t))),
        derive(Q.T @ bowl[t], equals((1 - left[t]) * (Q.T @ x), induction(t))),
    ),
    pair(
        "learned in the wrong basis",
        derive(bowl[t], equals((1 - left[t]) * x, induction(t))),
        derive(Q.T @ bowl[t], equals((1 - left[t]) * (Q.T @ x), induction(t))),
    ),
    pair(
        "a sum of weights that is 1 already",
        derive(weights[t], equals(1, induction(t))),
        derive(weights[t], equals(1 - beta ** position(t + 1), induction(t))),
    ),
    pair(
        "a sum of weights, positive before the first step",
        claim(positive(before(weights)[t]), induction(t)),
        claim(nonnegative(before(weights)[t]), induction(t)),
    ),
    pair(
        "the ridge path's sign",
        derive(grad(total(solution), k), equals(total((X.T @ X + k * I(n)).I @ solution), differentiate)),
        derive(grad(total(solution), k), equals(-total((X.T @ X + k * I(n)).I @ solution), differentiate)),
    ),
]  # fmt: skip
