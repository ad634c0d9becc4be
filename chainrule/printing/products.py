"""The factors of a product as they stand side by side, and which of them keep their brackets.

2 * (X.T @ r) and (2 * X.T) @ r are both set 2 X' r. A @ (B @ v) keeps its brackets: they were written for a reason.
"""

from __future__ import annotations

from typing import NamedTuple

import sympy as sp

from chainrule.notation.nodes import MatMul, Mul, Neg, Node, Number


class Factor(NamedTuple):
    """A factor, and whether it is a product that keeps its brackets."""

    node: Node
    bracketed: bool = False


def is_product(node: Node) -> bool:
    """Is it set as factors side by side: a matrix product, or a product with a scalar?"""
    match node:
        case Mul():
            return bool(node.args[0].ndim == 0 or node.args[1].ndim == 0)
        case MatMul():
            return not dotted(node)
    return False


def dotted(node: MatMul) -> bool:
    """A column times something: NumPy turns the column into a row, and paper writes a dot."""
    left, right = node.args
    return bool(left.ndim == 1 and not left.row and not right.row)


def factors(node: Node) -> tuple[bool, list[Factor]]:
    """Is there a minus before them all, and the factors in order."""
    return _signed(_flat(node, followed=False))


def _flat(node: Node, followed: bool) -> list[Factor]:
    """Down the left side, and through scalar multiples. A scalar x'y with factors after it is bracketed, so that
    it is seen to be a scalar."""
    if not is_product(node):
        return [Factor(node)]
    left, right = node.args
    if isinstance(node, MatMul):
        if followed and node.ndim == 0:
            return [Factor(node, bracketed=True)]
        return [*_flat(left, followed=True), Factor(right, is_product(right))]
    multiple = left.ndim == 0
    after = _flat(right, followed) if multiple else [Factor(right, is_product(right))]
    return [*_flat(left, followed=True), *after]


def _signed(items: list[Factor]) -> tuple[bool, list[Factor]]:
    """The minus of the first factor, pulled out in front."""
    first, rest = items[0], items[1:]
    if isinstance(first.node, Number) and not first.node.shape and first.node.value.is_negative:
        return True, [Factor(Number(-first.node.value, sp.Tuple())), *rest]
    if isinstance(first.node, Neg):
        negative, inner = _signed(_flat(first.node.args[0], followed=True))
        if not negative:
            return True, [*inner, *rest]
    return False, items
