"""A planted error and its right twin: two derivations that differ in one place, and what the judge must say of each."""

from __future__ import annotations

from dataclasses import dataclass

from chainrule.evidence import Evidence
from chainrule.notation.statements import Claim, Derivation

UNBELIEVED = (Evidence.REFUTED, Evidence.OPEN, Evidence.SAMPLED)
"""What a wrong line may be: never proved, cited or certified."""


@dataclass(frozen=True)
class Pair:
    """`wrong` goes wrong at `line` (0 for a claim) and is `lowered` to there; every line of `right` `stands`."""

    name: str
    wrong: Derivation | Claim
    right: Derivation | Claim
    line: int
    lowered: Evidence
    stands: Evidence


def pair(
    name: str,
    wrong: Derivation | Claim,
    right: Derivation | Claim,
    *,
    line: int | None = None,
    lowered: str = "REFUTED",
    stands: str = "PROVED",
) -> Pair:
    """A pair; the wrong line is the last one unless said otherwise."""
    if line is None:
        line = len(wrong.lines) if isinstance(wrong, Derivation) else 0
    if Evidence[lowered] not in UNBELIEVED:
        raise ValueError(f"{name}: a wrong line that stands as {lowered} is no planted error")
    return Pair(name, wrong, right, line, Evidence[lowered], Evidence[stands])
