"""A product of square matrices, taken apart for its inverse: (s A D B)^-1 = B^-1 D^-1 A^-1 / s, with D diagonal.

A product of square matrices has an inverse only where each of them has one, the diagonal ones no 0 on the diagonal, and
the numbers among the factors are not 0. So the right side has a value wherever the left one has. A product of matrices
that are not square, X'X, stays whole. Everything in this file is trusted.
"""

from __future__ import annotations

from . import poly as P
from .poly import Factor, Label, Monomial

Taken = tuple[list[Factor], list[list[Factor]]]


def taken_apart(m: Monomial) -> Taken | None:
    """The square matrices from the row to the column, and what multiplies rows, columns or everything, as products of
    factors that hang together; None where the monomial is no such product, or just one matrix."""
    batch = set(m.pattern[:-2])
    if len(set(m.pattern)) < len(m.pattern):
        return None
    way = _way(m, batch)
    if way is None:
        return None
    matrices, stops = way
    numbers = [part for part in P.parts(m, stops) if part[0] not in matrices]
    if len(matrices) + len(numbers) < 2 or any(len(labels_of(part) & stops) > 1 for part in numbers):
        return None
    return matrices, numbers


def labels_of(part: list[Factor]) -> set[Label]:
    """Every label in a product of factors."""
    return {k for _, labels, _ in part for k in labels}


def _way(m: Monomial, batch: set[Label]) -> tuple[list[Factor], set[Label]] | None:
    """The matrices that lead from the row to the column, one after the other, and the labels at which they meet."""
    at, column = m.pattern[-2:]
    stops, matrices, sizes = {at}, [], m.sizes
    while at != column:
        next_ones = [f for f in m.factors if f not in matrices and _is_matrix(f, batch) and at in f[1][-2:]]
        if len(next_ones) != 1:
            return None
        ends = next_ones[0][1][-2:]
        at = ends[1] if ends[0] == at else ends[0]
        if at in stops or sizes[at] != sizes[column]:
            return None
        stops.add(at)
        matrices.append(next_ones[0])
    return matrices, stops


def _is_matrix(factor: Factor, batch: set[Label]) -> bool:
    _, labels, power = factor
    ends = labels[-2:]
    return power == 1 and len(set(ends)) == 2 and not batch & set(ends) and set(labels[:-2]) <= batch
