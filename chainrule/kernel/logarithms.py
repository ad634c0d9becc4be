"""Forms that are convex or concave because of their logarithms or their ratios.

    x log x, x log(x / y)                    entropies
    x^a y^b, a + b <= 1                      geometric means
    log(e^u + e^v), e^u e^v, 1/(x y)         what has a convex or a concave logarithm
    t f(x / t)                               perspectives

Source: Boyd and Vandenberghe, Convex Optimization (2004), sec. 3.2.6 and 3.5. Everything in this file is trusted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy as sp

from chainrule.notation.indices import free_letters
from chainrule.notation.nodes import (
    Add,
    Apply,
    Div,
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
    Var,
    make_var,
)  # fmt: skip

from .bends import AFFINE, CONCAVE, CONVEX, FLIPPED, UNKNOWN, Found
from .written import column, exponent, opened, terms

if TYPE_CHECKING:
    from .curvature import Curvature

Parts = tuple[Found, ...]


def both(a: Parts | None, b: Parts | None) -> Parts | None:
    """The parts of two forms, if both are such."""
    return None if a is None or b is None else a + b


# --- entropies -----------------------------------------------------------------------------------------
def entropy(c: Curvature, f: Node) -> Found | None:
    """x log x and x log(x / y) are convex in x > 0 and y > 0; a product with a sum of logarithms is a sum."""
    match f:
        case Mul(args=(g, h)):
            pairs = ((g, h), (h, g))
        case MatMul(args=(g, h)) if g.row and h.ndim == 1 and not h.row:
            pairs = ((column(g), h), (h, column(g)))
        case _:
            return None
    for x, logarithm in pairs:
        if c.affine(x):
            found = _weighed_logarithm(c, f, x, opened(logarithm))
            if found is not None:
                return found
    return None


def _weighed_logarithm(c: Curvature, f: Node, x: Node, factor: Node) -> Found | None:
    if isinstance(x, Neg):
        turned = _weighed_logarithm(c, Mul(x.args[0], factor), x.args[0], factor)
        return None if turned is None else Found(f, FLIPPED.get(turned.word, turned.word), turned.rule, turned.parts)
    if isinstance(factor, Neg):
        return _weighed_logarithm(c, f, Neg(x), factor.args[0])
    over, under = _ratio(factor)
    if over is not None and c.order.equal(over, x):
        if under is None:
            return Found(f, CONVEX, "x log x is convex", (c.found(x),))
        if c.concave(under) and c.order.positive(under):
            return Found(f, CONVEX, "x log(x/y) is convex in x and y > 0 together", (c.found(x), c.found(under)))
    if over is not None and under is not None and c.order.equal(under, x) and _positive_concave(c, over, x):
        return Found(f, CONCAVE, "x log(y/x) is concave in x and y > 0 together", (c.found(x), c.found(over)))
    if isinstance(x, Mul) and (c.constant(x.args[0]) or c.constant(x.args[1])):
        weight, rest = x.args if c.constant(x.args[0]) else x.args[::-1]
        inner = _weighed_logarithm(c, Mul(rest, factor), rest, factor)
        return None if inner is None else c.scaled(f, weight, inner)
    if isinstance(factor, Add):
        return _distributed(c, f, x, terms(factor))
    return None


def _positive_concave(c: Curvature, y: Node, x: Node) -> bool:
    return c.concave(y) and c.order.positive(y) and c.order.positive(x)


def _ratio(factor: Node) -> tuple[Node | None, Node | None]:
    """log(a / b) or log a - log b as (a, b); log a as (a, None)."""
    match factor:
        case Apply(function="log", args=(_, Div(args=(a, b)))):
            return a, b
        case Apply(function="log", args=(_, a)):
            return a, None
        case Add(args=(Apply(function="log", args=(_, a)), Neg(args=(Apply(function="log", args=(_, b)),)))):
            return a, b
    return None, None


def _distributed(c: Curvature, f: Node, x: Node, parts: list[Node]) -> Found | None:
    found = c.together(f, [Mul(x, t) for t in parts])
    return found if found.word != UNKNOWN else None


# --- products of powers --------------------------------------------------------------------------------
def mean(c: Curvature, f: Node) -> Found | None:
    """x^a y^b ... with a, b, ... >= 0, a + b + ... <= 1, of nonnegative concave functions."""
    if not isinstance(f, Mul | Pow | Apply):
        return None
    powers = _powers(c, f, sp.Integer(1))
    if powers is None or not powers or sum(k for _, k in powers) > 1:
        return None
    if any(g == f for g, _ in powers) or not all(c.order.nonnegative(g) and c.concave(g) for g, _ in powers):
        return None
    return Found(f, CONCAVE, "a geometric mean of nonnegative concave functions", tuple(c.found(g) for g, _ in powers))


def _powers(c: Curvature, f: Node, k: sp.Rational) -> list[tuple[Node, sp.Rational]] | None:
    """The bases and exponents of a product, without its nonnegative constants."""
    if c.constant(f):
        return [] if c.order.nonnegative(f) else None
    match f:
        case Let():
            return _powers(c, f.value, k)
        case Mul(args=(g, h)):
            left, right = _powers(c, g, k), _powers(c, h, k)
            return None if left is None or right is None else left + right
        case Apply(function="sqrt", args=(_, g)):
            return _powers(c, g, k / 2)
        case Pow(args=(g, e)) if (power := exponent(e)) is not None and power > 0 and c.order.nonnegative(g):
            return _powers(c, g, k * power)
        case Div(args=(g, h)) if c.constant(h) and c.order.positive(h):
            return _powers(c, g, k)
    return [(f, k)]


# --- logarithms ----------------------------------------------------------------------------------------
def log_convex(c: Curvature, f: Node) -> Parts | None:
    """f >= 0 and log f is convex (where f > 0): sums and products of e^u, quotients with what is log-concave."""
    if c.constant(f):
        return () if c.order.nonnegative(f) else None
    match f:
        case Let():
            return log_convex(c, f.value)
        case Apply(function="exp", args=(_, g)):
            return (c.found(g),) if c.convex(g) else None
        case Apply(function="sqrt", args=(_, g)):
            return log_convex(c, g)
        case Add(args=(g, h)) | Mul(args=(g, h)):
            return both(log_convex(c, g), log_convex(c, h))
        case Div(args=(g, h)):
            return both(log_convex(c, g), log_concave(c, h) if c.order.positive(h) else None)
        case Pow(args=(g, k)) if (power := exponent(k)) is not None:
            return log_convex(c, g) if power > 0 else log_concave(c, g) if c.order.positive(g) else None
        case Reduce(kind="sum", args=(_, g, _)) | Transpose(args=(g,)):
            return log_convex(c, g)
        case Sum():
            return log_convex(c, f.body) if all(r.weight is None for r in f.ranges) else None
        case MatMul(args=(g, h)):
            return both(log_convex(c, g), log_convex(c, h))
    return None


def log_concave(c: Curvature, f: Node) -> Parts | None:
    """f >= 0 and log f is concave (where f > 0): concave functions, products, e^u, sigmoids, softmax."""
    if c.constant(f):
        return () if c.order.nonnegative(f) else None
    match f:
        case Let():
            return log_concave(c, f.value)
        case Apply(function="exp" | "sigmoid", args=(_, g)):
            return (c.found(g),) if c.concave(g) else None
        case Add(args=(Number(value=sp.S.One), Neg(args=(Apply(function="sigmoid", args=(_, g)),)))):
            return (c.found(g),) if c.convex(g) else None  # 1 - sigmoid(g) = sigmoid(-g)
        case Softmax(args=(g, _)):
            return (c.found(g),) if c.affine(g) else None
        case Mul(args=(g, h)):
            return both(log_concave(c, g), log_concave(c, h))
        case Div(args=(g, h)):
            return both(log_concave(c, g), log_convex(c, h) if c.order.positive(h) else None)
        case Pow(args=(g, k)) if (power := exponent(k)) is not None:
            inside = log_concave(c, g) if power > 0 else log_convex(c, g)
            return inside if c.order.positive(g) else None
        case Apply(function="sqrt", args=(_, g)):
            return log_concave(c, g)
        case Op(kind="det", args=(_, g)):
            return (c.found(g),) if c.affine(g) and c.order.positive_definite(g) else None
        case Transpose(args=(g,)):
            return log_concave(c, g)
    return (c.found(f),) if c.concave(f) and c.order.nonnegative(f) else None


def logarithm(c: Curvature, f: Node) -> Found | None:
    if not (isinstance(f, Apply) and f.function == "log"):
        return None
    below, above = log_convex(c, f.args[1]), log_concave(c, f.args[1])
    if below is not None and above is not None:
        return Found(f, AFFINE)
    if above is not None:
        return Found(f, CONCAVE, "the logarithm of a log-concave function", above)
    return None if below is None else Found(f, CONVEX, "log of sums and products of exponentials", below)


def exponential(c: Curvature, f: Node) -> Found | None:
    parts = log_convex(c, f)
    return None if parts is None else Found(f, CONVEX, "its logarithm is convex, so it is", parts)


# --- perspectives ----------------------------------------------------------------------------------------
def perspective(c: Curvature, f: Node) -> Found | None:
    """t f(x / t) is convex in x and t > 0 together where f is convex; concave where f is concave."""
    if not isinstance(f, Mul):
        return None
    for t, g in (f.args, f.args[::-1]):
        if t.shape == () and not c.constant(t) and c.affine(t) and c.order.positive(t):
            inner = _in_ratios(c, g, t)
            if inner is not None and inner.word in (CONVEX, CONCAVE, AFFINE):
                return Found(f, inner.word, f"t f(x/t), the perspective of {inner.word} f", (inner, c.found(t)))
    return None


def _in_ratios(c: Curvature, g: Node, t: Node) -> Found | None:
    """The curvature of g in x / t, if the variables stand in it only so."""
    ratios = [d for d in g.atoms(Div) if d.args[1] == t and c.affine(d.args[0]) and not free_letters(d)]
    taken = {v.name for v in g.atoms(Var)}
    fresh: dict[Node, Var] = {}
    for k, d in enumerate(sorted(ratios, key=str)):
        name = f"ratio {k + 1}"
        if name in taken or d.row:
            return None
        fresh[d] = make_var(name, d.shape, ("positive",) if c.order.positive(d) else ())
    inside = g.xreplace(fresh)
    if not fresh or not c.constant(inside):
        return None
    return c.among(tuple(fresh.values())).found(inside)
