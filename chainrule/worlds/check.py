"""Does a statement hold in a world? Answered exactly, or in balls that surely contain the values, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from itertools import product
from typing import Any

import numpy as np
from flint import arb

from chainrule.errors import Undefined, Unsupported
from chainrule.notation.nodes import Letter
from chainrule.notation.statements import Assumption, Predicate, Relation

from .arithmetic import Arithmetic, Balls, Modular, Rationals, Undecided, at_precision
from .contents import letters
from .elimination import Array, definite, indefinite
from .evaluate import Evaluator
from .properties import has_property
from .world import World, extent

DIGITS = 30
"""Decimal digits to which two sides in balls have to agree."""

AGREEMENT_BITS = 100
"""30 digits in bits: 10^-30 > 2^-100."""

ZERO_BITS = 300
"""A ball around 0 this small agrees with 0: there is no relative error at 0."""


class State(Enum):
    """What one world says of a statement."""

    HOLDS = "holds"
    FAILS = "fails"
    UNDEFINED = "undefined"
    UNDECIDED = "undecided"
    KINK = "kink"


@dataclass(frozen=True)
class Finding:
    """A statement in one world: the state, both sides where it was decided, and in which arithmetic."""

    state: State
    left: Any = None
    right: Any = None
    letters: tuple[tuple[Letter, int], ...] = ()
    arithmetic: str = ""
    why: str = ""


def satisfies(world: World, statement: Assumption | Relation | Predicate) -> bool:
    """Whether a statement holds in a world of rationals, for every value of its free letters. Raises Undefined where
    a side has no value, Undecided where balls cannot tell."""
    finding = look(world, statement.statement if isinstance(statement, Assumption) else statement)
    if finding.state is State.UNDEFINED:
        raise Undefined(finding.why)
    if finding.state is State.UNDECIDED:
        raise Undecided(finding.why)
    return finding.state is not State.FAILS


def look(world: World, statement: Relation | Predicate, *, real: bool = False) -> Finding:
    """A statement in a world of rationals: exactly, or where it is `real` or turns out so, in balls."""
    try:
        if not real:
            try:
                return look_in(world, statement, Rationals())
            except Unsupported:
                pass  # balls may hold what the rationals cannot; what nothing holds is raised there
        return at_precision(lambda balls: look_in(world, statement, balls))
    except Undefined as error:
        return Finding(State.UNDEFINED, why=error.text)
    except Undecided as error:
        return Finding(State.UNDECIDED, why=str(error))


def look_in(world: World, statement: Relation | Predicate, arithmetic: Arithmetic) -> Finding:
    """A statement in a world and one arithmetic. Letters that are free in it take every value."""
    evaluator = Evaluator(world, arithmetic)
    sides = statement.formulas
    free = sorted(frozenset().union(*(letters(s) for s in sides)) - set(world.letters), key=lambda x: x.sort_key())
    first: Finding | None = None
    for place in product(*(range(extent(i.dim, world.sizes)) for i in free)):
        where = tuple(zip(free, place, strict=True))
        evaluator.letters.update(where)
        values = [evaluator.value(s) for s in sides]
        state = _judge(statement, values, arithmetic)
        if state is State.FAILS and arithmetic.kinks:
            state = State.KINK
        right = values[1] if len(values) > 1 else None
        finding = Finding(state, values[0], right, where, arithmetic.name)
        if state is State.FAILS:
            return finding
        first = first if first is not None and first.state is not State.HOLDS else finding
    assert first is not None
    return Finding(State.KINK, first.left, first.right, (), arithmetic.name) if arithmetic.kinks else first


def _judge(statement: Relation | Predicate, values: list[Array], arithmetic: Arithmetic) -> State:
    if isinstance(statement, Predicate):
        return _predicate(statement.name, values[0], arithmetic)
    compare = equal if statement.relation == "=" else _ordered(statement.relation)
    return _all(compare(x, y, arithmetic) for x, y in zip(values[0].flat, values[1].flat, strict=True))


def _all(states: Iterable[State]) -> State:
    """One failure is a failure, whatever else is undecided. Raises Undecided where that is all there is."""
    found = set(states)
    if State.FAILS in found:
        return State.FAILS
    if State.UNDECIDED in found:
        raise Undecided("two sides are too close to tell apart")
    return State.HOLDS


def equal(x: Any, y: Any, arithmetic: Arithmetic) -> State:
    """x = y: exactly, or in balls to 30 digits. Disjoint balls differ for sure; wide overlapping ones are undecided."""
    if not isinstance(arithmetic, Balls):
        return State.HOLDS if x == y else State.FAILS
    difference = x - y
    if not difference.contains(0):
        return State.FAILS
    scale = max(abs(x).abs_lower(), abs(y).abs_lower())
    tolerance = scale * arb(2) ** (-AGREEMENT_BITS) if scale > 0 else arb(2) ** (-ZERO_BITS)
    return State.HOLDS if difference.abs_upper() <= tolerance else State.UNDECIDED


def _ordered(relation: str) -> Callable[[Any, Any, Arithmetic], State]:
    """Comparison of two numbers. Where equality is allowed, a tiny ball around 0 speaks for nothing else."""
    holds = {"<=": (-1, 0), "<": (-1,), ">=": (0, 1), ">": (1,)}[relation]

    def compare(x: Any, y: Any, arithmetic: Arithmetic) -> State:
        try:
            return State.HOLDS if arithmetic.sign(x - y) in holds else State.FAILS
        except Undecided:
            near = (x - y).abs_upper() <= arb(2) ** (-ZERO_BITS)
            return State.HOLDS if 0 in holds and near else State.UNDECIDED

    return compare


def _predicate(name: str, a: Array, arithmetic: Arithmetic) -> State:
    match name:
        case "positive" | "nonnegative":
            compare = _ordered(">" if name == "positive" else ">=")
            return _all(compare(x, arithmetic.lift(0), arithmetic) for x in a.flat)
        case "nonzero":
            return State.FAILS if any(arithmetic.is_zero(x) for x in a.flat) else State.HOLDS
        case "invertible":
            return State.HOLDS if has_property("invertible", a, arithmetic) else State.FAILS
        case "positive_definite" | "positive_semidefinite":
            return _definiteness(a, arithmetic, strictly=name == "positive_definite")
    raise Unsupported(f"a world has no check for the predicate {name}")


def _definiteness(a: Array, arithmetic: Arithmetic, *, strictly: bool) -> State:
    """Exact by the signs of L D L'; in balls a failure is reported only where it is certain."""
    if not isinstance(arithmetic, Balls):
        name = "positive_definite" if strictly else "psd"
        return State.HOLDS if has_property(name, a, arithmetic) else State.FAILS
    if any(indefinite(m, arithmetic) for m in _stack(a)):
        return State.FAILS
    symmetric = _all(equal(x, y, arithmetic) for m in _stack(a) for x, y in zip(m.flat, m.T.flat, strict=True))
    if symmetric is State.FAILS:
        return State.FAILS
    if strictly:
        return State.HOLDS if all(definite(m, arithmetic, strictly=True) for m in _stack(a)) else State.FAILS
    return State.HOLDS


def _stack(a: Array) -> list[Array]:
    return [a[k] for k in np.ndindex(a.shape[:-2])]


def residues(world: World, statement: Relation | Predicate, p: int) -> Finding:
    """A statement in a world over F_p. Raises Unsupported where F_p has no meaning for it."""
    try:
        return look_in(world, statement, Modular(p))
    except Undefined as error:
        return Finding(State.UNDEFINED, why=error.text)
