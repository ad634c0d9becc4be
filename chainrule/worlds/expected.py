"""Expected values of polynomials by differences: exact, without a derivative.

A polynomial of degree d is the sum over |a| <= d of its a-th forward difference at m times the binomials
C(z_1, a_1) ... C(z_n, a_n) of z = x - m (Newton); and the moments of z follow from its covariance by
E z_i z^a = sum over j of V_ij a_j E z^(a - e_j): pair z_i with each of the others (Isserlis).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import comb, factorial
from typing import Any

import numpy as np
from flint import fmpq

from chainrule.errors import Undefined

from .arithmetic import Arithmetic, Undecided
from .dual import base
from .elimination import Array, filled
from .properties import has_property

Index = tuple[int, ...]


def covariance_of(spread: Array, n: int, arithmetic: Arithmetic) -> Array:
    """The covariance as an n by n matrix. Raises Undefined for what is no covariance."""
    v = spread.reshape(n, n)
    plain = filled((n, n), arithmetic.lift(0))
    for k in np.ndindex(n, n):
        plain[k] = base(v[k])
    try:
        fits = has_property("psd", plain, arithmetic)
    except Undecided:  # a ball around 0: it is none that shows
        fits = True
    if not fits:
        raise Undefined("the expected value over a covariance that is not symmetric and positive semidefinite")
    return v


def grid(n: int, d: int) -> Iterator[Index]:
    """The n-tuples of counts with sum at most d."""
    if n == 0:
        yield ()
        return
    for first in range(d + 1):
        for rest in grid(n - 1, d - first):
            yield (first, *rest)


def differences(values: Mapping[Index, Array]) -> dict[Index, Array]:
    """The forward differences of values on a grid: sum over b <= a of (-1)^|a - b| C(a, b) f(b)."""
    found = {}
    for a in values:
        terms = []
        for b in product(*(range(k + 1) for k in a)):
            sign = (-1) ** (sum(a) - sum(b))
            for k, j in zip(a, b, strict=True):
                sign *= comb(k, j)
            terms.append(np.multiply(values[b], filled((), fmpq(sign))))
        found[a] = np.add.reduce(terms, axis=0)
    return found


class Moments:
    """Moments of a centred normal law; up to degree 2 those of every law with this covariance."""

    def __init__(self, covariance: Array, arithmetic: Arithmetic):
        self.covariance, self.arithmetic = covariance, arithmetic
        self.known: dict[Index, Any] = {}

    def of(self, a: Index) -> Any:
        """E z^a"""
        if a not in self.known:
            self.known[a] = self._of(a)
        return self.known[a]

    def _of(self, a: Index) -> Any:
        total = self.arithmetic.lift(int(not any(a)))
        if sum(a) % 2 or not any(a):
            return total
        i = next(k for k, count in enumerate(a) if count)
        left = _less(a, i)
        half = self.arithmetic.lift(fmpq(1, 2))
        for j, count in enumerate(left):
            if count:
                pair = (self.covariance[i, j] + self.covariance[j, i]) * half
                total = total + pair * self.arithmetic.lift(count) * self.of(_less(left, j))
        return total

    def binomial(self, a: Index) -> Any:
        """E C(z_1, a_1) ... C(z_n, a_n)"""
        total = self.arithmetic.lift(0)
        for powers in product(*(range(k + 1) for k in a)):
            weight = fmpq(1)
            for k, p in zip(a, powers, strict=True):
                weight *= fmpq(_stirling(k, p), factorial(k))
            if weight:
                total = total + self.arithmetic.lift(weight) * self.of(powers)
        return total


def _less(a: Index, i: int) -> Index:
    return (*a[:i], a[i] - 1, *a[i + 1 :])


def _stirling(k: int, p: int) -> int:
    """The coefficient of z^p in z (z - 1) ... (z - k + 1)."""
    row = [1]
    for j in range(k):
        row = [(row[q - 1] if q else 0) - j * (row[q] if q < len(row) else 0) for q in range(len(row) + 1)]
    return row[p]
