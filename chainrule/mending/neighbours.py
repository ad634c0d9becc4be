"""Formulas near a formula: one sign, one factor of two, one transpose, one inverse, one order, one symbol away."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sympy as sp

from chainrule.errors import ChainruleError
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
    Transpose,
    Var,
    as_node,
)

Slip = Callable[[Node], Iterator[Node]]


def neighbours(formula: Node) -> Iterator[tuple[Node, Node, Node]]:
    """(neighbour, part as written, part instead), the likelier slips first; each neighbour once."""
    seen = {formula}
    symbols = sorted((v for v in formula.atoms(Var) if type(v) is Var), key=lambda v: v.name)
    slips: list[Slip] = [_sign, _transpose, _factor, _power, _order, _inverse, _argument, lambda a: _symbol(a, symbols)]
    for slip in slips:
        for made, old, new in _everywhere(formula, slip):
            if made not in seen and made.shape == formula.shape and made.row == formula.row:
                seen.add(made)
                yield made, old, new


def _everywhere(node: Node, slip: Slip) -> Iterator[tuple[Node, Node, Node]]:
    """The slip at every part, the formula rebuilt around it; names are not looked into."""
    yield from ((new, node, new) for new in slip(node))
    if isinstance(node, (Let, Var, Number)):
        return
    for k, part in enumerate(node.args):
        if isinstance(part, Node):
            for made, old, new in _everywhere(part, slip):
                try:
                    yield node.func(*node.args[:k], made, *node.args[k + 1 :]), old, new
                except ChainruleError:  # the shapes no longer fit
                    continue


# --- slips ---------------------------------------------------------------------------------------------
def _sign(a: Node) -> Iterator[Node]:
    """A term with the other sign."""
    match a:
        case Number() if a.shape == () and a.value.is_Rational and a.value != 0:
            yield as_node(-a.value)
        case Neg():
            yield a.args[0]
        case Mul(args=(Number(), _)) | MatMul(args=(Mul(args=(Number(), _)), _)):
            return  # the sign of its number
        case _:
            yield Neg(a)


def _transpose(a: Node) -> Iterator[Node]:
    if isinstance(a, Transpose):
        yield a.args[0]
    elif a.ndim == 2 and isinstance(a, (Var, Let, MatMul, Op)):
        yield Transpose(a)


def _factor(a: Node) -> Iterator[Node]:
    """Twice as much, half as much; a number doubled, halved, left out. Of a product, its first factor."""
    match a:
        case Number() if a.shape == () and a.value.is_Rational:
            yield from (as_node(v) for v in (2 * a.value, a.value / 2) if v != a.value)
        case Mul(args=(Number() as c, rest)) if c.shape == ():
            yield Neg(rest) if c.value.is_negative else rest
        case Neg():
            yield Mul(as_node(-2), a.args[0])
        case Add() | Number() | Mul() | MatMul() | Div():
            return
        case _:
            yield Mul(as_node(2), a)
            yield Div(a, as_node(2))


def _power(a: Node) -> Iterator[Node]:
    """A number one up or one down; a square forgotten."""
    match a:
        case Pow(args=(base, Number() as e)):
            yield from (Pow(base, as_node(v)) for v in (e.value + 1, e.value - 1) if v not in (0, 1))
            yield base
        case Number() if a.shape == () and isinstance(a.value, sp.Integer):
            yield from (as_node(v) for v in (a.value + 1, a.value - 1))
        case Op(kind="norm"):
            yield Op(sp.core.symbol.Str("sqnorm"), a.args[1])
        case Op(kind="sqnorm"):
            yield Op(sp.core.symbol.Str("norm"), a.args[1])


def _order(a: Node) -> Iterator[Node]:
    if isinstance(a, (MatMul, Div)):
        try:
            yield a.func(a.args[1], a.args[0])
        except ChainruleError:
            return


def _inverse(a: Node) -> Iterator[Node]:
    if isinstance(a, Op) and a.kind == "inv":
        yield a.args[1]
    elif isinstance(a, (Var, Let)) and a.ndim == 2 and a.shape[0] == a.shape[1]:
        yield a.I


def _argument(a: Node) -> Iterator[Node]:
    """A function at the other sign of its argument."""
    if isinstance(a, Apply):
        inner = a.args[1]
        yield a.func(a.args[0], inner.args[0] if isinstance(inner, Neg) else Neg(inner))


def _symbol(a: Node, symbols: list[Var]) -> Iterator[Node]:
    """Another symbol of the same shape."""
    if type(a) is Var:
        yield from (v for v in symbols if v != a and v.shape == a.shape)
