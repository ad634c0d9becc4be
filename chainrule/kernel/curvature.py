"""Convexity by composition: the curvature of a formula in some variables, read off the formula as written.

    constant    does not contain the variables         affine      A x + b
    convex      f((1-t)x + ty) <= (1-t)f(x) + tf(y)     concave     the same with >=

A sum of convex terms, a nonnegative multiple, a convex function of an affine one, an increasing convex function of a
convex one (`bends.py`), and forms that are convex as a whole (`wholes.py`). Several variables move together: x y is
neither. For a tensor the word holds of every entry. That logarithms, roots and quotients have values is asked elsewhere
(`obligations.py`); the domain is convex, which is asked there, too.

Source: Boyd and Vandenberghe, Convex Optimization (2004), sec. 3.2; Grant, Boyd and Ye, Disciplined Convex
Programming (2006). Everything in this file is trusted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import sympy as sp

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
    Op,
    Pow,
    Reduce,
    Sum,
    Transpose,
    Var,
    as_node,
)

from .bends import (
    AFFINE,
    CONCAVE,
    CONSTANT,
    CONVEX,
    EVERYWHERE,
    FLIPPED,
    UNKNOWN,
    Bend,
    Found,
    an,
    of_function,
    of_power,
)
from .order import Order
from .wholes import as_a_whole
from .written import exponent, terms


@dataclass
class Curvature:
    """The curvature of formulas in `variables` together, the other symbols held fixed."""

    variables: tuple[Var, ...]
    order: Order
    _known: dict[Node, Found] = field(default_factory=dict)

    def of(self, f: Node) -> str:
        """constant, affine, convex, concave or unknown."""
        return self.found(f).word

    def convex(self, f: Node) -> bool:
        """Every entry of f is convex."""
        return self.of(f) in (CONSTANT, AFFINE, CONVEX)

    def concave(self, f: Node) -> bool:
        """Every entry of f is concave."""
        return self.of(f) in (CONSTANT, AFFINE, CONCAVE)

    def affine(self, f: Node) -> bool:
        """Every entry of f is affine."""
        return self.of(f) in (CONSTANT, AFFINE)

    def among(self, variables: tuple[Var, ...]) -> Curvature:
        """The same under the same facts, in other variables."""
        return Curvature(variables, self.order)

    def constant(self, f: Node) -> bool:
        """None of the variables is in f."""
        return not f.atoms(Var).intersection(self.variables)

    def found(self, f: Node) -> Found:
        """The same with the rules that show it, down to the affine parts."""
        if f not in self._known:
            self._known[f] = self._found(f)
        return self._known[f]

    def _found(self, f: Node) -> Found:
        if self.constant(f):
            return Found(f, CONSTANT)
        found = self._by_its_kind(f)
        if found.word != UNKNOWN:
            return found
        return as_a_whole(self, f) or found

    def _by_its_kind(self, f: Node) -> Found:
        match f:
            case Var():
                return Found(f, AFFINE)
            case Let():
                return self.same(f, f.value, "what it stands for")
            case Neg(args=(g,)):
                return self.turned(f, self.found(g))
            case Add():
                return self.together(f, terms(f))
            case Transpose(args=(g,)) | Op(kind="diag" | "trace" | "diagof", args=(_, g)) | At(args=(g, *_)):
                return self.same(f, g, "its entries")
            case Reduce(kind="sum", args=(_, g, _)) | Each(body=g):
                return self.same(f, g, "a sum" if isinstance(f, Reduce) else "its entries")
            case Sum():
                return self._sum(f)
            case Mul(args=(g, h)):
                return self._weighed(f, g, h) or self._product(f, g, h)
            case Div(args=(g, h)):
                return self._quotient(f, g, h)
            case MatMul(args=(g, h)):
                return self._weighed(f, g, h) or self.unknown(f, g, h)
            case Kron(args=(g, h)):
                one = self.constant(g) or self.constant(h)
                affine = one and self.affine(g) and self.affine(h)
                return Found(f, AFFINE) if affine else self.unknown(f, g, h)
            case Pow(args=(g, k)):
                return self._power(f, g, exponent(k))
            case Apply(args=(_, g)):
                return self.bent(f, g, of_function(f.function), f.function)
            case Reduce(kind="logsumexp" | "max", args=(_, g, _)):
                bends = (Bend(EVERYWHERE, CONVEX, "increasing"),)
                return self.bent(f, g, bends, "the largest entry" if f.kind == "max" else "log-sum-exp")
            case Op(args=(_, g)):
                return self.unknown(f, g)
        return self.unknown(f)

    # --- what the rules are made of -------------------------------------------------------------------
    def unknown(self, f: Node, *parts: Node) -> Found:
        """No rule says anything of f."""
        return Found(f, UNKNOWN, "", tuple(self.found(p) for p in parts))

    def same(self, f: Node, g: Node, rule: str) -> Found:
        """f has the curvature of g: it is linear in the entries of g, with weights 0 and 1."""
        inner = self.found(g)
        return Found(f, inner.word, rule, (inner,))

    def turned(self, f: Node, inner: Found) -> Found:
        """f = -g."""
        return Found(f, FLIPPED.get(inner.word, inner.word), f"the opposite of {an(inner.word)} one", (inner,))

    def together(self, f: Node, parts: Iterable[Node]) -> Found:
        """f is the sum of these parts."""
        found = tuple(self.found(p) for p in parts)
        words = {p.word for p in found} - {CONSTANT}
        bent = words - {AFFINE}
        word = CONSTANT if not words else AFFINE if not bent else bent.pop() if len(bent) == 1 else UNKNOWN
        return Found(f, word, f"a sum of {word} functions" if word != UNKNOWN else "", found)

    def bent(self, f: Node, g: Node, bends: tuple[Bend, ...], name: str) -> Found:
        """f is this function of g, entry by entry."""
        inner = self.found(g)
        for bend in bends:
            word = bend.through(inner.word)
            if word != UNKNOWN and self.lies(g, bend.where):
                on = "" if bend.where == EVERYWHERE else f" for {bend.where}"
                runs = f" and {bend.runs}" if bend.runs and inner.word != AFFINE else ""
                return Found(f, word, f"{name} is {bend.word}{runs}{on}; of {an(inner.word)} function", (inner,))
        return Found(f, UNKNOWN, "", (inner,))

    def lies(self, g: Node, where: str) -> bool:
        """Are all values of g there?"""
        match where:
            case "x >= 0":
                return self.order.nonnegative(g)
            case "x <= 0":
                return self.order.nonnegative(Neg(g))
            case "x > 0":
                return self.order.positive(g)
            case "x < 0":
                return self.order.positive(Neg(g))
        return where == EVERYWHERE

    def _weighed(self, f: Node, g: Node, h: Node) -> Found | None:
        """A product, of entries or of matrices, with one factor that does not vary."""
        if self.constant(g):
            return self.scaled(f, g, self.found(h))
        return self.scaled(f, h, self.found(g)) if self.constant(h) else None

    def _product(self, f: Mul, g: Node, h: Node) -> Found:
        """Nothing is known of a product by its parts but that a minus comes out."""
        if isinstance(g, Neg) or isinstance(h, Neg):
            bare = Mul(g.args[0], h) if isinstance(g, Neg) else Mul(g, h.args[0])
            return self.turned(f, self.found(bare))
        return self.unknown(f, g, h)

    def scaled(self, f: Node, weight: Node, inner: Found) -> Found:
        """f is linear in the entries of what was found, and these are its weights."""
        if inner.word in (CONSTANT, AFFINE):
            return Found(f, inner.word, "linear", (inner,))
        if inner.word == UNKNOWN:
            return Found(f, UNKNOWN, "", (inner,))
        if self.order.nonnegative(weight):
            return Found(f, inner.word, f"a nonnegative multiple of {an(inner.word)} function", (inner,))
        if self.order.nonnegative(Neg(weight)):
            return Found(f, FLIPPED[inner.word], f"a negative multiple of {an(inner.word)} function", (inner,))
        return Found(f, UNKNOWN, "", (inner,))

    def _sum(self, f: Sum) -> Found:
        weights = [r.weight for r in f.ranges if r.weight is not None]
        if all(self.constant(w) and self.order.nonnegative(w) for w in weights):
            return self.same(f, f.body, "a sum")
        return self.unknown(f, f.body)

    def _quotient(self, f: Node, g: Node, h: Node) -> Found:
        if self.constant(h):
            return self.scaled(f, Div(as_node(1), h), self.found(g))
        if isinstance(g, Neg):
            return self.turned(f, self.found(Div(g.args[0], h)))
        if not self.constant(g):
            return self.unknown(f, g, h)
        inverse = self.bent(Div(as_node(1), h), h, of_power(sp.Rational(-1)), "1/x")
        if g == as_node(1) or inverse.word == UNKNOWN:
            return Found(f, inverse.word, inverse.rule, inverse.parts)
        return self.scaled(f, g, inverse)

    def _power(self, f: Node, g: Node, k: sp.Rational | None) -> Found:
        if k is None or k == 0:
            return self.unknown(f, g)
        return self.same(f, g, "itself") if k == 1 else self.bent(f, g, of_power(k), f"x^{k}")
