"""The confusion table: every implementation of every kernel gets the one outcome that it deserves."""

from __future__ import annotations

from collections import Counter

import pytest

from chainrule.agreement.compare import compare
from chainrule.agreement.outcome import AGREES, DISAGREES, UNSTABLE
from chainrule.notation.statements import agrees

from .kernels import KERNELS

PAIRS = [
    pytest.param(kernel.formula, function, kernel.given, outcome, id=f"{name}-{function.__name__}-{k}")
    for name, kernel in KERNELS.items()
    for outcome, functions in ((AGREES, kernel.right), (UNSTABLE, kernel.unstable), (DISAGREES, kernel.wrong))
    for k, function in enumerate(functions)
]


def test_the_table_is_large_enough():
    deserved = Counter(p.values[3] for p in PAIRS)
    assert deserved[AGREES] >= 30 and deserved[UNSTABLE] >= 12 and deserved[DISAGREES] >= 35


@pytest.mark.parametrize("formula, function, given, deserved", PAIRS)
def test_the_outcome_is_the_deserved_one(formula, function, given, deserved):
    found = compare(agrees(formula, function, given=given))
    assert found.outcome == deserved, found
    assert found.cases >= 40
    assert (found.lost_digits > 1) == (deserved == UNSTABLE)
    assert (found.worst is None) == (deserved == AGREES)
    assert found.lifted or "raises" in found.why or "returns" in found.why
