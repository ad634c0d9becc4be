"""Nonnegative coefficients, exactly: c >= 0 with goal = sum of c_j column_j, by the simplex method over fractions.

Bland's rule (the first index that may enter, the first that may leave) cannot cycle, so it always ends.
Source: Bland, New finite pivoting rules for the simplex method (1977).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

Column = Mapping[Any, Fraction]
ZERO, ONE = Fraction(0), Fraction(1)


def solution(columns: Sequence[Column], goal: Column, wanted: frozenset[int] = frozenset()) -> list[Fraction] | None:
    """c >= 0 with goal = sum of c_j column_j, or None. With `wanted`, one of these c_j is to be > 0."""
    names = list(dict.fromkeys(k for column in (goal, *columns) for k in column))
    table = [_row([*(c.get(k, ZERO) for c in columns), goal.get(k, ZERO)]) for k in names]
    n = len(columns)
    basis = _feasible(table, n)
    if basis is None:
        return None
    found = _values(table, basis, n)
    return found if not wanted else _raised(table, basis, n, wanted)


def _row(row: list[Fraction]) -> list[Fraction]:
    return [-x for x in row] if row[-1] < 0 else row


def _feasible(table: list[list[Fraction]], n: int) -> list[int] | None:
    """A basis of the table, or None: each row begins with a slack of its own (n, n + 1, ...), which has to leave."""
    basis = list(range(n, n + len(table)))
    while True:
        gain = [sum((row[j] for row, b in zip(table, basis, strict=True) if b >= n), ZERO) for j in range(n)]
        j = next((j for j in range(n) if gain[j] > 0), None)
        if j is None:
            break
        _pivot(table, basis, _leaving(table, basis, j), j)
    if any(row[-1] for row, b in zip(table, basis, strict=True) if b >= n):
        return None
    for i in reversed(range(len(table))):  # slacks that stay are 0: they leave, or their row says nothing
        if basis[i] >= n:
            j = next((j for j in range(n) if table[i][j]), None)
            if j is None:
                del table[i], basis[i]
            else:
                _pivot(table, basis, i, j)
    return basis


def _leaving(table: list[list[Fraction]], basis: list[int], j: int) -> int:
    able = [i for i, row in enumerate(table) if row[j] > 0]
    return min(able, key=lambda i: (table[i][-1] / table[i][j], basis[i]))


def _pivot(table: list[list[Fraction]], basis: list[int], i: int, j: int) -> None:
    lead = table[i][j]
    table[i] = [x / lead for x in table[i]]
    for k, row in enumerate(table):
        if k != i and row[j]:
            table[k] = [x - row[j] * y for x, y in zip(row, table[i], strict=True)]
    basis[i] = j


def _values(table: list[list[Fraction]], basis: list[int], n: int) -> list[Fraction]:
    found = [ZERO] * n
    for row, b in zip(table, basis, strict=True):
        found[b] = row[-1]
    return found


def _raised(table: list[list[Fraction]], basis: list[int], n: int, wanted: frozenset[int]) -> list[Fraction] | None:
    """From one solution to one in which a wanted coefficient is positive, along directions that raise their sum."""
    while True:
        found = _values(table, basis, n)
        if any(found[j] for j in wanted):
            return found
        paid = [row for row, b in zip(table, basis, strict=True) if b in wanted]
        gain = [(ONE if j in wanted else ZERO) - sum((row[j] for row in paid), ZERO) for j in range(n)]
        j = next((j for j in range(n) if j not in basis and gain[j] > 0), None)
        if j is None:
            return None
        if all(row[j] <= 0 for row in table):  # one may go on for ever: one step is enough
            found[j] += 1
            for row, b in zip(table, basis, strict=True):
                found[b] -= row[j]
            return found
        _pivot(table, basis, _leaving(table, basis, j), j)
