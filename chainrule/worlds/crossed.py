"""One function that is neither convex nor concave: two chords that cross it, with the other symbols as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chainrule.evidence import Counterexample
from chainrule.notation.nodes import Var
from chainrule.notation.statements import Assumption, Predicate

from .arithmetic import Rationals
from .check import State, look
from .convexity import Chord, chords
from .elimination import Array
from .examine import with_mix
from .hypotheses import Hypotheses, Judged, stream
from .reading import read
from .shrink import counterexample
from .sizes import Assigned, smallest_first
from .source import Entries, Infeasible, Source

WORLDS, PAIRS = 240, 24
"""Worlds tried for the first chord, and pairs of points for the second in each."""

STYLES = (Entries(1), Entries(2), Entries(3))
"""Small integers, to be checked by hand."""


@dataclass(frozen=True)
class _Side:
    chord: Chord
    hypotheses: Hypotheses

    def shown(self, failure: Judged) -> Counterexample:
        return with_mix(counterexample(failure, self.chord.relation, self.hypotheses), self.chord)


def crossed(
    first: Predicate, second: Predicate, given: tuple[Assumption, ...]
) -> tuple[Counterexample, Counterexample] | None:
    """Where both claims, convex(f, x) and convex(-f, x), are false with the same values of all symbols but x; None
    where small worlds show none: x'x times a number of unknown sign is convex or concave, whatever the number."""
    halves = (chords(claim, given)[0] for claim in (first, second))
    one, other = (_Side(c, read(c.relation.formulas, c.given)) for c in halves)
    moving = {v.name for v in first.variables} | set(one.chord.seconds)
    rng = stream("crossed")
    ladder = list(smallest_first(one.hypotheses.limits))
    for k in range(WORLDS):
        source = Source(Rationals(), rng, STYLES[k % len(STYLES)])
        failure = _failing(one, source, ladder[k // 80 % len(ladder)], {})
        if failure is None:
            continue
        fixed = {v: a for v, a in failure.world.values.items() if v.name not in moving}
        for j in range(PAIRS):
            source = Source(Rationals(), rng, STYLES[j % len(STYLES)])
            found = _failing(other, source, dict(failure.world.sizes), fixed)
            if found is not None:
                return one.shown(failure), other.shown(found)
    return None


def _failing(side: _Side, source: Source, sizes: Assigned, fixed: Mapping[Var, Array]) -> Judged | None:
    try:
        world = side.hypotheses.world(sizes, source, fixed)
    except Infeasible:
        return None
    finding = None if world is None else look(world, side.chord.relation)
    return Judged(world, finding) if world is not None and finding and finding.state is State.FAILS else None
