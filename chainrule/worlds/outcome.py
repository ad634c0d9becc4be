"""What an examination came to, and what it rests on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum

from chainrule.evidence import Counterexample

from .check import Finding, State
from .hypotheses import Judged
from .sizes import show
from .world import World


class Outcome(Enum):
    """What an examination came to."""

    REFUTED = "false in a world that is shown"
    CERTIFIED = "passed exact identity testing"
    SAMPLED = "held in every world tried"
    NO_WORLD = "no world was found in which the hypotheses hold"
    UNDEFINED = "no value in any world tried"
    UNSUPPORTED = "cannot be given numbers"


@dataclass(frozen=True)
class Examination:
    """The outcome, and what it rests on. `worlds` counts those that decided, `skipped` the others by state.

    `arithmetic` is "field" (F_p), "ordered" (rationals) or "real" (balls). `digits` is the agreement in balls, None
    where the arithmetic was exact. `error_bound` belongs to CERTIFIED: the chance that an identity that is false at one
    of the listed sizes passed, over the numbers that worlds draw."""

    outcome: Outcome
    why: str
    arithmetic: str = ""
    sizes: tuple[str, ...] = ()
    worlds: int = 0
    reps: int = 0
    error_bound: float | None = None
    digits: int | None = None
    counterexample: Counterexample | None = None
    skipped: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass
class Tally:
    """What rational worlds said."""

    skipped: Counter[str] = field(default_factory=Counter)
    sizes: dict[str, None] = field(default_factory=dict)
    worlds: int = 0
    balls: bool = False
    failure: Judged | None = None
    held: list[Judged] = field(default_factory=list)

    def add(self, world: World, finding: Finding) -> None:
        if finding.state not in (State.HOLDS, State.FAILS):
            self.skipped[finding.state.value] += 1
            return
        self.worlds += 1
        self.balls = self.balls or finding.arithmetic == "balls"
        self.sizes[show(dict(world.sizes))] = None
        if finding.state is State.FAILS:
            self.failure = Judged(world, finding)
        else:
            self.held.append(Judged(world, finding))
