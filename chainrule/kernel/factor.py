"""Factors of a polynomial, entry by entry: 1/(a^2 + 2ab + b^2) is to be (1/(a + b))^2, however it was written.

python-flint finds the factors; they count only if they multiply out to the polynomial again.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm

import flint
import sympy as sp

from . import poly as P
from .atoms import Atom
from .poly import Monomial, Poly

TERMS = 40
"""More terms than this are left as they are."""
GENERATORS = 12
"""So are more kinds of factors."""


@lru_cache(maxsize=4096)
def factored(x: Poly) -> tuple[Fraction, tuple[tuple[Poly, int], ...]]:
    """x = c p^k ... q^l entry by entry: c and the pairs (p, k); x itself where it does not come apart.

    What a term sums over (x'Ax) counts as one letter.
    """
    alone = (Fraction(1), ((x, 1),))
    rows = [_powers(m) for m in x] if 2 <= len(x) <= TERMS else []
    letters = list(dict.fromkeys(letter for row in rows if row is not None for letter in row))
    if not rows or None in rows or len(letters) > GENERATORS:
        return alone
    table = {
        tuple(row.get(letter, 0) for letter in letters): flint.fmpq(c.numerator, c.denominator)
        for row, c in zip(rows, x.values(), strict=True)
        if row is not None
    }
    if len(table) < len(x) or max(map(sum, table)) < 2:
        return alone
    ring = flint.fmpq_mpoly_ctx.get([f"x{k}" for k in range(len(letters))], "lex")
    coef, parts = ring.from_dict(table).factor()
    if len(parts) == 1 and parts[0][1] == 1:
        return alone
    found = tuple((_poly(part.to_dict(), letters, x), int(power)) for part, power in parts)
    number = Fraction(int(coef.p), int(coef.q))
    again = P.constant(number, x.dims)
    for part, power in found:
        for _ in range(power):
            again = times(again, part)
    return (number, found) if again == x else alone


def content(x: Poly) -> Fraction:
    """The common rational factor, with the sign that leaves more terms positive, whatever the order of the axes."""
    common = Fraction(gcd(*(c.numerator for c in x.values())), lcm(*(c.denominator for c in x.values())))
    up, down = sorted(c / common for c in x.values()), sorted(-c / common for c in x.values())
    if up == down:
        return common if x[max(x, key=Monomial.sort_key)] > 0 else -common
    return common if up > down else -common


def times(x: Poly, y: Poly) -> Poly:
    """The product entry by entry."""
    labels = tuple(range(len(x.dims)))
    return P.contract([(x, labels), (y, labels)], labels, {})


def counts(size: sp.Expr) -> bool:
    """Is it a dimension, a positive number, or a sum, product or power of such? n - 1 and (-1)^n are none."""
    if size.is_Symbol:
        return True
    if size.is_Add or size.is_Mul or size.is_Pow:
        return all(map(counts, size.args))
    return bool(size.is_Integer and size > 0)


def over_a_size(x: Poly) -> tuple[Poly, Poly] | None:
    """A and N where x is A / N and N a size that counts something, so that it is positive; one division at a time."""
    for a in dict.fromkeys(a for m in x for a, _, _ in m.factors):
        if a.kind == "reciprocal" and len(a.payload) == 1:
            ((m, c),) = a.payload.items()
            sizes = [b for b, _, p in m.factors if b.kind == "size" and p == 1 and counts(b.payload)]
            if c == 1 and len(sizes) == len(m.factors) == 1:
                return _once_less(x, a, sizes[0]), a.payload
    return None


def _once_less(x: Poly, reciprocal: Atom, size: Atom) -> Poly:
    """x times a size, one division by it less in each term."""
    made = []
    for m, c in x.items():
        powers = {(a, ls): p for a, ls, p in m.factors}
        key, step = ((reciprocal, ()), -1) if (reciprocal, ()) in powers else ((size, ()), 1)
        powers[key] = powers.get(key, Fraction(0)) + step
        made.append((1, P.single(c, [(a, ls, p) for (a, ls), p in powers.items() if p], m.pattern, m.sizes)))
    return P.add(made, x.dims)


@lru_cache(maxsize=4096)
def without_sizes_below(x: Poly) -> Poly:
    """x times a product of sizes, so that none is divided by, and over the largest number that divides it."""
    while (apart := over_a_size(x)) is not None:
        x, _ = apart
    return P.scale(1 / abs(content(x)), x) if x else x


def _powers(m: Monomial) -> dict[Poly, int] | None:
    """A monomial as powers of letters; None where it is no such thing (a delta, a root of an exponential)."""
    if len(set(m.pattern)) < len(m.pattern):
        return None
    found: dict[Poly, int] = {}
    for part in P.parts(m):
        power = 1
        if len(part) == 1 and all(k in m.pattern for k in part[0][1]):
            a, labels, p = part[0]
            if p.denominator != 1 or p < 0:
                return None
            part, power = [(a, labels, Fraction(1))], int(p)
        sizes = {k: d for k, d in m.sizes.items() if k in m.pattern or any(k in ls for _, ls, _ in part)}
        letter = P.single(Fraction(1), part, m.pattern, sizes)
        found[letter] = found.get(letter, 0) + power
    return found


def _poly(table: dict[tuple[int, ...], flint.fmpq], letters: list[Poly], like: Poly) -> Poly:
    terms = []
    for powers, c in table.items():
        term = P.constant(1, like.dims)
        for letter, power in zip(letters, powers, strict=True):
            for _ in range(power):
                term = times(term, letter)
        terms.append((Fraction(int(c.p), int(c.q)), term))
    return P.add(terms, like.dims)
