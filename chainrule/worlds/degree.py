"""How large the degree of an identity can be: what bounds the chance that testing over F_p is fooled.

Every array is thought of as N / Q with one denominator Q for all its entries; a degree is the pair of upper bounds
(deg N, deg Q), as polynomials in the numbers that a world draws, so that the construction of orthogonal, simplex, ...
values is counted in. A nonzero polynomial of degree d vanishes at a random point of F_p with probability at most d / p
(Schwartz, Zippel). Of the more than 10^17 primes between 2^61 and 2^63 only the few that divide all its coefficients
make it vanish altogether; they are not counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

import numpy as np

from chainrule.errors import Unsupported
from chainrule.notation.nodes import (
    Add,
    Apply,
    At,
    Delta,
    Deriv,
    Div,
    Each,
    Expect,
    Eye,
    Indicator,
    Kron,
    Let,
    MatMul,
    Mul,
    Neg,
    Node,
    Number,
    Op,
    Position,
    Pow,
    Reduce,
    Shifted,
    Size,
    Softmax,
    Subs,
    Sum,
    Transpose,
    Var,
)  # fmt: skip

from .arithmetic import Rationals
from .contents import symbols
from .evaluate import evaluate
from .sample import FINITE
from .world import Sizes, World, extent, extents

Degree = tuple[int, int]


def sampled_degree(names: frozenset[str], shape: tuple[int, ...]) -> Degree:
    """The degree of a symbol's value in the numbers drawn for it."""
    if names & FINITE:
        return 0, 0
    batch = prod(shape[:-2]) if len(shape) > 2 else 1
    if "orthonormal_columns" in names:
        reflections = 2 * shape[-2] * (2 if {"symmetric", "skew"} & names else 1)
        return _together((reflections, reflections), batch)
    if {"psd", "positive_definite"} & names:
        return 2, 0
    if {"simplex", "stochastic_rows"} & names:
        rows = prod(shape[:-1])
        return _together((2, 2) if "symmetric" in names else (1, 1), max(rows, 1))
    if "unit_interval" in names:
        return _together((1, 1), prod(shape))
    return _together((2, 2), prod(shape[:-1])) if "unit" in names else (1, 0)


def _together(d: Degree, count: int) -> Degree:
    """Several fractions of this degree over one denominator."""
    return d[0] + (count - 1) * d[1], count * d[1]


