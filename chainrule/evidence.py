"""The evidence ladder and the verdict. Data only: the judge is the one room that makes a verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from html import escape
from typing import Any

from chainrule.errors import Place


class Evidence(IntEnum):
    """How well a line stands. A chain stands as its weakest line."""

    REFUTED = 0
    OPEN = 1
    SAMPLED = 2
    CERTIFIED = 3
    CITED = 4
    PROVED = 5

    @property
    def sign(self) -> str:
        return "✗○⁘◆◧■"[self]

    @property
    def means(self) -> str:
        return MEANS[self]


MEANS = {
    Evidence.PROVED: "kernel-checked from the laws alone, in every dimension",
    Evidence.CITED: "kernel-checked, also from named theorems that are not proved here",
    Evidence.CERTIFIED: "exact identity testing at the listed sizes, with a bound on the error",
    Evidence.SAMPLED: "both sides equal to 30 digits in the listed worlds",
    Evidence.OPEN: "written, nothing shown",
    Evidence.REFUTED: "false in a world that is printed",
}


@dataclass(frozen=True)
class Counterexample:
    """A world in which a line is false: sizes, the values of the symbols, and both sides (nested lists of str)."""

    sizes: dict[str, int]
    values: dict[str, Any]
    left: Any
    right: Any
    note: str = ""


@dataclass(frozen=True)
class Verdict:
    """What is known of one line, and what that rests on."""

    evidence: Evidence
    item: str = ""  # chapter.name
    line: int = 0  # 1-based within the item; 0 for a claim, an agreement, an example
    place: Place | None = None
    why: str = ""  # one sentence
    rests_on: tuple[str, ...] = ()  # laws and theorems by name
    hypotheses: tuple[str, ...] = ()  # declared properties and assumptions that were used
    obligations: tuple[str, ...] = ()  # what was not discharged
    sizes: tuple[str, ...] = ()  # the sizes tested, as text
    error_bound: float | None = None  # for CERTIFIED
    counterexample: Counterexample | None = None
    detail: dict[str, Any] = field(default_factory=dict)  # for agreements: flavours, lost digits, outcome
    seconds: float = 0.0

    def _repr_html_(self) -> str:
        said = escape("; ".join(part for part in (self.why, ", ".join(self.rests_on)) if part))
        return f"<b>{self.evidence.sign} {self.evidence.name}</b> {said}"
