"""Places made from indices, on the DAG: a mask is a leaf, and reading at a place is a product with a mask."""

from __future__ import annotations

from collections.abc import Hashable

import sympy as sp

from chainrule.errors import Unsupported
from chainrule.notation.nodes import Counted, Indicator, Letter, Place, Shifted

from . import dag
from .dag import Dag
from .lowered import Axes, Lowered, letter_key

Labels = tuple[Hashable, ...]


def mask(formula: Indicator) -> Lowered:
    """1 where the place is zero, or nonnegative, else 0."""
    return _contracted([_indicator(formula.kind, formula.place)], ())


def read(formula: Shifted, x: Lowered) -> Lowered:
    """x[2 t + k] = sum over u of [u = 2 t + k] x[u]."""
    places = formula.places
    axes = list(x.fresh("x"))
    masks = []
    for k, at in enumerate(places):
        if len(axes[k]) != 1:
            raise Unsupported(f"{formula}: an axis of a Kronecker product cannot be indexed")
        if isinstance(at, Letter):
            axes[k] = (at,)
        else:
            masks.append(_indicator("zero", at, minus=(axes[k][0], x.axis_dims(k)[0])))
    operand = (x.node, x.labels(tuple(axes)))
    return _contracted([operand, *masks], tuple(axes[len(places) :]))


def number(at: Counted) -> Lowered:
    """A place as a number: its indices, each along its own axis, times their coefficients."""
    const, terms = _parts(at)
    letters = tuple(sorted((letter for letter, _ in terms), key=letter_key))
    sizes: dict[Hashable, sp.Expr] = {letter: letter.dim for letter in letters}
    parts = [dag.contract(1, [(dag.size(const), ())], letters, sizes)]
    for letter, coef in terms:
        ops = [(dag.position(letter.dim), (letter,)), (dag.size(coef), ())]
        parts.append(dag.contract(1, ops, letters, sizes))
    return Lowered(dag.add(*parts), letters, ())


def _indicator(
    kind: str, at: Counted, minus: tuple[Hashable, sp.Expr] | None = None
) -> tuple[Dag, tuple[Hashable, ...]]:
    """The indicator of a place, or of a place less a label of some size, and its labels."""
    const, terms = _parts(at)
    made: list[tuple[Hashable, sp.Expr, sp.Expr]] = [(letter, coef, letter.dim) for letter, coef in terms]
    if minus is not None:
        made.append((minus[0], sp.Integer(-1), minus[1]))
    return dag.indicator(kind, const, made)


def _contracted(ops: list[tuple[Dag, Labels]], out: Axes) -> Lowered:
    """Contract nodes whose every axis is labelled; letters stay in front."""
    letters = tuple(sorted({k for _, labels in ops for k in labels if isinstance(k, Letter)}, key=letter_key))
    node = dag.contract(1, ops, letters + tuple(label for axis in out for label in axis), {})
    return Lowered(node, letters, tuple(len(axis) for axis in out))


def _parts(at: Counted) -> tuple[sp.Expr, tuple[tuple[Letter, sp.Expr], ...]]:
    """What is constant in a place, and its letters with their coefficients."""
    if isinstance(at, Letter):
        return sp.Integer(0), ((at, sp.Integer(1)),)
    assert isinstance(at, Place)
    return at.const, at.terms
