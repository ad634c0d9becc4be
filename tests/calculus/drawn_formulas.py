"""Random formulas of every kind of node, small and well-formed, from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable

import sympy as sp
from sympy.core.symbol import Str

from chainrule.distributions import Normal, expect
from chainrule.errors import ShapeError, Undefined
from chainrule.notation.dims import dims
from chainrule.notation.indices import Sum, clusters, each, over, size
from chainrule.notation.nodes import Apply, Node, Number, Size
from chainrule.notation.vocabulary import (
    I,
    delta,
    det,
    diag,
    diagof,
    grad,
    hessian,
    inv,
    jacobian,
    kron,
    let,
    logdet,
    logsumexp,
    matrix,
    maximum,
    norm,
    rational,
    scalar,
    softmax,
    sqnorm,
    tensor,
    total,
    trace,
    vector,
    vjp,
)

n, p = dims("n p")
x, y, w = vector("x", n), vector("y", n), vector("w", p)
xi, z = vector("xi", n), scalar("z")  # random in an expected value, and nowhere else
A, B, S = matrix("A", n, n), matrix("B", n, n), matrix("S", n, n, symmetric=True)
X, Y, T = matrix("X", n, p), matrix("Y", n, p), tensor("T", n, n, p)
lam, mu = scalar("lam", positive=True), scalar("mu")
C = clusters("C", n, p)
SYMBOLS: dict[tuple[sp.Expr, ...], list[Node]] = {
    (): [lam, mu], (n,): [x, y], (p,): [w], (n, n): [A, B, S], (n, p): [X, Y], (n, n, p): [T],
}  # fmt: skip
SMOOTH = ["exp", "sin", "cos", "sigmoid", "softplus", "tanh", "relu", "abs", "sinh", "cosh", "erf", "atan"]
GUARDED = {"log": 1, "sqrt": 1}
SHAPES = list(SYMBOLS)


class Maker:
    """Draws formulas: `node(shape, depth)` has that shape."""

    def __init__(self, seed: int):
        self.draw = random.Random(seed)

    def node(self, shape: tuple[sp.Expr, ...], depth: int) -> Node:
        """A formula of this shape."""
        if depth <= 0:
            return self.leaf(shape)
        while True:
            try:
                return self.draw.choice(self.ways(shape))(depth - 1)
            except (ShapeError, Undefined, LookupError):
                continue

    def leaf(self, shape: tuple[sp.Expr, ...]) -> Node:
        own = SYMBOLS.get(shape, [])
        if own and self.draw.random() < 0.8:
            return self.draw.choice(own)
        if shape == () and self.draw.random() < 0.4:
            return Size(self.draw.choice((n, p)))
        if len(shape) == 2 and shape[0] == shape[1] and self.draw.random() < 0.6:
            return I(shape[0])
        value = sp.Rational(self.draw.choice((-2, -1, 1, 2, 3)), self.draw.choice((1, 1, 2)))
        return Number(value, sp.Tuple(*shape))

    def ways(self, shape: tuple[sp.Expr, ...]) -> list[Callable[[int], Node]]:
        """Every way of making this shape."""

        def f(d: int, s: tuple[sp.Expr, ...] = shape) -> Node:
            return self.node(s, d)

        made: list[Callable[[int], Node]] = [
            lambda d: f(d) + f(d), lambda d: f(d) - f(d), lambda d: -f(d), lambda d: f(d) * f(d),
            lambda d: f(d, ()) * f(d), lambda d: f(d) / (1 + f(d) ** 2), lambda d: f(d) / n,
            lambda d: f(d) ** self.draw.choice((2, 2, 3, 0)),
            lambda d: Apply(Str(self.draw.choice(SMOOTH)), f(d)), lambda d: f(d) / lam, lambda d: lam ** mu * f(d),
            lambda d: (1 + f(d) ** 2) ** self.draw.choice((rational(1, 2), -1, rational(-3, 2))),
            lambda d: Apply(Str(self.draw.choice(list(GUARDED))), 1 + f(d) ** 2),
            lambda d: let(f"L{self.draw.randrange(10**6)}", f(d)),
            lambda d: jacobian(f(d), mu).at(mu, f(d, ())) if d < 2 else f(d),
        ]  # fmt: skip
        return made + getattr(self, f"_rank{len(shape)}")(shape)

    def _rank0(self, shape: tuple[sp.Expr, ...]) -> list[Callable[[int], Node]]:
        f = self.node
        pick = self.draw.choice
        return [
            lambda d: f((n,), d).T @ f((n,), d), lambda d: f((p,), d).T @ f((p,), d),
            lambda d: sqnorm(f(pick(SHAPES), d)), lambda d: total(f(pick(SHAPES), d)),
            lambda d: trace(f((n, n), d)), lambda d: logsumexp(f(pick(SHAPES[1:]), d)),
            lambda d: expect(xi.T @ f((n, n), d) @ xi + f((n,), d).T @ xi, xi, mean=f((n,), d), covariance=A @ A.T),
            lambda d: expect(lam * (mu * z - f((), d)) ** 3, z, Normal(f((), d), lam)),
            lambda d: norm(f((n,), d)), lambda d: logdet(f((n, n), 0)), lambda d: det(f((n, n), 0)),
            lambda d: maximum(f((n,), d)), lambda d: f((n,), d).T @ f((n, n), d) @ f((n,), d),
            lambda d: trace(f((n, p), d).T @ f((n, p), d)), lambda d: total(kron(f((n, n), d), f((n, p), d))),
            lambda d: sqnorm(kron(f((n, n), d), f((n, n), d))), lambda d: trace(kron(f((n, n), d), f((n, n), d))),
            lambda d: Sum(f((n, p), d)[i, k] * f((n,), d)[i] for i in over(n) for k in over(p)),
            lambda d: Sum(sqnorm(f((n, p), d)[i]) for i in over(n)),
            lambda d: Sum(f((n,), d)[i] / size(C[k]) for k in C for i in C[k]),
            lambda d: Sum(f((n, n, p), d)[i, j, k] * delta(i, j) for i in over(n) for j in over(n) for k in over(p)),
        ]  # fmt: skip

    def _rank1(self, shape: tuple[sp.Expr, ...]) -> list[Callable[[int], Node]]:
        f, m = self.node, shape[0]
        other = p if m == n else n
        wide = (n, p)
        made = [
            lambda d: softmax(f(shape, d)), lambda d: total(f(wide, d), axis=0 if m == p else 1),
            lambda d: (f(wide, d) if m == n else f(wide, d).T) @ f((other,), d),
            lambda d: logsumexp(f(wide, d), axis=0 if m == p else 1),
            lambda d: maximum(f(wide, d), axis=0 if m == p else 1),
            lambda d: each(f(shape, d)[i] * f((), d) for i in over(m)),
            lambda d: Sum(f((n,), d)[i] * f(shape, d) for i in over(n)),
        ]  # fmt: skip
        if m == n:
            made += [lambda d: diagof(f((n, n), d)), lambda d: inv(f((n, n), 0)) @ f((n,), d),
                     lambda d: Sum(f((n, n, p), d)[i, j, k] for i in over(n) for k in over(p) for j in over(n)) * x,
                     lambda d: grad(f((), min(d, 1)), x), lambda d: vjp(f((n,), min(d, 1)), x, y),
                     lambda d: f((n,), d) * f((), d)]  # fmt: skip
        return made

    def _rank2(self, shape: tuple[sp.Expr, ...]) -> list[Callable[[int], Node]]:
        f = self.node
        rows, columns = shape
        made = [
            lambda d: f((rows,), d) @ f((columns,), d).T, lambda d: f((rows, n), d) @ f((n, columns), d) if rows == n
            else f(shape, d), lambda d: softmax(f(shape, d), axis=self.draw.choice((0, 1))),
            lambda d: each(f(shape, d)[i, j] * f((rows,), d)[i] for i in over(rows) for j in over(columns)),
            lambda d: f(shape, d) * f((columns,), d), lambda d: diag(f((n,), d)) @ f(shape, d),
            lambda d: total(f((n, n, p), d), axis=2) if shape == (n, n) else f(shape, d),
            lambda d: total(f((n, n, p), d), axis=0) if shape == (n, p) else f(shape, d),
        ]  # fmt: skip
        if rows == columns:
            made += [lambda d: f(shape, d).T, lambda d: diag(f((n,), d)), lambda d: f((n, p), d) @ f((n, p), d).T,
                     lambda d: inv(f(shape, 0)), lambda d: jacobian(f((n,), min(d, 1)), x),
                     lambda d: hessian(f((), min(d, 1)), x)]  # fmt: skip
        return made

    def _rank3(self, shape: tuple[sp.Expr, ...]) -> list[Callable[[int], Node]]:
        f = self.node
        return [
            lambda d: each(f((n, p), d)[i, k] * f((n,), d)[j] for i in over(n) for j in over(n) for k in over(p)),
            lambda d: each(f((n, p), d)[i] - f((n, p), d)[j] for i in over(n) for j in over(n)),
            lambda d: each(delta(i, j) * f((p,), d) for i in over(n) for j in over(n)),
            lambda d: f((n, n), d) @ f((n, n, p), d), lambda d: f((n, n, p), d) * f((p,), d),
        ]  # fmt: skip
