"""A derivative taken one law at a time, as the lines of a derivation.

The gradient is carried from the result back to the variable. At each moment it is a sum of vector-Jacobian products:

    grad(sqnorm(y - X @ w), w)
        = 2 * vjp(y - X @ w, w, y - X @ w)          squared norm
        = -2 * vjp(X @ w, w, y - X @ w)             linearity
        = -2 * X.T @ (y - X @ w)                    matrix product

Every line can be shown from the line before it by the laws of derivatives.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import sympy as sp
from sympy.core.symbol import Str

from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.forms.lower import Lowering
from chainrule.notation.nodes import (
    Add,
    Apply,
    Deriv,
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
    Softmax,
    Sum,
    Transpose,
)

from .order import mark
from .products import assembled, negative, num
from .readback import derivative
from .reader import Reader
from .reverse import differentiate, moving, pass_on, projected
from .sums import added, positive

ONE = Fraction(1)
Line = tuple[Node, str]


def steps(deriv: Deriv) -> list[Line]:
    """The lines after `deriv` itself: each formula, and the name of the law that leads to it. The last line is the
    derivative as `derivative` writes it."""
    lines = _lines(deriv)
    last = derivative(deriv)
    if not lines or lines[-1][0] != last:
        lines.append((last, "algebra" if lines else _law(Lowering(differentiate), deriv)))
    return _distinct(deriv, lines)


def _lines(deriv: Deriv) -> list[Line]:
    lowering = Lowering(differentiate)
    low = [lowering(part) for part in deriv.args[1:]]
    if any(part.letters for part in low) or any(g != 1 for part in low for g in part.groups):
        return []
    match deriv.kind:
        case "hessian":
            first = Deriv(Str("grad"), deriv.args[1], deriv.args[2])
            outer = Deriv(Str("jacobian"), derivative(first, name=False), deriv.args[2])
            return [(outer, "gradient of a gradient"), *_lines(outer)]
        case "vjp":
            return _Backward(deriv, low[0].node, low[1].node, low[2].node).lines()
        case "grad" | "jacobian" if not deriv.args[1].ndim:
            return _Backward(deriv, low[0].node, low[1].node, dag.number(1)).lines()
    return _term_by_term(deriv)


def _distinct(deriv: Deriv, lines: Sequence[Line]) -> list[Line]:
    """The lines without those that repeat the one before them."""
    kept: list[Line] = []
    for formula, law in lines:
        if formula != (kept[-1][0] if kept else deriv):
            kept.append((formula, law))
    return kept


# --- gradients and vector-Jacobian products ----------------------------------------------------------
class _Backward:
    """The adjoints that still have to be carried on, from the result down to the variable."""

    def __init__(self, deriv: Deriv, y: Dag, x: Dag, start: Dag):
        self.deriv, self.x = deriv, x
        self.reader = Reader(written=[deriv])
        self.moves = moving([y], [x])
        self.waiting: dict[Dag, Dag] = {y: start}

    def lines(self) -> list[Line]:
        """One line for each law applied."""
        made: list[Line] = []
        while True:
            pending = [n for n in self.waiting if n in self.moves and n is not self.x]
            if not pending:
                return made
            inside = {c for n in pending for c in dag.order(n) if c is not n}
            node = min((n for n in pending if n not in inside), key=self._rank)
            adjoint = self.waiting.pop(node)
            for child, share in pass_on(node, adjoint, (), {}):
                if child in self.moves:
                    before = self.waiting.get(child)
                    self.waiting[child] = share if before is None else dag.add(before, share)
            made.append((self.formula(), law_of(node, self.reader(node))))

    def _rank(self, node: Dag) -> tuple[object, ...]:
        """The author's order."""
        return (self.reader.written.place(node), mark(node))

    def formula(self) -> Node:
        """What is still to be taken, and what is known."""
        able = [(n, g) for n, g in self.waiting.items() if n in self.moves and g.kind != "zero"]
        terms = [self._term(n, g) for n, g in sorted(able, key=lambda item: (item[0] is self.x, self._rank(item[0])))]
        if not terms:
            return num(0, self.x.dims)
        terms.sort(key=lambda t: positive(t) is not None)
        return added(terms)

    def _term(self, node: Dag, adjoint: Dag) -> Node:
        if node is self.x:
            return self.reader(projected(adjoint, self.x, 0))
        f, x = self.reader(node), self.deriv.args[2]
        coef, held = dag.scaled(adjoint)
        if not node.dims:
            term = self.reader.flat(adjoint)
            made = self.reader.reduce(term)
            return assembled(term.coef, made.scalars, Deriv(Str("grad"), f, x))
        return assembled(coef, [], Deriv(Str("vjp"), f, x, self.reader(held)))


