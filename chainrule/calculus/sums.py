"""Sums as a person writes them: differences, numbers stretched to a shape, a common number in front."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import sympy as sp

from chainrule.forms.dag import Dag
from chainrule.notation.nodes import Add, Div, MatMul, Mul, Neg, Node, Number

from .products import negative, num

ONE = Fraction(1)


def added(terms: Sequence[Node]) -> Node:
    """a + b - c: a leading minus of a later term makes a difference."""
    full = [t for t in terms if _filling(t) is None]
    if full and full[0].ndim:  # a number stretches to the shape of the others
        terms = [t if _filling(t) is None else _filling(t) for t in terms]  # type: ignore[misc]
    total = terms[0]
    for term in terms[1:]:
        plus = positive(term)
        total = Add(total, term) if plus is None else Add(total, Neg(plus))
    return total


def positive(term: Node) -> Node | None:
    """The term without its leading minus; None if it has none."""
    match term:
        case Neg():
            inner: Node = term.args[0]
            return inner
        case Number() if term.value.is_negative:
            return Number(-term.value, term.args[1])
        case Mul() | MatMul() | Div():
            first = positive(term.args[0])
            if first is None:
                return None
            second: Node = term.args[1]
            return second if isinstance(term, Mul) and first == num(1) else type(term)(first, second)
    return None


def _filling(term: Node) -> Node | None:
    """The scalar that fills a whole shape: c for c * ones(n)."""
    match term:
        case Number() if term.shape:
            return Number(term.value, sp.Tuple())
        case Neg():
            inner = _filling(term.args[0])
            return None if inner is None else negative(inner)
        case Mul() | Div() if not term.args[1].ndim or (isinstance(term, Mul) and not term.args[0].ndim):
            k = 1 if isinstance(term, Mul) and not term.args[0].ndim else 0
            inner = _filling(term.args[k])
            if inner is None:
                return None
            if isinstance(term, Mul) and inner == num(1):
                other: Node = term.args[1 - k]
                return other
            return type(term)(inner, term.args[1]) if k == 0 else Mul(term.args[0], inner)
    return None


def common_number(coefs: Sequence[Fraction], leads: bool) -> Fraction:
    """The number to be written before a sum: one that all terms share up to sign."""
    size = abs(coefs[0])
    if leads or any(abs(c) != size for c in coefs):
        return ONE
    return -size if all(c < 0 for c in coefs) else size


# --- sums in the DAG ---------------------------------------------------------------------------------
def is_scaled_sum(node: Dag) -> bool:
    """Is it a sum of scalars, vectors or matrices that is only scaled or transposed?"""
    if node.kind != "contract" or len(node.dims) > 2 or len(node.args[1]) != 1:
        return False
    ((inner, labels),) = node.args[1]
    distinct = len(set(labels)) == len(labels) == len(node.dims)
    return inner.kind == "sum" and distinct and set(labels) == set(node.args[2])
