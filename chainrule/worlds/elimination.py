"""Inverse, determinant, definiteness: exact elimination over any of the number systems, dual numbers included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from flint import arb_mat, fmpq_mat, nmod_mat

from chainrule.errors import Undefined, Unsupported

from .arithmetic import OPAQUE, Arithmetic, Balls, Modular, Undecided
from .dual import Dual

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
    level = max((x.level for x in a.flat if isinstance(x, Dual)), default=0)
    if level:
        return _of_duals(a, level, arithmetic)
    if not is_plain(a):
        raise Unsupported("an inverse asks which entries are zero, and an irrational value cannot tell")
    try:
        entries = _flint(a, arithmetic).inv().entries()
    except ZeroDivisionError:
        if isinstance(arithmetic, Balls) and not all(x.is_exact() and x.is_integer() for x in a.flat):
            raise Undecided("a matrix of balls may be singular") from None
        raise Undefined("the inverse of a singular matrix") from None
    out = np.empty(a.shape, dtype=object)
    out.ravel()[:] = entries
    return out


def _of_duals(a: Array, level: int, arithmetic: Arithmetic) -> Array:
    """The inverse of A + sum_k D_k e_k. As e_k e_k = 0, A + D e adds and multiplies like the matrix of blocks
    [[A, D], [0, A]], so that the upper right block of that one's inverse is the inverse's change."""
    n = a.shape[0]
    at = [(i, j, x) for (i, j), x in np.ndenumerate(a) if isinstance(x, Dual) and x.level == level]
    block = filled((2 * n, 2 * n), arithmetic.lift(0))
    block[:n, :n] = a
    for i, j, x in at:
        block[i, j] = x.re
    block[n:, n:] = block[:n, :n]
    value = inverse(block[:n, :n], arithmetic)
    changes = {}
    for k in dict.fromkeys(k for _, _, x in at for k in x.du):
        block[:n, n:] = arithmetic.lift(0)
        for i, j, x in at:
            block[i, n + j] = x.du.get(k, arithmetic.lift(0))
        changes[k] = inverse(block, arithmetic)[:n, n:]
    out = np.empty((n, n), dtype=object)
    for i, j in np.ndindex(n, n):
        out[i, j] = Dual(level, value[i, j], {k: d[i, j] for k, d in changes.items()})
    return out


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
