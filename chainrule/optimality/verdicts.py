"""How well each statement about an optimum stands: judged one by one, each within its time."""

from __future__ import annotations

from chainrule.errors import Place
from chainrule.evidence import Evidence, Verdict
from chainrule.judge import judge
from chainrule.limits import TooMuch, within
from chainrule.notation.statements import Claim, Derivation

from .optimum import Optimum

JUDGING = 20.0
"""Seconds that one item may take."""


def verdicts(found: Optimum) -> dict[str, list[Verdict]]:
    """By the item's name, one a line; OPEN, with the reason, where judging takes too long."""
    return {name: _judged(name, item) for name, item in found.items()}


def _judged(name: str, item: Derivation | Claim) -> list[Verdict]:
    try:
        return within(JUDGING, lambda: judge(item, name))
    except TooMuch as error:
        lines = range(1, len(item.lines) + 1) if isinstance(item, Derivation) else [0]
        return [Verdict(Evidence.OPEN, name, k, Place("formula", 1), error.text) for k in lines]
