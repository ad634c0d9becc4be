"""A function of rows that are selected is the rows of the function, selected: f(P y) = P f(y).

Each row of P holds one 1, the rest is 0, so that for every i there is one s with P[i, s] = 1, call it s(i). Then

    x[i] = sum over s of P[i, s] y[s] = y[s(i)]        f(x[i]) = f(y[s(i)]) = sum over s of P[i, s] f(y[s])

for any function f whatever, entry by entry along the other axes, of which P may use some as a batch. A term that does
not speak of i is the sum over s of P[i, s] times itself, as the rows of P sum to 1. Two things are asked. i must stand
nowhere in y: y is then an array of its own, known before anything is selected. And where f has a domain (1/x, log x, a
root), each s must be selected by some i, so that f(y) has a value wherever f(P y) has one.

For the same reason the largest entry along i is the largest along s, if each s is selected: the entries are the same
ones, some of them more than once. And what holds of every entry of y, a sign, holds of every entry of x.

Two selections by one row choose the same, P[i, s] P[i, t] = P[i, s] [s = t], and a row adds up to 1: `merged` says so
in every term, as soon as it is made.

A permutation selects by its rows and by its columns. Everything in this file is trusted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import sympy as sp

from chainrule.notation.nodes import Var

from . import poly as P
from .atoms import Atom
from .poly import Factor, Label, Monomial, Poly

CHOSEN = "chosen"
"""The label of the axis that is selected from."""


@dataclass(frozen=True)
class Selected:
    """x = sum over s of P[i, s] y[s], with i and s at one axis of x and y; P is the atom with these axes of x, `CHOSEN`
    for s."""

    axis: int
    atom: Atom
    at: tuple[Label, ...]
    rows: Poly

    def of(self, y: Poly) -> Poly:
        """The sum over s of P[i, s] y[s], for an array y with the axes of the rows."""
        labels = [CHOSEN if k == self.axis else k for k in range(len(y.dims))]
        return P.contract([(P.of_atom(self.atom), self.at), (y, labels)], range(len(y.dims)), {})


def selected(x: Poly, *, onto: bool, axes: Sequence[int] | None = None) -> Selected | None:
    """x as rows that are selected along one of these axes, all of the rows if `onto`; None if it is not seen to be."""
    if not any(_row_positions(a, onto) for m in x for a, _, _ in m.factors):
        return None
    for axis in range(len(x.dims)) if axes is None else axes:
        for a, at in _candidates(x, axis, onto):
            rows = _rows(x, axis, a, at)
            if rows is not None:
                return Selected(axis, a, at, rows)
    return None


def _candidates(x: Poly, axis: int, onto: bool) -> Iterator[tuple[Atom, tuple[Label, ...]]]:
    """The matrices with one 1 in each row whose rows stand at the axis, each with the axes where its labels stand."""
    for m in x:
        if m.pattern.count(m.pattern[axis]) > 1:
            return
    tried = set()
    for m in sorted(x):
        for a, labels, _ in m.factors:
            for row in _row_positions(a, onto):
                if labels[row] != m.pattern[axis] or len(set(labels)) < len(labels):
                    continue
                at = tuple(CHOSEN if k == -3 - row else _axis(m, label) for k, label in enumerate(labels, -len(labels)))
                if None not in at and (a, at) not in tried:
                    tried.add((a, at))
                    yield a, at


def _row_positions(a: Atom, onto: bool) -> tuple[int, ...]:
    """Which axes of a matrix count rows that have one 1 each: the last but one, of a permutation also the last."""
    if a.kind != "var" or not isinstance(a.payload, Var) or len(a.dims) < 2:
        return ()
    has = a.payload.properties
    if "permutation" in has:
        return (-2, -1)
    return (-2,) if has & {"one_hot", "one_hot_rows"} and (not onto or "nonempty_columns" in has) else ()


def _axis(m: Monomial, label: Label) -> int | None:
    return m.pattern.index(label) if label in m.pattern else None


def _rows(x: Poly, axis: int, a: Atom, at: tuple[Label, ...]) -> Poly | None:
    """y, where x = sum over s of P[i, s] y[s] and i stands nowhere in y."""
    size = a.dims[at.index(CHOSEN)]
    total: dict[Monomial, Fraction] = {}
    for m, c in x.items():
        i = m.pattern[axis]
        held = [f for f in m.factors if f[0] is a and _stands(f[1], m, at)]
        s: Label = held[0][1][at.index(CHOSEN)] if held else CHOSEN
        rest = [f for f in m.factors if f not in held[:1]]
        if any(i in labels for _, labels, _ in rest):
            return None
        made = _with_axis(m, axis, s, rest, size)
        total[made] = total.get(made, Fraction(0)) + c
    dims = [size if k == axis else d for k, d in enumerate(x.dims)]
    return Poly(dims, {m: c for m, c in total.items() if c})


def _stands(labels: tuple[Label, ...], m: Monomial, at: tuple[Label, ...]) -> bool:
    """Do the labels of a factor stand at these axes, and a label that is summed where `CHOSEN` is?"""
    return all(
        label == m.pattern[k] if isinstance(k, int) else label not in m.pattern
        for label, k in zip(labels, at, strict=True)
    )


def _with_axis(m: Monomial, axis: int, s: Label, rest: list[Factor], size: sp.Expr) -> Monomial:
    """The rest of a term, with s as its axis in place of i."""
    i = m.pattern[axis]
    out = [s if k == axis else label for k, label in enumerate(m.pattern)]
    sizes = {k: d for k, d in m.sizes.items() if k != i}
    return P.monomial(rest, out, {**sizes, s: size})


# --- terms ------------------------------------------------------------------------------------------
def merged(x: Poly) -> Poly:
    """The polynomial with no two selections by one row in a term, and none of which nothing but its row is asked."""
    if not any(_row_positions(a, onto=False) for m in x for a, _, _ in m.factors):
        return x
    total: dict[Monomial, Fraction] = {}
    for m, c in x.items():
        made = _merged(m)
        total[made] = total.get(made, Fraction(0)) + c
    return Poly(x.dims, {m: c for m, c in total.items() if c})


def _merged(m: Monomial) -> Monomial:
    while True:
        factors, out, sizes = list(m.factors), list(m.pattern), m.sizes
        same = next(_twice(factors), None)
        if same is not None:
            kept, gone = same
            factors = [(a, tuple(kept if k == gone else k for k in labels), p) for a, labels, p in factors]
            out = [kept if k == gone else k for k in out]
            del sizes[gone]
        else:
            alone = next(_alone(factors, out), None)
            if alone is None:
                return m
            factor, s = alone
            factors.remove(factor)
            del sizes[s]
        m = P.monomial(factors, out, sizes)


def _twice(factors: list[Factor]) -> Iterator[tuple[Label, Label]]:
    """Two labels that one row of one matrix chooses, so that they are one."""
    for (a, one, _), (b, other, _) in combinations(factors, 2):
        for row in _row_positions(a, onto=False) if a is b else ():
            chosen = -3 - row
            if one[chosen] != other[chosen] and _without(one, chosen) == _without(other, chosen):
                yield one[chosen], other[chosen]


def _alone(factors: list[Factor], out: list[Label]) -> Iterator[tuple[Factor, Label]]:
    """A selection whose choice is summed and stands nowhere else: the row adds up to 1."""
    for factor in factors:
        for row in _row_positions(factor[0], onto=False):
            s = factor[1][-3 - row]
            held = [k for _, labels, _ in factors for k in labels].count(s)
            if held == 1 and s not in out:
                yield factor, s


def _without(labels: tuple[Label, ...], position: int) -> tuple[Label, ...]:
    return tuple(label for k, label in enumerate(labels, -len(labels)) if k != position)
