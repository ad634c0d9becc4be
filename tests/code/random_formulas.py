"""Random typed formulas over every kind of node, defined wherever their symbols are: what is divided by is positive."""

from random import Random

import sympy as sp
from sympy.core.symbol import Str

import chainrule as cr
from chainrule.notation.nodes import FUNCTIONS, Apply, At, Node, Size, Subs, Transpose

n, p, m, q = cr.dims("n p m q")
DIMS = (n, p, m, q)

x, v, b = cr.vector("x", n), cr.vector("v", p), cr.vector("b", m)
xi = cr.vector("xi", p)  # random in an expected value, and nowhere else
labels = cr.vector("y", n, labels=True)
weights = cr.vector("u", p, positive=True)
X, A, M = cr.matrix("X", n, p), cr.matrix("A", p, p), cr.matrix("M", m, n)
S = cr.matrix("S", p, p, positive_definite=True)
O = cr.matrix("O", p, p, symmetric=True)
C = cr.clusters("C", n, m)
T = cr.tensor("T", m, n, p)
W = cr.matrix("W", q, p)
a, lam = cr.scalar("a"), cr.scalar("lam", positive=True)
SYMBOLS = (x, v, b, labels, weights, X, A, M, S, O, C, T, W, a, lam)
VARIABLES = (x, v, b, X, A, M, S, O, T, W, a)
"""What is differentiated by."""


