"""Press an inequality where it is tightest: move one number at a time towards its failure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from flint import arb, fmpq

from chainrule.errors import Undefined
from chainrule.notation.statements import Relation

from .arithmetic import Rationals, Undecided
from .check import Finding, State, look
from .hypotheses import Hypotheses, Judged
from .properties import has_property
from .world import World

STARTS = 3
"""From how many of the tightest worlds."""

MOVES = 60
"""How many moves are tried in all."""

STEPS = (fmpq(1), fmpq(-1), fmpq(1, 2), fmpq(-1, 2), fmpq(1, 8), fmpq(-1, 8))


def pressed(statement: Relation, hypotheses: Hypotheses, held: list[Judged]) -> Judged | None:
    """A world in which the inequality fails, downhill from those where it held most narrowly; None if none is met."""
    tight = sorted((j for j in held if slack(j.finding) is not None), key=lambda j: slack(j.finding) or 0.0)
    left = MOVES
    for start in tight[:STARTS]:
        here, improved = start, True
        while improved and left > 0:
            improved = False
            for world in _moves(here.world, hypotheses):
                left -= 1
                finding = look(world, statement, real=here.finding.arithmetic == "balls")
                if finding.state is State.FAILS:
                    return Judged(world, finding)
                there, before = slack(finding), slack(here.finding)
                if finding.state is State.HOLDS and there is not None and before is not None and there < before:
                    here, improved = Judged(world, finding), True
                    break
                if left <= 0:
                    return None
    return None


def slack(finding: Finding) -> float | None:
    """|left - right| relative to both sides, in the tightest entry; None where all are 0, and where they have no
    value."""
    if finding.left is None or finding.right is None:
        return None
    sides = (np.asarray(side, dtype=object).flat for side in (finding.left, finding.right))
    found = [_relative(_float(x), _float(y)) for x, y in zip(*sides, strict=True)]
    return min((s for s in found if s is not None), default=None)


def _relative(left: float, right: float) -> float | None:
    size = abs(left) + abs(right)
    return abs(left - right) / size if size > 0 and np.isfinite(size) else None


def _float(x: object) -> float:
    if isinstance(x, arb):
        return float(x.mid())
    assert isinstance(x, fmpq)
    return int(x.p) / int(x.q)


def _moves(world: World, hypotheses: Hypotheses) -> Iterator[World]:
    """Neighbouring worlds in which everything given still holds."""
    for var, array in sorted(world.values.items(), key=lambda item: item[0].name):
        names = hypotheses.properties.get(var, var.properties)
        for place in np.ndindex(array.shape):
            for step in STEPS:
                changed = array.copy()
                changed[place] = changed[place] + step
                if "symmetric" in names and place[-1] != place[-2]:
                    changed[(*place[:-2], place[-1], place[-2])] = changed[place]
                moved = replace(world, values={**world.values, var: changed})
                if all(has_property(n, changed, Rationals()) for n in names) and _met(hypotheses, moved):
                    yield moved


def _met(hypotheses: Hypotheses, world: World) -> bool:
    try:
        return hypotheses.met(world, Rationals())
    except (Undefined, Undecided):
        return False
