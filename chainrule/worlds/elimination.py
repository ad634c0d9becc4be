"""Inverse, determinant, definiteness: exact elimination over any of the number systems, dual numbers included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from flint import arb_mat, fmpq_mat, nmod_mat

from chainrule.errors import Undefined, Unsupported

from .arithmetic import OPAQUE, Arithmetic, Balls, Modular, Undecided
from .dual import Dual, base, divide

Array = npt.NDArray[Any]


def filled(shape: tuple[int, ...], value: Any) -> Array:
    """An object array with one value everywhere."""
    out = np.empty(shape, dtype=object)
    out[...] = value
    return out


def is_plain(a: Array) -> bool:
    """No dual number and no opaque value among the entries."""
    return not any(isinstance(x, Dual) or x is OPAQUE for x in a.flat)


def batched(f: Callable[[Array], Any], a: Array) -> Array:
    """f of each matrix in the last two axes."""
    lead = a.shape[:-2]
    parts = [np.asarray(f(a[k]), dtype=object) for k in np.ndindex(lead)]
    out = np.empty(lead + parts[0].shape, dtype=object)
    for k, part in zip(np.ndindex(lead), parts, strict=True):
        out[k] = part if part.shape else part.item()
    return out


def _flint(a: Array, arithmetic: Arithmetic) -> Any:
    m, n = a.shape
    entries = list(a.flat)
    if isinstance(arithmetic, Modular):
        return nmod_mat(m, n, entries, arithmetic.p)
    return (arb_mat if isinstance(arithmetic, Balls) else fmpq_mat)(m, n, entries)


def inverse(a: Array, arithmetic: Arithmetic) -> Array:
    """A^-1 (n, n). Raises Undefined where A is singular."""
    if not is_plain(a):
        return _gauss_jordan(a, arithmetic)
    try:
        entries = _flint(a, arithmetic).inv().entries()
    except ZeroDivisionError:
        if isinstance(arithmetic, Balls) and not all(x.is_exact() and x.is_integer() for x in a.flat):
            raise Undecided("a matrix of balls may be singular") from None
        raise Undefined("the inverse of a singular matrix") from None
    out = np.empty(a.shape, dtype=object)
    out.ravel()[:] = entries
    return out


def _gauss_jordan(a: Array, arithmetic: Arithmetic) -> Array:
    """[A | I] reduced by rows to [I | A^-1]."""
    n = a.shape[0]
    rows = [list(a[i]) + [arithmetic.lift(int(i == j)) for j in range(n)] for i in range(n)]
    for c in range(n):
        p = _pivot([rows[i][c] for i in range(c, n)], arithmetic) + c
        rows[c], rows[p] = rows[p], rows[c]
        head = rows[c][c]
        rows[c] = [divide(x, head, arithmetic) for x in rows[c]]
        for i in range(n):
            if i != c:
                f = rows[i][c]
                rows[i] = [x - f * y for x, y in zip(rows[i], rows[c], strict=True)]
    out = np.empty((n, n), dtype=object)
    for i in range(n):
        for j in range(n):
            out[i, j] = rows[i][n + j]
    return out


def _pivot(column: list[Any], arithmetic: Arithmetic) -> int:
    """The row of the entry to divide by: the largest ball, or the first that is not 0."""
    if any(base(x) is OPAQUE for x in column):
        raise Unsupported("an inverse asks which entries are zero, and an irrational value cannot tell")
    order = sorted(range(len(column)), key=lambda k: -arithmetic.pivot_size(base(column[k])))
    for k in order:
        if not arithmetic.is_zero(base(column[k])):
            return k
    raise Undefined("the inverse of a singular matrix")


def determinant(a: Array, arithmetic: Arithmetic) -> Any:
    """det A, without a division where the entries are dual (Bird's recurrence), so that singular A is no exception."""
    if is_plain(a):
        return _flint(a, arithmetic).det()
    n = a.shape[0]
    f = a
    for _ in range(n - 1):
        f = np.matmul(_upper_with_tails(f, arithmetic), a)
    return f[0, 0] if n % 2 else -f[0, 0]


def _upper_with_tails(f: Array, arithmetic: Arithmetic) -> Array:
    """The strictly upper part of F, with minus the sum of the later diagonal entries on the diagonal."""
    n = f.shape[0]
    out = filled((n, n), arithmetic.lift(0))
    tail = arithmetic.lift(0)
    for i in reversed(range(n)):
        out[i, i] = tail
        out[i, i + 1 :] = f[i, i + 1 :]
        tail = tail - f[i, i]
    return out


def rank(a: Array, arithmetic: Arithmetic) -> int:
    """The rank of a matrix of rationals or residues."""
    return int(_flint(a, arithmetic).rank())


def _reduced(rows: list[list[Any]]) -> list[list[Any]]:
    """What is left of a matrix when its first pivot has been eliminated."""
    head, *tail = rows
    return [[x - row[0] / head[0] * y for x, y in zip(row[1:], head[1:], strict=True)] for row in tail]


def definite(a: Array, arithmetic: Arithmetic, *, strictly: bool) -> bool:
    """Whether symmetric A has v'Av > 0 for v != 0 (strictly), or >= 0: the signs of the pivots of A = L D L'.

    Raises Undecided where a pivot that is not exactly 0 cannot be told from 0.
    """
    rest = [list(row) for row in a]
    while rest:
        head = rest[0][0]
        sign = arithmetic.sign(head)
        if sign < 0 or (strictly and sign == 0):
            return False
        if sign == 0:
            if any(not arithmetic.is_zero(x) for x in rest[0][1:]):
                return False
            rest = [row[1:] for row in rest[1:]]
            continue
        rest = _reduced(rest)
    return True


def indefinite(a: Array, arithmetic: Arithmetic) -> bool:
    """Whether a principal minor chain shows surely that A is not positive semidefinite; pivots that balls cannot tell
    from 0 are left out with their row and column, which loses no refutation that remains."""
    rest = [list(row) for row in a]
    while rest:
        head = rest[0][0]
        try:
            sign = arithmetic.sign(head)
        except Undecided:
            sign = 0
        if sign < 0:
            return True
        if sign == 0:
            rest = [row[1:] for row in rest[1:]]
            continue
        rest = _reduced(rest)
    return False
