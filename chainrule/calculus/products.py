"""Products as a person writes them: chains of matrices, products entry by entry, numbers in front, divisors below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cache, reduce

import sympy as sp
from sympy.core.symbol import Str

from chainrule.notation.nodes import (
    Add,
    Apply,
    Div,
    Eye,
    MatMul,
    Mul,
    Neg,
    Node,
    Number,
    Op,
    Pow,
    Reduce,
    Transpose,
    Var,
)

ONE = Fraction(1)
Chain = tuple[Node, ...]
"""Factors of a matrix product from left to right: a column may stand last, a row first, or a column before a row."""
Powers = Sequence[tuple[Node, Fraction]]


def num(value: Fraction | int, shape: Sequence[sp.Expr] = ()) -> Number:
    """A rational number."""
    value = Fraction(value)
    return Number(sp.Rational(value.numerator, value.denominator), sp.Tuple(*shape))


def op(kind: str, x: Node) -> Op:
    """A matrix function."""
    return Op(Str(kind), x)


def apply(function: str, x: Node) -> Apply:
    """A function, entry by entry."""
    return Apply(Str(function), x)


def along(kind: str, x: Node, axes: Sequence[int]) -> Node:
    """A reduction; the sum along an axis of a transpose is one along the other axis."""
    if kind == "sum" and isinstance(x, Transpose) and x.ndim == 2 and len(axes) == 1:
        x, axes = x.args[0], (1 - axes[0],)
    if kind == "sum" and isinstance(x, Transpose):
        x = x.args[0]
    return Reduce(Str(kind), x, sp.Tuple(*axes))


# --- matrix products ---------------------------------------------------------------------------------
def chained(chain: Chain) -> Node:
    """A @ B @ v."""
    kept = [f for k, f in enumerate(chain) if not isinstance(f, Eye) or (len(chain) == 1 and k == 0)] or list(chain[:1])
    return reduce(MatMul, kept)


def turned(chain: Chain, symmetric: Iterable[Node] = ()) -> Chain:
    """The transpose: factors turned, in reverse."""
    return tuple(turn(f, f in symmetric) for f in reversed(chain))


def turn(f: Node, symmetric: bool = False) -> Node:
    """The transpose of one factor, with none written where it changes nothing."""
    match f:
        case Transpose():
            inner: Node = f.args[0]
            return inner
        case Eye():
            return f
        case Op() if f.kind == "diag":
            return f
        case Number() if f.ndim == 2:
            return Number(f.value, sp.Tuple(*f.shape[::-1]))
    return f if f.ndim == 2 and (symmetric or is_symmetric(f)) else Transpose(f)


@cache
def is_symmetric(f: Node) -> bool:
    """Is this factor its own transpose by its form?"""
    match f:
        case Var():
            return "symmetric" in f.properties
        case Op():
            return f.kind == "diag" or (f.kind == "inv" and is_symmetric(f.args[1]))
        case Eye():
            return True
        case Neg():
            return is_symmetric(f.args[0])
        case Apply():
            return is_symmetric(f.args[1])
        case Add() | Mul():
            return all(is_symmetric(a) or a.ndim == 0 for a in f.args)
        case MatMul():
            factors = spread(f)
            return len(factors) > 1 and turned(factors) == factors
    return False


def spread(node: Node) -> Chain:
    """The factors of a written chain."""
    if isinstance(node, MatMul):
        return (*spread(node.args[0]), *spread(node.args[1]))
    return (node,)


# --- entry by entry ----------------------------------------------------------------------------------
def gathered(powers: Powers) -> list[tuple[Node, Fraction]]:
    """Equal factors together; what multiplies and what divides stay apart."""
    found: dict[tuple[Node, bool], Fraction] = {}
    for node, p in powers:
        found[(node, p > 0)] = found.get((node, p > 0), Fraction(0)) + p
    return [(node, p) for (node, _), p in found.items()]


def power(node: Node, p: Fraction) -> Node:
    """node ** p for p > 0."""
    if p == 1:
        return node
    return apply("sqrt", node) if p == Fraction(1, 2) else Pow(node, num(p))


def hadamard(powers: Powers, lead: Sequence[Node] = ()) -> Node:
    """lead * a * b / c, entry by entry."""
    powers = gathered(powers)
    above = [*lead, *(power(node, p) for node, p in powers if p > 0)]
    below = [power(node, -p) for node, p in powers if p < 0]
    top = reduce(Mul, above) if above else num(1)
    return Div(top, reduce(Mul, below)) if below else top


def reciprocal(powers: Powers) -> bool:
    """Does it only divide?"""
    return all(p < 0 for _, p in powers)


def over_scalars(node: Node) -> tuple[Node, list[tuple[Node, Fraction]]]:
    """An array 2 a / (b c^2) as a, and 2 to the -1, b to the 1, c to the 2, where these are scalars."""
    below: list[tuple[Node, Fraction]] = []
    while node.ndim:
        match node:
            case Div() if not node.args[1].ndim:
                below.extend(factors(node.args[1]))
                node = node.args[0]
            case Mul() if isinstance(node.args[0], Number) and not node.args[0].ndim:
                below.append((node.args[0], -ONE))
                node = node.args[1]
            case _:
                break
    return node, below


def factors(node: Node) -> Iterator[tuple[Node, Fraction]]:
    """What a written product multiplies, each to a power."""
    match node:
        case Mul():
            for part in node.args:
                yield from factors(part)
        case Div():
            yield from factors(node.args[0])
            yield from ((f, -p) for f, p in factors(node.args[1]))
        case Pow() if isinstance(node.args[1], Number) and not node.args[1].shape and node.args[1].value.is_Rational:
            k = node.args[1].value
            yield node.args[0], Fraction(int(k.p), int(k.q))
        case _:
            yield node, ONE


# --- numbers in front --------------------------------------------------------------------------------
def negative(node: Node) -> Node:
    """-node, with the sign at the first factor, where Python reads it."""
    match node:
        case Neg():
            inner: Node = node.args[0]
            return inner
        case Number() if not node.shape:
            return Number(-node.value, sp.Tuple())
        case Mul() | MatMul() | Div():
            return type(node)(negative(node.args[0]), node.args[1])
    return Neg(node)


def assembled(coef: Fraction, scalars: Powers, body: Chain | Node | None) -> Node:
    """coef * scalars * body: a number and scalars stand before the first factor, divisors after the last."""
    numbers = [(s, p) for s, p in scalars if isinstance(s, Number) and s.value.is_Rational and p.denominator == 1]
    for s, p in numbers:
        coef *= Fraction(int(s.value.p), int(s.value.q)) ** int(p)
    scalars = gathered([e for e in scalars if e not in numbers])
    lead: list[Node] = [power(s, p) for s, p in scalars if p > 0]
    below: list[Node] = [power(s, -p) for s, p in scalars if p < 0]
    if coef.denominator != 1:
        below.insert(0, num(coef.denominator))
    if abs(coef.numerator) != 1 or (body is None and not lead):
        lead.insert(0, num(abs(coef.numerator)))
    made = _led(lead, body)
    if below:
        made = divided(made, below)
    return negative(made) if coef < 0 else made


def divided(node: Node, below: Sequence[Node]) -> Node:
    """node / below, with one bar: a / b / c is a / (c * b)."""
    if isinstance(node, Div):
        return Div(node.args[0], reduce(Mul, [*below, node.args[1]]))
    return Div(node, reduce(Mul, below))


def _led(lead: list[Node], body: Chain | Node | None) -> Node:
    if body is None:
        return reduce(Mul, lead)
    if isinstance(body, Node):
        return before(lead, body)
    kept = tuple(f for f in body if not isinstance(f, Eye)) or body[:1]
    return chained((before(lead, kept[0]), *kept[1:])) if lead else chained(kept)


def before(lead: Sequence[Node], node: Node) -> Node:
    """Scalars before the first factor of a product."""
    if not lead:
        return node
    if isinstance(node, (Mul, Div, MatMul)) and (node.args[0].ndim or isinstance(node, Div)):
        first = node.args[0]
        if isinstance(node, Div) and first == num(1):
            return Div(reduce(Mul, lead), node.args[1])
        return type(node)(before(lead, first), node.args[1])
    return reduce(Mul, [*lead, node])
