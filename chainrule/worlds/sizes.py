"""The sizes that worlds are tried at: all different first, then the edges 1, n < d, n = d."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, permutations, product

import sympy as sp

from chainrule.notation.dims import Dim
from chainrule.notation.nodes import Var

from .world import extent

PRIMES = (2, 3, 5, 7)
"""Sizes that are all different hide no transpose; up to four dimensions they are primes."""

ORDERS = 3
"""How many assignments of the different sizes to the dimensions are tried."""

LARGEST_SMALL = 4
"""Counterexamples are looked for at sizes up to this."""

Assigned = dict[sp.Symbol, int]


@dataclass(frozen=True)
class Limits:
    """What properties force on sizes: `at_least` holds pairs (larger, smaller); `even` those that have to be even."""

    dims: tuple[sp.Symbol, ...]
    at_least: frozenset[tuple[Dim, Dim]]
    even: frozenset[Dim]

    def allow(self, sizes: Assigned) -> bool:
        return all(extent(a, sizes) >= extent(b, sizes) for a, b in self.at_least) and all(
            extent(d, sizes) % 2 == 0 for d in self.even
        )


def limits(dims: Iterable[sp.Symbol], properties: dict[Var, frozenset[str]]) -> Limits:
    """Orthonormal columns and full column rank ask for m >= n, non-empty clusters for N >= K, a skew invertible
    matrix for an even size."""
    tall, even = set(), set()
    for var, names in properties.items():
        if "full_column_rank" in names or {"one_hot_rows", "nonempty_columns"} <= names:
            tall.add((var.shape[-2], var.shape[-1]))
        if {"skew", "invertible"} <= names:
            even.add(var.shape[-1])
    return Limits(tuple(sorted(set(dims), key=str)), frozenset(tall), frozenset(even))


def different(limit: Limits) -> list[Assigned]:
    """A few assignments of sizes that are all different; of many dimensions, such that each two differ in one."""
    count = len(limit.dims)
    if count > len(PRIMES) and (told := told_apart(limit)):
        return told
    pool = PRIMES[: max(count, 3)] if count <= len(PRIMES) else tuple(range(2, count + 2))
    chosen = []
    for order in permutations(pool, count):
        sizes = dict(zip(limit.dims, order, strict=True))
        if limit.allow(sizes):
            chosen.append(sizes)
        if len(chosen) == 5_000:
            break
    step = max(1, (len(chosen) - 1) // (ORDERS - 1))
    return chosen[::step][:ORDERS] or even_sizes(limit)


def told_apart(limit: Limits) -> list[Assigned]:
    """Small sizes, a word of them for each dimension and no word twice: what all different sizes would show, without
    their product. Empty where the limits allow none of the first words that are tried."""
    count, digits = len(limit.dims), 2
    while digits**ORDERS < count:
        digits += 1
    words = sorted(product(range(2, 2 + digits), repeat=ORDERS), key=lambda w: (len({*w}) == 1, w))
    for chosen in islice(permutations(words, count), 5_000):
        found = [dict(zip(limit.dims, column, strict=True)) for column in zip(*chosen, strict=True)]
        if all(map(limit.allow, found)):
            return found
    return []


def even_sizes(limit: Limits) -> list[Assigned]:
    """All different even sizes, where the different primes are not allowed."""
    count = len(limit.dims)
    found = (dict(zip(limit.dims, order, strict=True)) for order in permutations(range(2, 2 * count + 1, 2)))
    return [sizes for sizes in found if limit.allow(sizes)][:ORDERS]


def edges(limit: Limits) -> list[Assigned]:
    """All ones, rising, falling, all equal: as far as the limits allow."""
    dims = limit.dims
    ways = [
        dict.fromkeys(dims, 1),
        {d: min(k + 1, 3) for k, d in enumerate(dims)},
        {d: min(len(dims) - k, 3) for k, d in enumerate(dims)},
        dict.fromkeys(dims, 2),
    ]
    unique = [sizes for k, sizes in enumerate(ways) if sizes not in ways[:k]]
    return [s for s in unique if limit.allow(s)]


def ladder(limit: Limits) -> list[Assigned]:
    """Different sizes first, then the edges."""
    first = different(limit)
    return first + [sizes for sizes in edges(limit) if sizes not in first]


def smallest_first(limit: Limits) -> Iterator[Assigned]:
    """Every allowed assignment of small sizes, by their sum."""
    top = LARGEST_SMALL if len(limit.dims) <= 3 else 2
    ways = sorted(product(range(1, top + 1), repeat=len(limit.dims)), key=lambda w: (sum(w), w))
    for way in ways:
        sizes = dict(zip(limit.dims, way, strict=True))
        if limit.allow(sizes):
            yield sizes


def show(sizes: Assigned) -> str:
    """n=3, p=2"""
    return ", ".join(f"{d}={k}" for d, k in sizes.items()) or "scalars only"
