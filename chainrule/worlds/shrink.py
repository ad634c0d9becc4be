"""From a failure to the smallest one: the smallest sizes, small integers, and as many zeros and ones as it allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from flint import arb, fmpq

from chainrule.errors import Undefined
from chainrule.evidence import Counterexample
from chainrule.notation.nodes import Var
from chainrule.notation.statements import Relation

from .arithmetic import Rationals, Undecided
from .check import Finding, State, look
from .elimination import Array
from .hypotheses import Hypotheses, Judged, Statement, stream, value_of
from .properties import has_property
from .sizes import smallest_first
from .source import Entries, Infeasible, Source
from .world import World

PER_SIZE = 28
"""Worlds tried at each size; at a single one a wrong formula is often true by accident."""

STYLES = (Entries(3), Entries(1), Entries(2), Entries(3), Entries(always=1), Entries(always=0), Entries(3, 2))

MISSES = 2
"""A size at which so many kinds of entries gave no world is left."""

EVALUATIONS = 300
"""How many simplifications are tried."""

SHOWN_DIGITS = 15
"""Digits in which a number that is not rational is shown."""


def smallest(statement: Statement, hypotheses: Hypotheses, *, real: bool = False) -> Judged | None:
    """The first failure by size, simplified; None where small worlds show none."""
    for sizes in smallest_first(hypotheses.limits):
        rng, missed = stream("shrink", *sizes.values()), 0
        for k in range(PER_SIZE):
            try:
                world = hypotheses.world(sizes, Source(Rationals(), rng, STYLES[k % len(STYLES)]))
            except Infeasible:
                break
            if world is None:
                missed += 1
                if missed == MISSES:
                    break
                continue
            finding = look(world, statement, real=real)
            if finding.state is State.FAILS:
                return simplified(Judged(world, finding), statement, hypotheses, real=real)
    return None


def simplified(failure: Judged, statement: Statement, hypotheses: Hypotheses, *, real: bool = False) -> Judged:
    """Entries moved towards 0, 1, -1 one after the other, as long as the statement stays false."""
    left = EVALUATIONS
    improved = True
    while improved and left > 0:
        improved = False
        for world in _simpler(failure.world, hypotheses):
            left -= 1
            if left < 0:
                break
            finding = _fails(world, statement, hypotheses, real)
            if finding is not None:
                failure, improved = Judged(world, finding), True
                break
    return failure


def _fails(world: World, statement: Statement, hypotheses: Hypotheses, real: bool) -> Finding | None:
    try:
        if not hypotheses.met(world, Rationals()):
            return None
    except (Undefined, Undecided):
        return None
    finding = look(world, statement, real=real)
    return finding if finding.state is State.FAILS else None


def _simpler(world: World, hypotheses: Hypotheses) -> Iterator[World]:
    """Worlds with one entry of one symbol simpler, with all its declared properties kept."""
    for var, array in sorted(world.values.items(), key=lambda item: item[0].name):
        names = hypotheses.properties.get(var, var.properties)
        for place in np.ndindex(array.shape):
            for value in _candidates(array[place]):
                changed = _with_entry(array, place, value, names)
                if all(has_property(name, changed, Rationals()) for name in names):
                    yield replace(world, values={**world.values, var: changed})


def _candidates(x: Any) -> list[Any]:
    """Numbers simpler than x, simplest first."""
    pool = [fmpq(k) for k in (0, 1, -1, 2, -2, 3, -3)] + [fmpq(1, 2), fmpq(-1, 2)]
    return [c for c in pool if _weight(c) < _weight(x)]


def _weight(x: Any) -> tuple[int, int, bool]:
    return int(x.q), abs(int(x.p)), x < 0


def _with_entry(array: Array, place: tuple[int, ...], value: Any, names: frozenset[str]) -> Array:
    out = array.copy()
    out[place] = value
    if {"symmetric", "skew"} & names:
        mirror = (*place[:-2], place[-1], place[-2])
        out[mirror] = value if "symmetric" in names else -value
    return out


# --- for the reader ----------------------------------------------------------------------------------
def counterexample(failure: Judged, statement: Statement, hypotheses: Hypotheses, note: str = "") -> Counterexample:
    """The failure as text: sizes, the values of all symbols, both sides."""
    world, finding = failure.world, failure.finding
    place = ", ".join(f"{i.name} = {k + 1}" for i, k in finding.letters)
    notes = [f"at {place}, counted from 1" if place else "", note, finding.why]
    right = shown(finding.right) if isinstance(statement, Relation) else f"not {statement.name.replace('_', ' ')}"
    return Counterexample(
        sizes={str(d): k for d, k in world.sizes.items()},
        values={v.name: shown(_value(world, v)) for v in hypotheses.variables},
        left=shown(finding.left),
        right=right,
        note="; ".join(n for n in notes if n),
    )


def _value(world: World, var: Var) -> Array:
    return value_of(world, var, Rationals())[0]


def shown(array: Array) -> Any:
    """An array as nested lists of text; a scalar as text."""
    return np.vectorize(_text, otypes=[object])(array).tolist() if array.size else []


def _text(x: Any) -> str:
    if isinstance(x, arb):
        return str(x.str(SHOWN_DIGITS, radius=False))
    return str(int(x)) if not isinstance(x, fmpq) else str(x)
