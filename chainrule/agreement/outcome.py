"""What a comparison found: agrees, agrees but unstable, or disagrees; flavour by flavour, with the worst input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from chainrule.evidence import Counterexample

AGREES: Literal["agrees"] = "agrees"
UNSTABLE: Literal["unstable"] = "unstable"
DISAGREES: Literal["disagrees"] = "disagrees"


@dataclass(frozen=True)
class Row:
    """One flavour: how many inputs, the largest error in units of what the problem allows, and the digits lost."""

    flavour: str
    cases: int
    error: float
    lost_digits: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """The answer to both questions.

    outcome      "agrees", "unstable" (the same function, but digits are lost) or "disagrees"
    why          one sentence
    cause        where digits are lost: "code", or "formula as written"
    lifted       the source itself was run in ball arithmetic; without it, floats alone decided, on tame inputs
    not_lifted   why not, where it was not
    cases        inputs on which the two were compared; `skipped` ones have no value, or none that balls decide
    worst        the input that lost most digits, or the smallest one on which they disagree
    apart        a disagreeing input whose sizes all differ and exceed 1, where one was found
    """

    outcome: Literal["agrees", "unstable", "disagrees"]
    function: str
    why: str
    rows: tuple[Row, ...] = ()
    cause: str = ""
    lost_digits: float = 0.0
    lifted: bool = True
    not_lifted: str = ""
    cases: int = 0
    skipped: int = 0
    worst: Counterexample | None = None
    apart: Counterexample | None = None

    @property
    def flavours(self) -> Mapping[str, Mapping[str, float]]:
        """The rows as plain numbers, for a verdict's detail."""
        return {r.flavour: {"cases": r.cases, "error": r.error, "lost_digits": r.lost_digits} for r in self.rows}
