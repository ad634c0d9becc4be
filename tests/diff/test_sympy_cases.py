"""SymPy's own tests of matrix derivatives: what is right there holds here, and what is wrong there is refuted here."""

import pytest
import sympy as sp
from sympy.tensor.array.array_derivatives import ArrayDerivative

from chainrule.diff.domain import domain
from chainrule.evidence import Evidence, Verdict
from chainrule.judge import judge
from chainrule.notation.nodes import Node
from chainrule.notation.statements import Derivation, Reason, derive, differentiate, equals
from tests.diff.sympy_cases import CASES, WRONG, Case, Wrong

ANSWERED = [found for found in WRONG if found.fate in ("silent", "wrong")]


def verdict(left: Node, right: Node, reason: Reason = differentiate) -> Verdict:
    """The verdict on left = right, where both have a value."""
    written = derive(left, equals(right, reason))
    return judge(Derivation(written.first, written.lines, domain(left, right), written.place))[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.place)
def test_what_is_right_there_is_proved_here(case: Case) -> None:
    found = verdict(case.derivative, case.result)
    assert found.evidence is Evidence.PROVED, found.why


@pytest.mark.parametrize("case", [found.right for found in WRONG], ids=lambda case: case.place)
def test_what_is_right_in_its_place_is_proved(case: Case) -> None:
    found = verdict(case.derivative, case.result)
    assert found.evidence is Evidence.PROVED, found.why


@pytest.mark.parametrize("found", ANSWERED, ids=lambda found: found.place)
def test_a_wrong_answer_is_refuted(found: Wrong) -> None:
    answer = found.formula().diff(found.by)
    assert (answer == sp.ZeroMatrix(*found.by.shape)) == (found.fate == "silent")
    assert verdict(found.right.derivative, found.read(answer)).evidence is Evidence.REFUTED


@pytest.mark.parametrize("found", [w for w in WRONG if w.fate == "left"], ids=lambda found: found.place)
def test_a_question_given_back(found: Wrong) -> None:
    assert isinstance(found.formula().diff(found.by), sp.Derivative | ArrayDerivative)


@pytest.mark.parametrize("found", [w for w in WRONG if w.fate == "breaks"], ids=lambda found: found.place)
def test_a_question_that_breaks_it(found: Wrong) -> None:
    with pytest.raises((AttributeError, TypeError)):
        found.formula().diff(found.by)


def test_every_case_is_there_and_every_fate_is_known() -> None:
    assert len(CASES) == 105
    assert {found.fate for found in WRONG} == {"silent", "wrong", "left", "breaks"}
