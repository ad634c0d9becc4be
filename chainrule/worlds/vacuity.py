"""Do the hypotheses have a model? A line that no world can contradict says nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chainrule.notation.nodes import Node
from chainrule.notation.statements import Assumption

from .arithmetic import Rationals
from .hypotheses import REJECTIONS, stream
from .reading import read
from .sizes import smallest_first
from .source import Entries, Infeasible, Source
from .world import World

STYLES = (Entries(3), Entries(9, 4), Entries(1))
"""How the entries of the worlds look that are tried at each size."""


@dataclass(frozen=True)
class Vacuity:
    """Whether hypotheses have a model: the world that shows it, or why none was found."""

    has_model: bool
    explanation: str
    world: World | None = None

    def __bool__(self) -> bool:
        return self.has_model


def vacuity(formulas: Iterable[Node], given: tuple[Assumption, ...] = ()) -> Vacuity:
    """Looks for a world, small sizes first, in which everything declared and given holds."""
    hypotheses = read(formulas, given)
    why = "no sizes meet what the properties ask of them"
    for sizes in smallest_first(hypotheses.limits):
        rng = stream("vacuity", *sizes.values())
        try:
            drawn = (hypotheses.world(sizes, Source(Rationals(), rng, entries)) for entries in STYLES)
            world = next((w for w in drawn if w is not None), None)
        except Infeasible as error:
            why = error.text
            continue
        if world is not None:
            return Vacuity(True, "a world was found in which everything given holds", world)
        why = f"in {REJECTIONS} worlds at each of the small sizes something given was false"
    return Vacuity(False, why)
