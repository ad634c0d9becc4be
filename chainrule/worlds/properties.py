"""Does an array have a declared property? Answered exactly, one test a property."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.errors import Unsupported

from .arithmetic import Arithmetic
from .elimination import Array, definite, determinant, rank


def has_property(name: str, a: Array, arithmetic: Arithmetic) -> bool:
    """Whether an array of rationals has a declared property, exactly. Over F_p the parts that ask for an order are
    dropped: positive means nonzero there, positive definite means symmetric and invertible."""
    if name not in PROPERTIES:
        raise Unsupported(f"no exact check for the property {name}")
    return PROPERTIES[name](a, arithmetic)


def _entries(test: Callable[[Any, Arithmetic], bool]) -> Callable[[Array, Arithmetic], bool]:
    return lambda a, f: all(test(x, f) for x in a.flat)


def _rows(test: Callable[[list[Any], Arithmetic], bool]) -> Callable[[Array, Arithmetic], bool]:
    return lambda a, f: all(test(list(a[k]), f) for k in np.ndindex(a.shape[:-1]))


def _matrices(test: Callable[[Array, Arithmetic], bool]) -> Callable[[Array, Arithmetic], bool]:
    return lambda a, f: all(test(a[k], f) for k in np.ndindex(a.shape[:-2]))


def _not_negative(x: Any, f: Arithmetic) -> bool:
    return not f.ordered or f.sign(x) >= 0


def _above_zero(x: Any, f: Arithmetic) -> bool:
    return f.sign(x) > 0 if f.ordered else not f.is_zero(x)


def _sums_to_one(row: list[Any], f: Arithmetic) -> bool:
    return all(_not_negative(x, f) for x in row) and f.is_zero(sum(row, f.lift(-1)))


def _one_hot(row: list[Any], f: Arithmetic) -> bool:
    return sorted(f.is_zero(x) for x in row) == [False] + [True] * (len(row) - 1) and _sums_to_one(row, f)


def _zero_where(mask: Callable[[int, int], bool]) -> Callable[[Array, Arithmetic], bool]:
    return _matrices(lambda m, f: all(f.is_zero(m[i, j]) for i, j in np.ndindex(m.shape) if mask(i, j)))


def _equal(a: Array, b: Array, f: Arithmetic) -> bool:
    return all(f.is_zero(x - y) for x, y in zip(a.flat, b.flat, strict=True))


def _symmetric(m: Array, f: Arithmetic) -> bool:
    return _equal(m, m.T, f)


def _gram_is_identity(m: Array, f: Arithmetic) -> bool:
    gram = m.T @ m
    return all(f.is_zero(gram[i, j] - f.lift(int(i == j))) for i, j in np.ndindex(gram.shape))


def _definite(strictly: bool) -> Callable[[Array, Arithmetic], bool]:
    def test(m: Array, f: Arithmetic) -> bool:
        if not _symmetric(m, f):
            return False
        if not f.ordered:
            return not strictly or not f.is_zero(determinant(m, f))
        return definite(m, f, strictly=strictly)

    return _matrices(test)


def _invertible(m: Array, f: Arithmetic) -> bool:
    return not f.is_zero(determinant(m, f))


PROPERTIES: dict[str, Callable[[Array, Arithmetic], bool]] = {
    "positive": _entries(_above_zero),
    "nonnegative": _entries(_not_negative),
    "unit_interval": _entries(lambda x, f: _above_zero(x, f) and _above_zero(f.lift(1) - x, f)),
    "nonzero_entries": _entries(lambda x, f: not f.is_zero(x)),
    "nonzero": lambda a, f: not all(f.is_zero(x) for x in a.flat),
    "labels": _entries(lambda x, f: f.is_zero(x * x - f.lift(1))),
    "binary": _entries(lambda x, f: f.is_zero(x * x - x)),
    "simplex": _rows(_sums_to_one),
    "unit": _rows(lambda row, f: f.is_zero(sum((x * x for x in row), f.lift(-1)))),
    "one_hot": _rows(_one_hot),
    "stochastic_rows": _rows(_sums_to_one),
    "one_hot_rows": _rows(_one_hot),
    "nonempty_columns": _matrices(lambda m, f: all(any(f.is_zero(x - f.lift(1)) for x in col) for col in m.T)),
    "symmetric": _matrices(_symmetric),
    "skew": _matrices(lambda m, f: _equal(m, -m.T, f)),
    "diagonal": _zero_where(lambda i, j: i != j),
    "lower_triangular": _zero_where(lambda i, j: i < j),
    "invertible": _matrices(_invertible),
    "psd": _definite(strictly=False),
    "positive_definite": _definite(strictly=True),
    "orthonormal_columns": _matrices(_gram_is_identity),
    "orthogonal": _matrices(_gram_is_identity),
    "permutation": _matrices(lambda m, f: all(_one_hot(list(row), f) for row in (*m, *m.T))),
    "full_column_rank": _matrices(lambda m, f: rank(m, f) == m.shape[1]),
}