class Maker:
    """Makes a formula of a wanted shape, never deeper than `depth`."""

    def __init__(self, seed: int):
        self.rng = Random(seed)

    def shape(self, most: int = 2) -> tuple[sp.Expr, ...]:
        return tuple(self.rng.choice(DIMS) for _ in range(self.rng.randint(0, most)))

    def formula(self, shape: tuple[sp.Expr, ...], depth: int) -> Node:
        """A column, matrix or tensor; never a row."""
        if depth <= 0:
            return self.leaf(shape)
        options = [self.add, self.multiply, self.divide, self.power, self.function, self.function, self.reduction]
        options += [self.negative, self.named, self.letters, self.windows]
        if shape:
            options += [self.soft, self.product, self.product, self.each, self.recurrence]
        if len(shape) >= 2:
            options += [self.turned]
        if len(shape) == 2:
            options += [self.outer]
        if len(shape) == 2 and shape[0] == shape[1]:
            options += [self.inverse, self.diagonal]
        if shape == ():
            options += [self.scalar, self.scalar, self.clustered, self.kronecker, self.derivative, self.expected]
        return self.rng.choice(options)(shape, depth - 1)

    def leaf(self, shape: tuple[sp.Expr, ...]) -> Node:
        fits = [s for s in SYMBOLS if s.shape == shape]
        if shape == () and self.rng.random() < 0.3:
            return self.rng.choice([Size(self.rng.choice(DIMS)), cr.rational(3, 7), cr.pi, cr.rational(-2)])
        if len(shape) == 2 and shape[0] == shape[1] and self.rng.random() < 0.3:
            return cr.I(shape[0])
        if not fits or self.rng.random() < 0.1:
            return self.rng.choice([cr.ones(*shape), a * cr.ones(*shape), cr.zeros(*shape)]) if shape else a
        return self.rng.choice(fits)

    # --- entry by entry ---------------------------------------------------------------------------
    def add(self, shape, depth):
        left, right = self.formula(shape, depth), self.formula(self.narrower(shape), depth)
        return self.rng.choice([left + right, left - right, right + left, 1 - left])

    def narrower(self, shape):
        """A shape that broadcasts to this one."""
        return self.rng.choice([shape, shape, shape[1:], ()])

    def multiply(self, shape, depth):
        return self.formula(self.narrower(shape), depth) * self.formula(shape, depth)

    def positive(self, shape, depth):
        inside = self.formula(shape, depth)
        return self.rng.choice([1 + inside * inside, cr.exp(cr.tanh(inside)), cr.softplus(inside) + cr.rational(1, 2)])

    def divide(self, shape, depth):
        return self.formula(shape, depth) / self.positive(self.narrower(shape), depth - 1)

    def power(self, shape, depth):
        if self.rng.random() < 0.5:
            return cr.tanh(self.formula(shape, depth)) ** self.rng.choice([0, 2, 3, 4])
        exponent = self.rng.choice([-1, -2, cr.rational(1, 2), cr.rational(-3, 2), cr.rational(1, 3), cr.tanh(a)])
        return self.positive(shape, depth) ** exponent

    def function(self, shape, depth):
        name = self.rng.choice(FUNCTIONS)
        inside = self.formula(shape, depth)
        if name == "log":
            inside = self.rng.choice(
                [1 + inside * inside, 1 + cr.exp(cr.tanh(inside)), cr.exp(inside), cr.sigmoid(inside)]
            )
        elif name == "sqrt":
            inside = 1 + inside * inside
        elif name in ("asin", "acos", "tan"):
            inside = cr.tanh(inside) / 2
        elif name in ("lgamma", "digamma", "trigamma", "polygamma2", "bessel_ratio"):
            inside = 1 + cr.sigmoid(inside)
        elif name in ("exp", "sinh", "cosh"):
            inside = cr.tanh(inside) * 2
        return Apply(Str(name), inside)

    def negative(self, shape, depth):
        return -self.formula(shape, depth)

    def named(self, shape, depth):
        return cr.let(self.rng.choice(["r", "h", "A_1", "w*"]), self.formula(shape, depth))

    # --- axes -------------------------------------------------------------------------------------
    def reduction(self, shape, depth):
        kind = self.rng.choice([cr.total, cr.logsumexp, cr.maximum])
        extra = self.rng.choice(DIMS)
        place = self.rng.randint(0, len(shape))
        if shape == () and self.rng.random() < 0.5:
            return kind(self.formula((extra, self.rng.choice(DIMS)), depth))
        return kind(self.formula((*shape[:place], extra, *shape[place:]), depth), axis=place)

    def soft(self, shape, depth):
        return cr.softmax(self.formula(shape, depth), axis=self.rng.randrange(len(shape)))

    def turned(self, shape, depth):
        return Transpose(self.formula((*shape[:-2], shape[-1], shape[-2]), depth))

    def product(self, shape, depth):
        inner = self.rng.choice(DIMS)
        if len(shape) == 1:
            return self.formula((shape[0], inner), depth) @ self.formula((inner,), depth)
        return self.formula((*shape[:-1], inner), depth) @ self.formula((inner, shape[-1]), depth)

    def outer(self, shape, depth):
        return self.formula(shape[:1], depth) @ self.formula(shape[1:], depth).T

    # --- matrices ---------------------------------------------------------------------------------
    def regular(self, dim, depth):
        """An invertible matrix, mostly positive definite."""
        B = self.formula((dim, self.rng.choice(DIMS)), depth)
        scaled = B / (1 + cr.norm(B + cr.rational(1, 9)))
        choices = [scaled @ scaled.T + (1 + a * a) * cr.I(dim), 2 * cr.I(dim) + cr.diag(cr.ones(dim))]
        if dim == p:
            choices += [S, S + scaled @ scaled.T, 3 * cr.I(p) + A / (1 + cr.norm(A))]
        return self.rng.choice(choices)

    def inverse(self, shape, depth):
        return self.regular(shape[0], depth).I

    def diagonal(self, shape, depth):
        return cr.diag(self.formula(shape[:1], depth))

    def scalar(self, shape, depth):
        dim, other = self.rng.choice(DIMS), self.rng.choice(DIMS)
        square, column = (dim, dim), (dim,)
        match self.rng.randrange(7):
            case 0:
                return cr.trace(self.formula(square, depth))
            case 1:
                return cr.sqnorm(self.formula((dim, other), depth))
            case 2:
                return cr.norm(1 + self.positive(column, depth))
            case 3:
                return self.rng.choice([cr.logdet, cr.det])(self.regular(dim, depth))
            case 4:
                return self.formula(column, depth).T @ cr.diagof(self.formula(square, depth))
            case 5:
                c, R = self.formula(column, depth), self.regular(dim, depth)
                return c.T @ R.I @ c + cr.logdet(R)
            case _:
                return self.formula(column, depth).T @ self.formula(square, depth) @ self.formula(column, depth)

    def kronecker(self, shape, depth):
        left = self.formula((self.rng.choice(DIMS), p), depth)
        return cr.total(cr.kron(left, X) * cr.kron(left, X))

    def expected(self, shape, depth):
        mean, spread = self.formula((p,), depth), S / 2 + cr.outer(v, v)
        quadratic = cr.sqnorm(self.formula((n, p), depth) @ xi - self.formula((n,), depth)) + xi.T @ A @ xi
        return cr.expect(quadratic * self.leaf(()), xi, mean=mean, covariance=spread)

    # --- letters ----------------------------------------------------------------------------------
    def letters(self, shape, depth):
        dim = self.rng.choice(DIMS)
        rows, other = self.formula((dim, *shape), depth), self.formula((dim,), depth)
        if self.rng.random() < 0.5:
            return cr.Sum(At(rows, i) * other[i] for i in cr.over(dim))
        return cr.Sum(cr.delta(i, j) * At(rows, i) * other[j] for i in cr.over(dim) for j in cr.over(dim))

    def windows(self, shape, depth):
        """Sums over places made from two indices, read or written, inside and outside the array."""
        dim, other = self.rng.choice(DIMS), self.rng.choice(DIMS)
        rows, lag = self.formula((dim, *shape), depth), self.formula((other,), depth)
        step, gap, first = (self.rng.choice(choices) for choices in ((1, 2, -1, p), (1, 2, 3), (-2, -1, 0, 1)))
        match self.rng.randrange(5):
            case 0:
                return cr.Sum(rows[step * t + gap * k + first] * lag[k] for t in cr.over(p) for k in cr.over(other))
            case 1:
                spread = cr.each(
                    cr.Sum(lag[k] * cr.delta(u, step * t + gap * k + first) for t in cr.over(p) for k in cr.over(other))
                    for u in cr.over(dim)
                )
                return cr.Sum(spread[u] * At(rows, u) for u in cr.over(dim))
            case 2:
                return cr.Sum(
                    (i >= step * k + first) * At(rows, i) * lag[k] for i in cr.over(dim) for k in cr.over(other)
                )
            case 3:
                return cr.Sum(cr.position(2 * i - 1) * At(rows, i) for i in cr.over(dim))
            case _:
                return cr.Sum(cr.tanh(rows[i + 1]) * At(rows, i) for i in cr.over(dim))

    def recurrence(self, shape, depth):
        """One or two states, forwards or backwards, through an array of the first axis."""
        first, rest = shape[0], shape[1:]
        s, c, e = (cr.tensor(f"{name}{depth}", *rest) for name in ("s", "c", "e"))
        inside, start = self.formula(rest, depth - 1), self.formula(rest, depth - 1)
        way = self.rng.random() < 0.5
        if self.rng.random() < 0.5:
            along = {e: self.formula(shape, depth - 1)}
            made = cr.recur({s: cr.tanh(s * inside + e)}, {s: start}, along=along, backwards=way)
        else:
            steps = {s: cr.tanh(s + c * inside), c: cr.sigmoid(s - c) / 2}
            made = cr.recur(steps, {s: start, c: self.leaf(rest)}, length=first, backwards=way)[self.rng.randrange(2)]
        return self.rng.choice([made, cr.before(made), cr.before(made) * made])

    def each(self, shape, depth):
        first, rest = shape[0], shape[1:]
        rows, entries = self.formula((first, *rest), depth), self.formula((first,), depth)
        return cr.each(entries[i] * At(rows, i) + self.leaf(rest) for i in cr.over(first))

    def clustered(self, shape, depth):
        points, centres = self.formula((n, p), depth), self.formula((m, p), depth)

        def count(k):
            return cr.Sum(1 for _ in C[k])

        def mean(k):
            return cr.Sum(At(points, i) for i in C[k]) / count(k)

        if self.rng.random() < 0.5:
            return cr.Sum(cr.sqnorm(At(points, i) - mean(k)) for k in C for i in C[k])
        return cr.Sum(cr.sqnorm(At(points, i) - At(centres, k)) / count(k) for k in C for i in C[k])

    # --- derivatives ------------------------------------------------------------------------------
    def derivative(self, shape, depth):
        f = self.formula((), min(depth, 2))
        variable = self.rng.choice(VARIABLES)
        g = cr.grad(f, variable)
        if self.rng.random() < 0.5:
            return cr.sqnorm(cr.tanh(g))
        return cr.sqnorm(cr.tanh(Subs(g, variable, variable / 2)))
