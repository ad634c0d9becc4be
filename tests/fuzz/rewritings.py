"""Rewritings that keep a formula's value: what algebra allows anywhere, one place after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

import sympy as sp
from sympy.core.basic import Basic
from sympy.core.symbol import Str

from chainrule.errors import ChainruleError
from chainrule.notation.nodes import (
    Add,
    Apply,
    Deriv,
    Div,
    Each,
    Expect,
    Let,
    MatMul,
    Mul,
    Neg,
    Node,
    Number,
    Op,
    Range,
    Reduce,
    Subs,
    Sum,
    Transpose,
    Var,
)

TWO = Number(sp.Integer(2), sp.Tuple())


def rewritten(node: Node, rng: Random, times: int) -> Node:
    """The formula after some rewritings at random places."""
    for _ in range(times):
        places = list(_everywhere(node))
        if not places:
            return node
        node = rng.choice(places)
    return node


def _everywhere(node: Basic) -> Iterator[Node]:
    """Each formula that one rewriting makes of this one."""
    if isinstance(node, Node):
        for make in _here(node):
            try:
                made = make()
            except ChainruleError:
                continue
            if made.shape == node.shape and made.row == node.row:
                yield made
    held = {Deriv: {0, 2}, Subs: {1}, Let: {0}, Expect: {0, 2}}.get(type(node), set())
    for position, arg in enumerate(node.args):
        if position not in held and isinstance(arg, (Node, Range)):
            for made in _everywhere(arg):
                yield node.func(*(made if k == position else one for k, one in enumerate(node.args)))


def _here(node: Node) -> Iterator[Callable[[], Node]]:
    yield lambda: Let(Str("e"), node)
    yield lambda: Neg(Neg(node))
    yield lambda: Div(Mul(TWO, node), TWO)
    if node.ndim >= 2:
        yield lambda: Transpose(Transpose(node))
    match node:
        case Add(args=(a, b)):
            yield lambda: Add(b, a)
            match a:
                case Add(args=(c, d)):
                    yield lambda: Add(c, Add(d, b))
        case Neg(args=(Add(args=(a, b)),)):
            yield lambda: Add(Neg(a), Neg(b))
        case Mul(args=(a, b)):
            yield lambda: Mul(b, a)
            yield lambda: Neg(Mul(Neg(a), b))
            for one, other in ((a, b), (b, a)):
                if isinstance(one, Add):
                    yield lambda one=one, other=other: Add(*(Mul(part, other) for part in one.args))
        case Div(args=(Add(args=(a, b)), c)):
            yield lambda: Add(Div(a, c), Div(b, c))
        case Transpose(args=(MatMul(args=(a, b)),)) if a.ndim == b.ndim == 2:
            yield lambda: MatMul(Transpose(b), Transpose(a))
        case MatMul(args=(a, b)):
            yield from _products(a, b)
        case Op(args=(_, x)) if node.kind == "sqnorm":
            yield lambda: Reduce(Str("sum"), Mul(x, x), sp.Tuple(*range(x.ndim)))
        case Op(args=(_, x)) if node.kind in ("trace", "det", "logdet"):
            yield lambda: Op(node.args[0], Transpose(x))
        case Op(args=(_, x)) if node.kind == "inv":
            yield lambda: Transpose(Op(node.args[0], Transpose(x)))
        case Apply(args=(_, x)):
            yield from _functions(node.function, x)
        case Sum(args=(Add(args=(a, b)), *ranges)):
            yield lambda: Add(Sum(a, *ranges), Sum(b, *ranges))
        case Each(args=(Add(args=(a, b)), *letters)) if a.shape == b.shape:
            yield lambda: Add(Each(a, *letters), Each(b, *letters))
        case Var() if "symmetric" in node.properties:
            yield lambda: Transpose(node)


def _products(a: Node, b: Node) -> Iterator[Callable[[], Node]]:
    for part, other in ((a, True), (b, False)):
        if isinstance(part, Add) and part.args[0].shape == part.args[1].shape:
            c, d = part.args
            if other:
                yield lambda c=c, d=d: Add(MatMul(c, b), MatMul(d, b))
            else:
                yield lambda c=c, d=d: Add(MatMul(a, c), MatMul(a, d))
    if isinstance(a, MatMul) and all(part.ndim == 2 for part in a.args):
        yield lambda: MatMul(a.args[0], MatMul(a.args[1], b))
    if a.ndim == b.ndim == 1 and a.row and not b.row:
        yield lambda: MatMul(Transpose(b), Transpose(a))


def _functions(name: str, x: Node) -> Iterator[Callable[[], Node]]:
    one = Number(sp.Integer(1), sp.Tuple())

    def f(function: str, argument: Node) -> Node:
        return Apply(Str(function), argument)

    match name:
        case "sigmoid":
            yield lambda: Add(one, Neg(f("sigmoid", Neg(x))))
        case "tanh":
            yield lambda: Neg(f("tanh", Neg(x)))
        case "softplus":
            yield lambda: Add(x, f("softplus", Neg(x)))
        case "exp":
            yield lambda: Div(one, f("exp", Neg(x)))
        case "cosh":
            yield lambda: f("cosh", Neg(x))
        case "sinh":
            yield lambda: Neg(f("sinh", Neg(x)))
        case "abs":
            yield lambda: Mul(x, f("sign", x))
        case "relu":
            yield lambda: Mul(x, f("step", x))
