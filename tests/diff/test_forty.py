"""Forty formulas, orders 1 and 2: right to 30 digits, proved, and read as a mathematician would write them."""

import pytest

from chainrule.diff import derived
from chainrule.evidence import Evidence
from chainrule.printing import text
from chainrule.report.typed_formulas import LONG
from chainrule.typed import read_formula
from tests.diff.checking import compare, worlds
from tests.typed.formulas import CASES


def test_there_are_forty():
    assert len({c.name for c in CASES}) == len(CASES) == 40


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_right_in_exact_worlds(case, order):
    found = derived(read_formula(case.text, case.declare), case.wrt, order)
    seen = list(worlds(found, 3))
    assert len(seen) == 3
    for world in seen:
        compare(found, world)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_the_gradient_is_proved_and_reads_well(case):
    found = derived(read_formula(case.text, case.declare), case.wrt)
    assert found.verdict.evidence is Evidence.PROVED, found.verdict.why
    assert not case.reads or text(found.result) == case.reads


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_the_second_derivative_is_proved_and_reads_well(case):
    found = derived(read_formula(case.text, case.declare), case.wrt, 2)
    assert found.verdict.evidence is Evidence.PROVED, found.verdict.why
    assert not case.twice or found.shown("text") == case.twice


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_none_is_too_long_to_be_set(case, order):
    assert len(derived(read_formula(case.text, case.declare), case.wrt, order).shown("text")) <= LONG
