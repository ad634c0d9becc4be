"""Every planted error is caught at its own line, and its right twin is never refuted.

The worst thing that this program could do is to prove a false statement. So: a wrong line is never PROVED, CITED or
CERTIFIED, the lines before it stand, and the twin, which differs in one place, stands exactly as recorded.
"""

from __future__ import annotations

from importlib import import_module

import pytest

from chainrule.evidence import Evidence
from chainrule.judge import judge
from chainrule.notation.statements import Claim, Derivation
from tests.wrong.pairs import UNBELIEVED, Pair

THEMES = (
    "calculus", "algebra", "hypotheses", "orders", "convexity", "sizes", "statistics", "kinks", "cookbook", "cheats",
    "expectations", "places", "networks",
)  # fmt: skip
PAIRS = [
    pytest.param(found, id=f"{theme}: {found.name}")
    for theme in THEMES
    for found in import_module(f"tests.wrong.{theme}").PAIRS
]


def standing(item: Derivation | Claim) -> list[Evidence]:
    return [verdict.evidence for verdict in judge(item)]


@pytest.mark.parametrize("found", PAIRS)
def test_the_wrong_line_is_caught_where_it_is(found: Pair) -> None:
    evidence = standing(found.wrong)
    at = max(found.line - 1, 0)
    assert evidence[at] in UNBELIEVED
    assert evidence[at] == found.lowered
    assert all(e > Evidence.REFUTED for e in evidence[:at]), "the lines before it are right"


@pytest.mark.parametrize("found", PAIRS)
def test_the_right_twin_stands(found: Pair) -> None:
    evidence = standing(found.right)
    assert Evidence.REFUTED not in evidence
    assert min(evidence) == found.stands


def test_there_are_enough_of_them_and_each_has_its_name() -> None:
    names = [param.id for param in PAIRS]
    assert len(names) >= 60
    assert len(set(names)) == len(names)
