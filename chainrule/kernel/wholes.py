"""Forms that are convex or concave as a whole, though their parts, one by one, would not show it.

    u^2 + v^2, |x|^2 / t, b'Mb, b'P^-1 b     sums of squares, and what they are over
    sqrt(u^2 + v^2)                          a length
    log det P, tr(B'MB), tr(P^-1)            functions of matrices
    u^2 - relu(u - d)^2, g + relu(f - g)     Huber's loss, the larger of two

Source: Boyd and Vandenberghe, Convex Optimization (2004), ch. 3. Everything in this file is trusted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy as sp

from chainrule.notation.nodes import (
    Add,
    Apply,
    Div,
    Let,
    MatMul,
    Mul,
    Neg,
    Node,
    Op,
    Pow,
    Reduce,
    Sum,
    as_node,
)

from .bends import CONCAVE, CONVEX, UNKNOWN, Found
from .logarithms import Parts, both, entropy, exponential, logarithm, mean, perspective
from .order import factors, product_of
from .written import exponent, opened, terms

if TYPE_CHECKING:
    from .curvature import Curvature


def as_a_whole(c: Curvature, f: Node) -> Found | None:
    """The curvature of a form that its parts do not show; None if it is none of these."""
    return next((found for rule in RULES if (found := rule(c, f)) is not None), None)


# --- squares -------------------------------------------------------------------------------------------
def squares(c: Curvature, f: Node) -> Parts | None:
    """f = sum of u^2, each u affine, or convex and nonnegative: what the u are. c >= 0 is a square, too."""
    if c.constant(f):
        return () if c.order.nonnegative(f) else None
    match f:
        case Let():
            return squares(c, f.value)
        case Add(args=(g, h)):
            return both(squares(c, g), squares(c, h))
        case Op(kind="sqnorm", args=(_, u)):
            return _base(c, u)
        case Pow(args=(u, k)) if exponent(k) == 2:
            return _base(c, u)
        case Mul(args=(g, h)) if g == h:
            return _base(c, g)
        case Mul(args=(g, h)):
            weight, other = (g, h) if c.constant(g) else (h, g)
            return squares(c, other) if c.constant(weight) and c.order.nonnegative(weight) else None
        case Div(args=(g, h)):
            return squares(c, g) if c.constant(h) and c.order.positive(h) else None
        case Reduce(kind="sum", args=(_, g, _)):
            return squares(c, g)
        case Sum():
            weights = [r.weight for r in f.ranges if r.weight is not None]
            fixed = all(c.constant(w) and c.order.nonnegative(w) for w in weights)
            return squares(c, f.body) if fixed else None
        case MatMul():
            return _form(c, f, over=False)
    return None


def _base(c: Curvature, u: Node) -> Parts | None:
    return (c.found(u),) if c.affine(u) or (c.convex(u) and c.order.nonnegative(u)) else None


def _form(c: Curvature, f: MatMul, over: bool) -> Parts | None:
    """b'Mb or b'b with b affine and a constant M that is positive semidefinite; `over` also b'P^-1 b with an affine
    positive definite P. What b is, and P."""
    parts = factors(f)
    if f.shape != ():
        return None
    for j in range(1, len(parts) // 2 + 1):
        left, b = product_of(parts[:j]), product_of(parts[len(parts) - j :])
        inner = product_of(parts[j : len(parts) - j])
        if left is None or b is None or b.ndim != 1 or not c.affine(b) or not c.order.transposed(left, b):
            continue
        between = () if 2 * j == len(parts) else _between(c, inner, over)
        if between is not None:
            return (c.found(b), *between)
    return None


def _between(c: Curvature, m: Node | None, over: bool) -> Parts | None:
    """M is constant and semidefinite, or the inverse of an affine positive definite matrix, which is given."""
    if m is None:
        return None
    if c.constant(m):
        return () if c.order.positive_semidefinite(m) else None
    m = opened(m)
    if over and isinstance(m, Op) and m.kind == "inv" and c.affine(m.args[1]):
        return (c.found(m.args[1]),) if c.order.positive_definite(m.args[1]) else None
    return None


def _squared(c: Curvature, f: Node) -> Found | None:
    parts = squares(c, f)
    if parts is not None:
        return Found(f, CONVEX, f"a sum of squares of {_of(parts)}", parts)
    parts = _form(c, f, over=True) if isinstance(f, MatMul) else None
    return (
        None if parts is None else Found(f, CONVEX, "b'P⁻¹b is convex in b and P together, P positive definite", parts)
    )


def _of(parts: Parts) -> str:
    return "affine functions" if all(p.word != CONVEX for p in parts) else "nonnegative convex functions"


def _length(c: Curvature, f: Node) -> Found | None:
    """sqrt(u^2 + v^2), norm(u)"""
    match f:
        case Op(kind="norm", args=(_, u)):
            parts = _base(c, u)
        case Apply(function="sqrt", args=(_, g)):
            parts = squares(c, g)
        case Pow(args=(g, k)) if exponent(k) == sp.Rational(1, 2):
            parts = squares(c, g)
        case _:
            return None
    return None if parts is None else Found(f, CONVEX, f"a norm of {_of(parts)}", parts)


def _quotient(c: Curvature, f: Node) -> Found | None:
    """(u^2 + v^2) / h with a positive concave h; also where the quotient is a factor."""
    match f:
        case Div(args=(g, h)):
            parts = squares(c, g)
            if parts is None or not c.concave(h) or not c.order.positive(h):
                return None
            return Found(f, CONVEX, f"squares of {_of(parts)} over a positive concave function", (*parts, c.found(h)))
        case Mul(args=(g, h)):
            for one, other in ((g, h), (h, g)):
                turned = _as_quotient(one)
                if turned is not None and not c.constant(turned.args[1]):
                    found = _quotient(c, Div(Mul(turned.args[0], other), turned.args[1]))
                    return None if found is None else Found(f, found.word, found.rule, found.parts)
    return None


def _as_quotient(f: Node) -> Div | None:
    match f:
        case Div():
            return f
        case Pow(args=(g, k)) if exponent(k) == -1:
            return Div(as_node(1), g)
    return None


# --- matrices ------------------------------------------------------------------------------------------
def _determinant(c: Curvature, f: Node) -> Found | None:
    """log det P is concave in a positive definite P."""
    if not (isinstance(f, Op) and f.kind == "logdet"):
        return None
    p = opened(f.args[1])
    if isinstance(p, Op) and p.kind == "inv":
        inner = _determinant(c, Op(f.args[0], p.args[1]))
        return None if inner is None else c.turned(f, inner)
    if c.affine(p) and c.order.positive_definite(p):
        return Found(f, CONCAVE, "log det is concave on the positive definite matrices", (c.found(p),))
    return None


def _traced(c: Curvature, f: Node) -> Found | None:
    """tr(B'MBC), tr(B'P^-1 BC), tr(P^-1 C): sums of forms b'Mb over the columns b of B R, with C = R R'."""
    if not (isinstance(f, Op) and f.kind == "trace"):
        return None
    m = opened(f.args[1])
    match m:
        case Add():
            found = c.together(f, [Op(f.args[0], t) for t in terms(m)])
            return found if found.word != UNKNOWN else None
        case Neg(args=(g,)):
            return c.turned(f, c.found(Op(f.args[0], g)))
        case Mul(args=(g, h)) if () in (g.shape, h.shape):
            weight, other = (g, h) if g.shape == () else (h, g)
            return c.scaled(f, weight, c.found(Op(f.args[0], other))) if c.constant(weight) else None
        case Div(args=(g, h)) if h.shape == () and c.constant(h):
            return c.scaled(f, Div(as_node(1), h), c.found(Op(f.args[0], g)))
        case MatMul() | Op(kind="inv"):
            return _trace_of_product(c, f, factors(m))
    return None


def _trace_of_product(c: Curvature, f: Node, parts: list[Node]) -> Found | None:
    for k in range(len(parts)):
        turned = parts[k:] + parts[:k]
        for end in range(len(turned)):
            after = product_of(turned[len(turned) - end :])
            if end and not (after is not None and c.constant(after) and c.order.positive_semidefinite(after)):
                continue
            found = _middle(c, turned[: len(turned) - end])
            if found is not None:
                return Found(f, CONVEX, "a sum of forms b'Mb or b'P⁻¹b, M semidefinite, P positive definite", found)
    return None


def _middle(c: Curvature, parts: list[Node]) -> Parts | None:
    """B'MB, B'B or P^-1, with B and P affine."""
    for j in range(len(parts) // 2 + 1):
        left, b, m = (
            product_of(parts[:j]),
            product_of(parts[len(parts) - j :]) if j else None,
            parts[j : len(parts) - j],
        )
        if j and (left is None or b is None or b.ndim != 2 or not c.affine(b) or not c.order.transposed(left, b)):
            continue
        between = _between(c, product_of(m), over=True) if m else ()
        if between is not None and (j or between):
            return (*((c.found(b),) if b is not None else ()), *between)
    return None


# --- the larger of two, and Huber's loss -----------------------------------------------------------------
def _larger(c: Curvature, f: Node) -> Found | None:
    """g + relu(h - g), the larger of g and h, among the terms of a sum."""
    parts = terms(f) if isinstance(f, Add) else []
    for k, r in enumerate(parts):
        inner = terms(r.args[1]) if isinstance(r, Apply) and r.function == "relu" else []
        for i, g in enumerate(parts):
            minus = g.args[0] if isinstance(g, Neg) else Neg(g)
            if i == k or minus not in inner or g.shape != r.shape:
                continue
            h = _added([t for t in inner if t != minus])
            rest = [p for j, p in enumerate(parts) if j not in (i, k)]
            if h is not None and all(map(c.convex, (g, h, *rest))):
                return Found(f, CONVEX, "g + relu(h − g) is the larger of g and h", tuple(map(c.found, (g, h, *rest))))
    return None


def _added(parts: list[Node]) -> Node | None:
    made = parts[0] if parts else None
    for p in parts[1:]:
        made = Add(made, p)
    return made


def _huber(c: Curvature, f: Node) -> Found | None:
    """u^2 - relu(u - d)^2 is convex and increasing in u >= 0, for d >= 0: a square, then a line."""
    parts = terms(f) if isinstance(f, Add) else []
    for k, minus in enumerate(parts):
        u, square = _cut_off(c, minus) or (None, None)
        for i, plus in enumerate(parts):
            if u is None or square is None or i == k or plus.shape != square.shape or not c.order.equal(plus, square):
                continue
            rest = [p for j, p in enumerate(parts) if j not in (i, k)]
            if all(map(c.convex, rest)):
                rule = "u² − relu(u − d)² is convex and increasing for u >= 0, d >= 0"
                return Found(f, CONVEX, rule, tuple(map(c.found, (u, *rest))))
    return None


def _cut_off(c: Curvature, minus: Node) -> tuple[Node, Node] | None:
    """For a term -a relu(u - d)^2 with a, d >= 0 and u convex and nonnegative: u, and a u^2."""
    excess = Neg(minus) if not isinstance(minus, Neg) else minus.args[0]
    relu = _squared_relu(c, excess)
    if relu is None:
        return None
    inside = terms(relu.args[1])
    u = _added([t for t in inside if not c.constant(t)])
    d = _added([Neg(t) for t in inside if c.constant(t)])
    if u is None or d is None or u.shape != relu.shape or not c.order.nonnegative(d):
        return None
    return (u, excess.xreplace({relu: u})) if c.convex(u) and c.order.nonnegative(u) else None


def _squared_relu(c: Curvature, f: Node) -> Apply | None:
    """The relu of a nonnegative multiple of its square, entry by entry or summed over entries."""
    match f:
        case Let():
            return _squared_relu(c, f.value)
        case Mul(args=(Apply(function="relu") as r, s)) if r == s:
            return r
        case Mul(args=(g, h)) if c.constant(g) or c.constant(h):
            weight, other = (g, h) if c.constant(g) else (h, g)
            return _squared_relu(c, other) if c.order.nonnegative(weight) else None
        case Div(args=(g, h)) if c.constant(h) and c.order.positive(h):
            return _squared_relu(c, g)
        case Pow(args=(Apply(function="relu") as r, k)) if exponent(k) == 2:
            return r
        case Op(kind="sqnorm", args=(_, Apply(function="relu") as r)):
            return r
        case Reduce(kind="sum", args=(_, g, _)):
            return _squared_relu(c, g)
    return None


RULES = (
    _squared, _length, _quotient, entropy, mean, logarithm, _determinant, _traced, perspective, _larger, _huber,
    exponential,
)  # fmt: skip