# --- Jacobians ---------------------------------------------------------------------------------------
def _term_by_term(deriv: Deriv) -> list[Line]:
    """A sum split into its terms, then one term after another."""
    terms = list(_terms(deriv.args[1]))
    pending: list[Node] = [_with_sign(t, Deriv(Str("jacobian"), _plain(t), deriv.args[2])) for t in terms]
    lines: list[Line] = []
    if len(terms) > 1:
        lines.append((added(pending), "linearity"))
    lowering = Lowering(differentiate)
    for k, t in enumerate(terms):
        taken = Deriv(Str("jacobian"), _plain(t), deriv.args[2])
        pending[k] = _with_sign(t, derivative(taken, name=False))
        lines.append((added(pending), _law(lowering, taken)))
    return lines


def _terms(f: Node) -> list[Node]:
    """The terms of a written sum; a term that would have to be stretched to the shape of the sum keeps it whole."""
    if not isinstance(f, Add):
        return [f]
    left, right = f.args
    if left.shape != f.shape or right.shape != f.shape:
        return [f]
    return [*_terms(left), *_terms(right)]


def _plain(term: Node) -> Node:
    return term.args[0] if isinstance(term, Neg) else term


def _with_sign(term: Node, made: Node) -> Node:
    if not isinstance(term, Neg):
        return made
    if isinstance(made, Number) and made.value == sp.Integer(0):
        return made
    return negative(made)


# --- the names of laws -------------------------------------------------------------------------------
def _law(lowering: Lowering, deriv: Deriv) -> str:
    """The laws that one derivative needs, by name."""
    f, x = (lowering(part).node for part in deriv.args[1:3])
    if x not in dag.order(f):
        return "constant"
    if f is x:
        return "identity"
    nodes = [n for n in dag.order(f) if n in moving([f], [x]) and n is not x]
    names = [law_of(n, deriv.args[1] if n is f else None) for n in reversed(nodes)]
    return ", ".join(dict.fromkeys(names))


def law_of(node: Dag, written: Node | None = None) -> str:
    """The law for a node, by the name that fits how it is written."""
    match node.kind:
        case "function":
            return str(node.args[0])
        case "sum":
            return "linearity"
        case "contract":
            return _clothes(written)
        case "logdet":
            return "log-determinant"
        case "det":
            return "determinant"
        case "logsumexp":
            return "log-sum-exp"
        case "max":
            return "maximum"
        case "argmax":
            return "position of the maximum"
    return node.kind


def _clothes(written: Node | None) -> str:
    """The product rule under the name in which a reader meets it."""
    match written:
        case Op():
            return {"sqnorm": "squared norm", "trace": "trace", "diag": "diagonal matrix",
                    "diagof": "diagonal"}.get(written.kind, "product rule")  # fmt: skip
        case MatMul():
            return "matrix product"
        case Transpose():
            return "transpose"
        case Kron():
            return "Kronecker product"
        case Div():
            return "quotient"
        case Reduce() if written.kind == "sum":
            return "sum over an axis"
        case Sum():
            return "linearity"
        case Neg():
            return "linearity"
        case Mul() if isinstance(written.args[0], Number):
            return "linearity"
        case Mul():
            return "entrywise product"
        case Let():
            return _clothes(written.value)
        case Each() | Add() | Pow() | Apply() | Softmax() | None:
            return "product rule"
    return "product rule"
