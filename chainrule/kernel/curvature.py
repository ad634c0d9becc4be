"""Convexity by composition: the curvature of a formula in one variable, read off the formula as written.

    constant    does not contain the variable          affine      A x + b
    convex      f((1-t)x + ty) <= (1-t)f(x) + tf(y)     concave     the same with >=

A sum of convex terms, a nonnegative multiple, a convex function of an affine one, an increasing convex function of a
convex one, and a few forms that are convex as a whole (norms, quadratic forms, quadratic over linear, -log det). For
a tensor
the word holds of every entry.

Source: Boyd and Vandenberghe, Convex Optimization (2004), sec. 3.2; Grant, Boyd and Ye, Disciplined Convex Programming
(2006). Everything in this file is trusted.
"""

from __future__ import annotations

from dataclasses import dataclass

from chainrule.notation.nodes import (
    Add,
    Apply,
    At,
    Div,
    Each,
    Kron,
    Let,
    MatMul,
    Mul,
    Neg,
    Node,
    Number,
    Op,
    Pow,
    Reduce,
    Sum,
    Transpose,
    Var,
    as_node,
)

from .order import Order, factors, product_of

CONSTANT, AFFINE, CONVEX, CONCAVE, UNKNOWN = "constant", "affine", "convex", "concave", "unknown"
FLIPPED = {CONVEX: CONCAVE, CONCAVE: CONVEX}

INCREASING_CONVEX = {"exp", "softplus", "relu"}
INCREASING_CONCAVE = {"log", "sqrt"}


