"""A refuted derivative checked by hand: the function in its small world, its partial derivatives and their values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp
from flint import fmpq
from sympy.core.symbol import Str

from chainrule.errors import ChainruleError, Unsupported
from chainrule.evidence import Counterexample
from chainrule.notation.dims import Dim
from chainrule.notation.nodes import Deriv, Node, Number, Var
from chainrule.notation.sympy_bridge import from_sympy
from chainrule.worlds.arithmetic import Arithmetic
from chainrule.worlds.evaluate import evaluate
from chainrule.worlds.world import World, world_of

from . import formulas
from .model import Math, Strong, Text, Words
from .prose import listed

ENTRIES = 4
"""More entries than this are not differentiated by hand."""
TERMS = 6
"""Nor is a function of more terms."""


class _Letters(Arithmetic):
    """Expressions in the entries of one symbol."""

    name = "expressions"

    def lift(self, value: Any) -> Any:
        return sp.Rational(int(value.p), int(value.q)) if isinstance(value, fmpq) else sp.sympify(value)

    def irrational(self, value: sp.Expr) -> Any:
        return value

    def sign(self, x: Any) -> int:
        if not x.is_number:
            raise Unsupported("an expression has no sign")
        return int(sp.sign(x))

    def is_zero(self, x: Any) -> bool:
        return bool(sp.expand(x) == 0)

    def apply(self, function: str, x: Any) -> Any:
        if function in ("exp", "log", "sqrt", "sin", "cos", "tanh"):
            return getattr(sp, function)(x)
        raise Unsupported(f"{function} is not worked out by hand")


def by_hand(before: Node, after: Node, found: Counterexample) -> Text:
    """Here f = x_1 x_2, with the partial derivatives x_2 and x_1; at x = (0, 1) they are 1 and 0. Empty where there is
    not one gradient, or where its function is not short."""
    gradients = [d for side in (before, after) for d in side.atoms(Deriv) if d.kind == "grad"]
    if len(set(gradients)) != 1:
        return ()
    _, f, x = gradients[0].args[:3]
    try:
        world = _world(gradients[0], found)
        entries = _entries(x, np.shape(world.values[x]))
        inside = replace(world, values={**world.values, x: entries})
        value = sp.expand(evaluate(f, inside, _Letters()).item())
        if entries.size > ENTRIES or len(sp.Add.make_args(value)) > TERMS:
            return ()
        at = dict(zip(entries.flat, (sp.Rational(str(v)) for v in world.values[x].flat), strict=True))
        slopes = [sp.expand(sp.diff(value, entry)) for entry in entries.flat]
        return _said(f, value, slopes, [s.subs(at) for s in slopes])
    except (ChainruleError, KeyError, TypeError, ValueError):
        return ()


def _said(f: Node, value: sp.Expr, slopes: list[sp.Expr], there: list[sp.Expr]) -> Text:
    what = "derivative" if len(slopes) == 1 else "partial derivatives"
    verb = "it is" if len(slopes) == 1 else "they are"
    return (
        Strong("Check it by hand. "), Words("In this world "), formulas.related(formulas.inline(f), "=", _math(value)),
        Words(f", with the {what} "), *listed([(_math(s),) for s in slopes]),
        Words(f"; here {verb} "), *listed([(_math(s),) for s in there]), Words("."),
    )  # fmt: skip


def _world(wrong: Deriv, found: Counterexample) -> World:
    """The counterexample's numbers again."""
    symbols = {v.name: v for v in wrong.atoms(Var)}
    sizes = {d: found.sizes[str(d)] for d in _dims(symbols.values()) if str(d) in found.sizes}
    return world_of({symbols[name]: _numbers(v) for name, v in found.values.items() if name in symbols}, sizes)


def _dims(symbols: Any) -> Iterator[Dim]:
    for symbol in symbols:
        for size in symbol.shape:
            yield from size.free_symbols


def _numbers(value: Any) -> Any:
    return [_numbers(v) for v in value] if isinstance(value, (list, tuple)) else Fraction(str(value))


def _entries(x: Var, shape: tuple[int, ...]) -> Any:
    """x, or x_1, x_2, or x_11, x_12, ..."""
    out = np.empty(shape, dtype=object)
    for place in np.ndindex(shape):
        out[place] = sp.Symbol(x.name + "".join(str(k + 1) for k in place), real=True)
    return out


def _math(value: sp.Expr) -> Math:
    """An expression as a sum of terms, each with its sign."""
    first, *rest = value.as_ordered_terms()
    node = _node(first)
    for term in rest:
        node = node - _node(-term) if term.could_extract_minus_sign() else node + _node(term)
    return formulas.of(node)


def _node(term: sp.Expr) -> Node:
    names = {str(s): Var(Str(s.name), sp.Tuple(), sp.Tuple()) for s in term.free_symbols}
    return Number(term, sp.Tuple()) if isinstance(term, sp.Rational) else from_sympy(term, names)
