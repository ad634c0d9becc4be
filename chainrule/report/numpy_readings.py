"""What NumPy's and SciPy's functions compute, as formulas: the words that the reader of hand-written code knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.linalg
import scipy.special
import sympy as sp
from sympy.core.symbol import Str

from chainrule.notation import vocabulary as v
from chainrule.notation.nodes import Apply, MatMul, Node, Size, Transpose, as_node


class NotRead(Exception):
    """A step that has no certain reading."""


def transposed(a: Node) -> Node:
    return a if a.ndim < 2 else Transpose(a)


def product(a: Node, b: Node) -> Node:
    """a @ b: a vector on the left is a row, one on the right a column."""
    if a.ndim == 0 or b.ndim == 0:
        raise NotRead
    left = Transpose(a) if a.ndim == 1 and not a.row else a
    return MatMul(left, b)


def size_of(value: Any) -> sp.Expr:
    if isinstance(value, Node):
        if not isinstance(value, Size):
            raise NotRead
        return value.dim
    if isinstance(value, tuple):
        raise NotRead
    return value


def _applied(name: str) -> Callable[[Node], Node]:
    return lambda x: Apply(Str(name), x)


def _mean(x: Node, axis: int | None) -> Node:
    sizes = x.shape if axis is None else (x.shape[axis],)
    made = v.total(x, axis)
    for size in sizes:
        made = made / as_node(size)
    return made


def _diagonal(x: Node) -> Node:
    return v.diag(x) if x.ndim == 1 else v.diagof(x)


def _positive_part(a: Node, b: Node) -> Node:
    """max(x, 0)"""
    if b == as_node(0):
        return v.relu(a)
    if a == as_node(0):
        return v.relu(b)
    raise NotRead


def outer_product(a: Node, b: Node) -> Node:
    if a.ndim != 1 or b.ndim != 1:
        raise NotRead
    return a @ (b if b.row else b.T)


def solved(a: Node, b: Node) -> Node:
    return a.I @ b


def _softmax(x: Node, axis: int | None) -> Node:
    if axis is None and x.ndim != 1:
        raise NotRead
    return v.softmax(x, -1 if axis is None else axis)


SAME = ("exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sqrt", "sign", "abs")
"""Functions of NumPy with our names."""
LONE: dict[Any, Callable[[Node], Node]] = {
    **{getattr(np, n): _applied(n) for n in SAME},
    np.arcsin: _applied("asin"), np.arccos: _applied("acos"), np.arctan: _applied("atan"), abs: _applied("abs"),
    scipy.special.expit: _applied("sigmoid"), scipy.special.erf: _applied("erf"),
    scipy.special.gammaln: _applied("lgamma"), scipy.special.digamma: _applied("digamma"),
    np.log1p: lambda x: v.log(as_node(1) + x),
    np.trace: v.trace, np.diag: _diagonal, np.linalg.inv: v.inv, np.linalg.det: v.det, np.linalg.norm: v.norm,
    np.square: lambda x: x**2, np.transpose: transposed,
}  # fmt: skip
REDUCED: dict[Any, Callable[[Node, int | None], Node]] = {
    np.sum: v.total, np.max: v.maximum, np.mean: _mean, scipy.special.logsumexp: v.logsumexp,
    scipy.special.softmax: _softmax,
}  # fmt: skip
METHODS: dict[str, Callable[[Node, int | None], Node]] = {"sum": v.total, "max": v.maximum, "mean": _mean}
PAIRS: dict[Any, tuple[frozenset[str], Callable[[Node, Node], Node]]] = {
    np.dot: (frozenset(), product), np.add: (frozenset(), lambda a, b: a + b),
    np.maximum: (frozenset(), _positive_part), max: (frozenset(), _positive_part),
    np.linalg.solve: (frozenset(), solved), scipy.linalg.solve_triangular: (frozenset({"lower"}), solved),
}  # fmt: skip
"""Functions of two arrays, with the keywords that do not change what is computed."""
