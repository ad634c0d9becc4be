"""A small campaign in every test run: no mutant that exact testing refutes is proved. `make mutants` runs them all."""

from __future__ import annotations

import pytest

from tests.mutants.campaign import fates, proved_lines
from tests.mutants.mutations import mutants

LINES = proved_lines()
SOME = LINES[::5]


@pytest.mark.parametrize("line", SOME, ids=[line.name for line in SOME])
def test_what_is_refuted_is_not_proved(line) -> None:  # type: ignore[no-untyped-def]
    assert [fate for fate in fates(line, 4) if fate.conflict] == []


def test_most_mutants_are_refuted() -> None:
    """A campaign whose mutants were all true, or all beyond testing, would show nothing."""
    found = [fate for line in SOME[::3] for fate in fates(line, 4)]
    assert sum(fate.refuted for fate in found) > len(found) / 2


def test_every_line_has_mutants_and_they_are_the_same_in_every_run() -> None:
    for line in LINES:
        again = mutants(line.statement, 3, line.name)
        assert again == mutants(line.statement, 3, line.name)
        assert line.statement not in [m.statement for m in again]
        assert len(again) >= 2, line.name