@dataclass
class Curvature:
    """The curvature of formulas in `variable`, the other symbols held fixed."""

    variable: Var
    order: Order

    def convex(self, f: Node) -> bool:
        """Every entry of f is convex in the variable."""
        return self.of(f) in (CONSTANT, AFFINE, CONVEX)

    def concave(self, f: Node) -> bool:
        """Every entry of f is concave in the variable."""
        return self.of(f) in (CONSTANT, AFFINE, CONCAVE)

    def affine(self, f: Node) -> bool:
        """Every entry of f is affine in the variable."""
        return self.of(f) in (CONSTANT, AFFINE)

    def of(self, f: Node) -> str:
        """constant, affine, convex, concave or unknown."""
        if self.variable not in f.atoms(Var):
            return CONSTANT
        match f:
            case Var():
                return AFFINE
            case Let():
                return self.of(f.value)
            case Neg(args=(g,)):
                found = self.of(g)
                return FLIPPED.get(found, found)
            case Add(args=(g, h)):
                return _sum(self.of(g), self.of(h))
            case Transpose(args=(g,)) | Op(kind="diag" | "trace" | "diagof", args=(_, g)) | At(args=(g, *_)):
                return self.of(g)
            case Reduce(kind="sum", args=(_, g, _)) | Each(body=g):
                return self.of(g)
            case Sum():
                return self._sum(f)
            case Mul(args=(g, h)):
                return self._product(g, h)
            case Div(args=(g, h)):
                return self._quotient(g, h)
            case MatMul():
                return self._matmul(f)
            case Kron(args=(g, h)):
                return AFFINE if self._one_constant(g, h) and self.affine(g) and self.affine(h) else UNKNOWN
            case Pow(args=(g, k)):
                return self._power(g, k)
            case Apply(args=(_, g)):
                return self._applied(f.function, g)
            case Reduce(kind="logsumexp" | "max", args=(_, g, _)):
                return CONVEX if self.convex(g) else UNKNOWN
            case Op(args=(_, g)):
                return self._operation(f.kind, g)
        return UNKNOWN

    def _one_constant(self, g: Node, h: Node) -> bool:
        return CONSTANT in (self.of(g), self.of(h))

    def _scaled(self, weight: Node, g: Node) -> str:
        """weight * g with a weight that does not vary."""
        found = self.of(g)
        if found in (CONSTANT, AFFINE, UNKNOWN):
            return found
        if self.order.nonnegative(weight):
            return found
        return FLIPPED[found] if self.order.nonnegative(Neg(weight)) else UNKNOWN

    def _sum(self, f: Sum) -> str:
        weights = [r.weight for r in f.ranges if r.weight is not None]
        if any(self.of(w) != CONSTANT or not self.order.nonnegative(w) for w in weights):
            return UNKNOWN
        return self.of(f.body)

    def _product(self, g: Node, h: Node) -> str:
        if self.of(g) == CONSTANT:
            return self._scaled(g, h)
        if self.of(h) == CONSTANT:
            return self._scaled(h, g)
        return CONVEX if g == h and self._square(g) else UNKNOWN

    def _square(self, g: Node) -> bool:
        """Is g^2 convex: g affine, or convex and nonnegative?"""
        return self.affine(g) or (self.convex(g) and self.order.nonnegative(g))

    def _quotient(self, g: Node, h: Node) -> str:
        if self.of(h) == CONSTANT:
            return self._scaled(Div(as_node(1), h), g)
        if not (self.order.positive(h) and self.concave(h)):
            return UNKNOWN
        if self.of(g) == CONSTANT:  # 1/h is convex and decreasing for h > 0
            return CONVEX if self.order.nonnegative(g) else UNKNOWN
        squared = isinstance(g, Op) and g.kind == "sqnorm" and self.affine(g.args[1]) and h.shape == ()
        return CONVEX if squared else UNKNOWN  # quadratic over linear

    def _matmul(self, f: MatMul) -> str:
        g, h = f.args
        if self._one_constant(g, h):
            weight, other = (g, h) if self.of(g) == CONSTANT else (h, g)
            return self._scaled(weight, other)
        return CONVEX if self._form(f) else UNKNOWN

    def _form(self, f: MatMul) -> bool:
        """b'Mb or b'b with b affine and a constant M that is positive semidefinite."""
        parts = factors(f)
        if f.shape != ():
            return False
        for j in range(1, len(parts) // 2 + 1):
            left, b = product_of(parts[:j]), product_of(parts[len(parts) - j :])
            inner = product_of(parts[j : len(parts) - j])
            if left is None or b is None or b.ndim != 1 or not self.affine(b) or not self.order.transposed(left, b):
                continue
            if 2 * j == len(parts):
                return True
            if inner is not None and self.of(inner) == CONSTANT and self.order.positive_semidefinite(inner):
                return True
        return False

    def _power(self, g: Node, k: Node) -> str:
        if not (isinstance(k, Number) and k.value.is_Rational):
            return UNKNOWN
        if k.value.is_Integer and k.value > 0 and k.value % 2 == 0:
            return CONVEX if self._square(g) else UNKNOWN
        if k.value >= 1 and self.convex(g) and self.order.nonnegative(g):
            return CONVEX
        if 0 < k.value <= 1 and self.concave(g) and self.order.nonnegative(g):
            return CONCAVE
        return CONVEX if k.value < 0 and self.concave(g) and self.order.positive(g) else UNKNOWN

    def _applied(self, name: str, g: Node) -> str:
        if name in INCREASING_CONVEX:
            return CONVEX if self.convex(g) else UNKNOWN
        if name in INCREASING_CONCAVE:
            return CONCAVE if self.concave(g) else UNKNOWN
        if name == "abs":
            return CONVEX if self._square(g) else UNKNOWN
        return UNKNOWN

    def _operation(self, kind: str, g: Node) -> str:
        if kind in ("sqnorm", "norm"):
            return CONVEX if self._square(g) else UNKNOWN
        if kind == "logdet":
            return CONCAVE if self.affine(g) and self.order.positive_definite(g) else UNKNOWN
        return UNKNOWN


def _sum(a: str, b: str) -> str:
    words = {a, b} - {CONSTANT}
    if not words:
        return CONSTANT
    if len(words) == 1:
        return words.pop()
    words.discard(AFFINE)
    return words.pop() if len(words) == 1 else UNKNOWN
