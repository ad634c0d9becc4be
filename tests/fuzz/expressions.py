"""Random formulas that have a value everywhere: every kind of node, every function, symbols of every declared kind.

Logarithms, roots, inverses and quotients are put around things that are positive by construction, so that a formula is
defined in every world and its derivatives exist, except at kinks.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import sympy as sp
from sympy.core.symbol import Str

import chainrule as cr
from chainrule.notation.nodes import Apply, Deriv, Node, Pow, Size, Var

n, p, m, K = cr.dims("n p m K")
X, Y = cr.matrix("X", n, p), cr.matrix("Y", n, p)
A, B = cr.matrix("A", n, n), cr.matrix("B", n, n)
G = cr.matrix("G", p, p)
Q = cr.matrix("Q", n, n, positive_definite=True)
S = cr.matrix("S", n, n, symmetric=True)
H = cr.tensor("H", m, n, n)
x, y, z = cr.vector("x", n), cr.vector("y", n), cr.vector("z", n)
w, v = cr.vector("w", p), cr.vector("v", p)
xi = cr.vector("xi", n)  # random in an expected value, and nowhere else
s = cr.vector("s", n, positive=True)
t = cr.vector("t", n, labels=True)
a, b = cr.scalar("a"), cr.scalar("b")
lam = cr.scalar("lam", positive=True)
C = cr.clusters("C", n, K)
i0, j0 = cr.index("i", n), cr.index("j", n)

LEAVES: dict[tuple[sp.Expr, ...], list[Node]] = {
    (): [a, b, lam, cr.rational(2), cr.rational(-1, 3), cr.pi, Size(n), Size(p)],
    (n,): [x, y, z, s, t, cr.ones(n), cr.let("r", x - y)],
    (p,): [w, v, cr.ones(p)],
    (n, p): [X, Y, X, cr.ones(n, p)],
    (n, n): [A, B, S, Q, cr.I(n), C @ C.T],
    (p, p): [G, cr.I(p), X.T @ Y],
    (m, n, n): [H],
    (m,): [cr.trace(H)],
    (K,): [cr.each(cr.size(C[k]) for k in C)],
    (K, p): [cr.each(cr.Sum(X[i] for i in C[k]) / cr.size(C[k]) for k in C)],
}
MOVING: tuple[Var, ...] = (X, Y, A, B, S, Q, H, x, y, z, w, v, s, a, b, lam, G)
"""The symbols in which formulas are differentiated: they can move in every direction, or in every symmetric one."""
SMOOTH = ("exp", "sin", "cos", "atan", "tanh", "sigmoid", "softplus", "erf", "sinh", "cosh", "log_bessel0")
POSITIVE = ("lgamma", "digamma", "trigamma", "polygamma2")
KINKED = ("relu", "abs", "step", "sign")
Shape = tuple[sp.Expr, ...]


class Drawing:
    """One stream of random formulas."""

    def __init__(self, seed: object):
        self.g = Random(f"fuzz/{seed}")

    def draw(self, shape: Shape, depth: int) -> Node:
        """A formula of this shape."""
        if depth <= 0 or (shape not in ((), (n,), (p,), (n, p), (n, n), (p, p), (m, n, n)) and self.g.random() < 0.5):
            return self.g.choice(LEAVES[shape])
        makers = [*self._any(shape, depth - 1), *self._of_shape(shape, depth - 1)]
        return self.g.choice(makers)()

    def positive(self, shape: Shape, depth: int) -> Node:
        """A formula of this shape with positive entries."""
        inner = self._tame(shape, depth)
        return self.g.choice(
            [1 + inner**2, cr.exp(inner), cr.softplus(inner) + cr.rational(1, 2), lam + cr.abs_(inner)]
        )

    def _tame(self, shape: Shape, depth: int) -> Node:
        """Between -1 and 1, so that nothing explodes."""
        return Apply(Str(self.g.choice(("sin", "tanh", "erf"))), self.draw(shape, depth))

    def definite(self, depth: int) -> Node:
        """A positive definite matrix."""
        e = self._tame((n, n), depth)
        return self.g.choice([Q, cr.I(n) + e.T @ e, Q + cr.outer(x, x), lam * cr.I(n) + cr.diag(s)])

    def _any(self, shape: Shape, d: int) -> list[Callable[[], Node]]:
        def here(k: int = d) -> Node:
            return self.draw(shape, k)

        def function() -> Node:
            name = self.g.choice(SMOOTH + KINKED)
            return Apply(Str(name), self._tame(shape, d) if name in ("exp", "sinh", "cosh") else here())

        return [
            lambda: here() + here(),
            lambda: here() - here(),
            lambda: -here(),
            lambda: here() * here(),
            lambda: self.draw((), 0) * here(),
            lambda: here() * self.draw((), d),
            lambda: here() / self.positive((), d - 1),
            lambda: here() / self.positive(shape, d - 1),
            lambda: here() ** self.g.choice([2, 3]),
            lambda: self.positive(shape, d - 1) ** self.g.choice(
                [cr.rational(1, 2), cr.rational(-3, 2), cr.rational(2, 3), cr.as_node(-1), cr.as_node(-2)]
            ),
            lambda: Pow(self.positive(shape, d - 1), self.draw((), 0)),
            function,
            function,
            lambda: cr.log(self.positive(shape, d - 1)),
            lambda: cr.sqrt(self.positive(shape, d - 1)),
            lambda: self.g.choice([cr.asin, cr.acos, cr.tan])(self._tame(shape, d - 1) / 2),
            lambda: Apply(Str(self.g.choice(POSITIVE)), cr.rational(1, 2) + self.positive(shape, d - 1)),
            lambda: cr.bessel_ratio(cr.rational(1, 2) + self.positive(shape, d - 1)),
            lambda: cr.let("e", here()),
        ]  # fmt: skip

    def _of_shape(self, shape: Shape, d: int) -> list[Callable[[], Node]]:
        match shape:
            case ():
                return self._scalars(d)
            case (one,) if one in (n, p):
                return self._vectors(one, d)
            case (rows, columns) if (rows, columns) in ((n, p), (n, n), (p, p)):
                return self._matrices(rows, columns, d)
            case (_, _, _):
                return [
                    lambda: self.draw((m, n, n), d).T,
                    lambda: self.draw((m, n, n), d) @ self.draw((n, n), d),
                    lambda: cr.softmax(self.draw((m, n, n), d), axis=self.g.choice([0, 1, 2])),
                ]
        return []

    def _scalars(self, d: int) -> list[Callable[[], Node]]:
        def row(size: sp.Expr) -> Node:
            return self.draw((size,), d)

        return [
            lambda: row(n).T @ row(n),
            lambda: row(p) @ row(p),
            lambda: row(n).T @ self.draw((n, p), d) @ row(p),
            lambda: cr.sqnorm(self.draw(self.g.choice([(n,), (n, p), (m, n, n)]), d)),
            lambda: cr.norm(self.positive((n,), d)),
            lambda: cr.trace(self.draw(self.g.choice([(n, n), (p, p)]), d)),
            lambda: cr.total(self.draw(self.g.choice([(n,), (n, p), (m, n, n), (K, p)]), d)),
            lambda: cr.logsumexp(self._tame(self.g.choice([(n,), (n, p)]), d)),
            lambda: cr.maximum(self.draw((n,), d)),
            lambda: cr.logdet(self.definite(d - 1)),
            lambda: cr.det(self.definite(d - 1)),
            lambda: cr.total(cr.kron(self.draw((p, p), d - 1), self.draw((n, p), 0))),
            lambda: cr.trace(cr.kron(self.draw((n, n), d - 1), G)),
            lambda: cr.Sum(X[i].T @ Y[j] * A[i, j] for i in cr.over(n) for j in cr.over(n)),
            lambda: cr.Sum(self.draw((n,), d)[i] * y[i] for i in cr.over(n)),
            lambda: cr.Sum(cr.sqnorm(X[i] - self.draw((K, p), d - 1)[k]) for k in C for i in C[k]),
            lambda: cr.Sum(cr.delta(i, j) * self.draw((n, n), d)[i, j] for i in cr.over(n) for j in cr.over(n)),
            lambda: cr.Sum(cr.Sum(A[i, j] * x[j] for j in cr.over(n)) ** 2 for i in cr.over(n)),
            lambda: self._at_a_point(d),
            lambda: self._expected(d - 1),
        ]

    def _vectors(self, size: sp.Expr, d: int) -> list[Callable[[], Node]]:
        other = p if size == n else n
        own = (x if size == n else w, y if size == n else v)

        def wide() -> Node:
            return self.draw((n, p), d) if size == n else self.draw((n, p), d).T

        return [
            lambda: wide() @ self.draw((other,), d),
            lambda: self.draw((other,), d) @ wide().T,
            lambda: self.draw((size, size), d) @ self.draw((size,), d),
            lambda: cr.softmax(self.draw((size,), d)),
            lambda: cr.diagof(self.draw((size, size), d)),
            lambda: cr.total(self.draw((n, p), d), axis=1 if size == n else 0),
            lambda: cr.logsumexp(self._tame((n, p), d), axis=1 if size == n else 0),
            lambda: cr.maximum(self.draw((n, p), d), axis=1 if size == n else 0),
            lambda: cr.each(self.draw((size,), d)[i] * own[0][i] + cr.delta(i, i) for i in cr.over(size)),
            lambda: cr.grad(self.draw((), d - 1), own[0]),
            lambda: cr.vjp(self.draw((n,), d - 1), own[0], self.draw((n,), 0)),
            lambda: self.draw((size,), d).T.T,
        ] + ([lambda: cr.inv(self.definite(d - 1)) @ self.draw((n,), d)] if size == n else [])

    def _matrices(self, rows: sp.Expr, columns: sp.Expr, d: int) -> list[Callable[[], Node]]:
        shape = (rows, columns)
        found: list[Callable[[], Node]] = [
            lambda: self.draw((rows, n), d) @ self.draw((n, columns), d) if rows == n else self.draw(shape, d),
            lambda: cr.outer(self.draw((rows,), d), self.draw((columns,), d)),
            lambda: self.draw(shape, d) * self.draw((columns,), d),
            lambda: self.draw(shape, d) + self.draw((columns,), d),
            lambda: cr.softmax(self.draw(shape, d), axis=self.g.choice([0, 1])),
            lambda: cr.each(self.draw(shape, d)[i] for i in cr.over(rows)),
            lambda: cr.each(
                self.draw(shape, d)[i, j] * cr.rational(1, 2) for i in cr.over(rows) for j in cr.over(columns)
            ),
        ]
        if rows == columns:
            found += [
                lambda: self.draw(shape, d).T,
                lambda: cr.diag(self.draw((rows,), d)),
                lambda: cr.jacobian(self.draw((rows,), d - 1), x if rows == n else w),
                lambda: cr.hessian(self.draw((), d - 1), x if rows == n else w),
            ]
            if rows == n:
                found.append(lambda: cr.inv(self.definite(d - 1)))
        else:
            found.append(lambda: cr.grad(self.draw((), d - 1), X))
        return found

    def _expected(self, d: int) -> Node:
        """A quadratic form in a random vector, or a power of a normal one."""
        mean, spread = self.draw((n,), d), self.g.choice([Q, cr.I(n), cr.outer(x, x), Q + cr.outer(y, y)])
        form = xi.T @ self.draw((n, n), d) @ xi + self.draw((n,), d).T @ xi
        if self.g.random() < 0.7:
            return cr.expect(form, xi, mean=mean, covariance=spread)
        return cr.expect((self.draw((n,), 0).T @ xi) ** self.g.choice([3, 4]), xi, cr.Gaussian(mean, spread))

    def _at_a_point(self, d: int) -> Node:
        """A derivative at a point that may speak of the very symbol."""
        inner = cr.grad(self.draw((), d - 1), x)
        return cr.total(inner.at(x, self.draw((n,), 0)))


def scalars(count: int, seed: object, depth: int = 3) -> list[Node]:
    """`count` scalar formulas that move with something."""
    drawing, found = Drawing(seed), []
    while len(found) < count:
        node = drawing.draw((), depth)
        if any(symbol in node.atoms(Var) for symbol in MOVING) and size_of(node) < 120:
            found.append(node)
    return found


def size_of(node: Node) -> int:
    """How many nodes a formula has, its derivatives counted tenfold."""
    return sum(10 if isinstance(part, Deriv) else 1 for part in sp.preorder_traversal(node) if isinstance(part, Node))