class Degrees:
    """Degrees of formulas at given sizes."""

    def __init__(self, sizes: Sizes, properties: Mapping[Var, frozenset[str]], definitions: Mapping[Var, Node]):
        self.sizes, self.properties, self.definitions = sizes, properties, definitions
        self.bound: dict[Var, Degree] = {}
        self.known: dict[int, tuple[Node, Degree]] = {}

    def of(self, node: Node) -> Degree:
        """(deg N, deg Q) of a formula."""
        if id(node) not in self.known:
            self.known[id(node)] = (node, self._of(node))
        return self.known[id(node)][1]

    def relation(self, left: Node, right: Node) -> int:
        """The degree of the cleared numerator of left - right, and of the denominators that must not vanish."""
        (a, b), (c, d) = self.of(left), self.of(right)
        return max(a + d, b + c) + b + d

    def _shape(self, node: Node) -> tuple[int, ...]:
        return extents(node.shape, self.sizes)

    def _of(self, node: Node) -> Degree:
        match node:
            case Var():
                return self._symbol(node)
            case Number() | Size() | Eye() | Delta() | Indicator() | Position():
                return 0, 0
            case Add():
                return _plus(self.of(node.args[0]), self.of(node.args[1]))
            case Mul() | Kron():
                return _times(self.of(node.args[0]), self.of(node.args[1]))
            case Div():
                return _times(self.of(node.args[0]), self._reciprocal(node.args[1]))
            case Neg() | Transpose() | At() | Shifted():
                return self.of(node.args[0])
            case Pow():
                return self._power(node)
            case Apply():
                return _logarithmic(self.of(node.args[1]))
            case Reduce():
                return self._reduce(node)
            case MatMul():
                return _times(self.of(node.args[0]), self.of(node.args[1]))
            case Op():
                return self._op(node)
            case Sum():
                return self._sum(node)
            case Each():
                return _together(self.of(node.body), prod(extent(i.dim, self.sizes) for i in node.letters))
            case Let():
                return self.of(node.value)
            case Subs():
                return self._subs(node)
            case Deriv():
                return self._deriv(node)
            case Expect():
                return self._expect(node)
            case Softmax():
                raise Unsupported("softmax has no degree: it is no rational function")
        raise Unsupported(f"no degree for a node of kind {type(node).__name__}: {node}")

    def _symbol(self, var: Var) -> Degree:
        if var in self.bound:
            return self.bound[var]
        if var in self.definitions:
            return self.of(self.definitions[var])
        return sampled_degree(self.properties.get(var, frozenset()), self._shape(var))

    def _reciprocal(self, node: Node) -> Degree:
        """1/x_i = Q prod_(j != i) N_j / prod_j N_j over the entries of x."""
        a, b = self.of(node)
        entries = prod(self._shape(node))
        return b + (entries - 1) * a, entries * a

    def _power(self, node: Pow) -> Degree:
        base, exponent = node.args
        if symbols(exponent):
            raise Unsupported("no degree for a power with a symbol in its exponent")
        value = evaluate(exponent, World(self.sizes, {}), Rationals()).item()
        k = abs(int(value.p)) if value.q == 1 else 0
        if value.q != 1:
            raise Unsupported("no degree for a power with an exponent that is no integer")
        a, b = self.of(base) if value > 0 else self._reciprocal(base)
        return k * a, k * b

    def _reduce(self, node: Reduce) -> Degree:
        if node.kind == "sum":
            return self.of(node.args[1])
        raise Unsupported(f"no degree for {node.kind}: it is no rational function")

    def _op(self, node: Op) -> Degree:
        a, b = self.of(node.args[1])
        shape = self._shape(node.args[1])
        n, batch = shape[-1], prod(shape[:-2])
        match node.kind:
            case "inv":
                return _together(((n - 1) * a + b, n * a), batch)
            case "det":
                return n * a, n * b
            case "logdet":
                return _logarithmic((n * a, n * b))
            case "trace" | "diag" | "diagof":
                return a, b
            case "sqnorm":
                return 2 * a, 2 * b
        raise Unsupported(f"no degree for {node.kind}: it is no rational function")

    def _sum(self, node: Sum) -> Degree:
        weights = [self.of(r.weight) for r in node.ranges if r.weight is not None]
        d = self.of(node.body)
        for w in weights:
            d = _times(d, w)
        return _together(d, prod(extent(r.letter.dim, self.sizes) for r in node.ranges))

    def _subs(self, node: Subs) -> Degree:
        body, variable, value = node.args
        inner = Degrees(self.sizes, self.properties, self.definitions)
        inner.bound = {**self.bound, variable: self.of(value)}
        return inner.of(body)

    def _expect(self, node: Expect) -> Degree:
        """Of x at most as many factors are replaced by entries of the mean and the covariance as there are."""
        a, b = _plus(self.of(node.mean), self.of(node.covariance))
        inner = Degrees(self.sizes, self.properties, self.definitions)
        inner.bound = {**self.bound, node.variable: (max(a, b), b)}
        return inner.of(node.body)

    def _deriv(self, node: Deriv) -> Degree:
        d = self.of(node.args[1])
        if node.kind == "vjp":
            d = _times(d, self.of(node.args[3]))
        for _ in range(2 if node.kind == "hessian" else 1):
            d = (d[0] + d[1], 2 * d[1])
        return d


def _plus(x: Degree, y: Degree) -> Degree:
    return max(x[0] + y[1], y[0] + x[1]), x[1] + y[1]


def _times(x: Degree, y: Degree) -> Degree:
    return x[0] + y[0], x[1] + y[1]


def _logarithmic(d: Degree) -> Degree:
    """A function whose derivative is rational (log: f'/f, atan: f'/(1 + f^2)), as a fraction at least that large."""
    return 2 * (d[0] + d[1]), 2 * (d[0] + d[1])


def error_bound(degree: int, reps: int) -> float:
    """The chance that a false identity of this degree survives so many independent tests: (degree / p)^reps."""
    return float(np.float64(degree) / 2.0**61) ** reps
