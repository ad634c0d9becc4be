"""A small campaign in every test run: no mutant that exact testing refutes is proved. `make mutants` runs them all."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.mutants.campaign import ROOT, Proved, corpus, fates
from tests.mutants.mutations import mutants

CORPUS = corpus()
SOME = CORPUS[::3]
CHAPTERS = ("derivations/ridge.py", "derivations/logistic.py", "derivations/kmeans.py", "proofs/scatter.py")


@pytest.mark.parametrize("line", SOME, ids=[line.name for line in SOME])
def test_of_an_identity_what_is_refuted_is_not_proved(line: Proved) -> None:
    assert [fate for fate in fates(line, 5) if fate.conflict or fate.broke] == []


CAMPAIGN = """
import sys
from tests.mutants.campaign import ROOT, fates, proved_in
found = [fate for line in proved_in(ROOT / sys.argv[1]) for fate in fates(line, 2)]
print(len(found), sum(f.refuted for f in found), *(f.name for f in found if f.conflict or f.broke))
"""


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_of_a_chapter_what_is_refuted_is_not_proved(chapter: str) -> None:
    """In a process of its own: other tests load projects of their own, whose shelves have the same names."""
    command = [sys.executable, "-c", CAMPAIGN, chapter]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    total, refuted, *wrong = ran.stdout.split()
    assert wrong == []
    assert int(refuted) > int(total) / 3 > 0


def test_most_mutants_are_refuted() -> None:
    """A campaign whose mutants were all true, or all beyond testing, would show nothing."""
    found = [fate for line in SOME[::3] for fate in fates(line, 4)]
    assert sum(fate.refuted for fate in found) > len(found) / 2


def test_identities_have_mutants_and_they_are_the_same_in_every_run() -> None:
    """A line such as vjp(X w, w, y) = X'y has none: whatever is changed in it no longer fits together."""
    assert sum(len(mutants(line.statement, 10, line.name)) for line in CORPUS) > 5 * len(CORPUS)
    for line in CORPUS:
        again = mutants(line.statement, 3, line.name)
        assert again == mutants(line.statement, 3, line.name)
        assert line.statement not in [mutant.statement for mutant in again]
