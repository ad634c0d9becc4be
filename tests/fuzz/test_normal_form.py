"""The normal form is sound: what it holds equal is equal, in balls, at several sizes; what is equal is never refuted.

Random formulas meet their rewritings, which are equal by construction, and their mutants, which mostly are not.
"""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from chainrule.errors import ChainruleError, Undefined, Unsupported
from chainrule.judge.prove import prove
from chainrule.notation.nodes import Node
from chainrule.notation.statements import Relation, differentiate
from chainrule.search import rewrite
from chainrule.worlds.arithmetic import Undecided
from chainrule.worlds.examine import Outcome, examine
from tests.fuzz.expressions import Drawing, n, p, scalars
from tests.fuzz.rewritings import rewritten
from tests.fuzz.worlds import SIZES, Kink, apart, value, world_for
from tests.mutants.mutations import mutants

BATCHES = 12
EQUAL, CHANGED = 120, 120
SHAPES = ((), (n,), (n, p), (n, n))


def drawn(number: int, seed: str) -> Node:
    """A small formula of any shape, with or without derivatives."""
    return Drawing(f"{seed}/{number}").draw(SHAPES[number % len(SHAPES)], 2)


def proved(statement: Relation) -> bool:
    proof, _ = prove(statement, differentiate, ())
    return proof is not None


def differ(statement: Relation, rng: Random) -> bool:
    """Are the two sides seen to differ in some world where both have a value?"""
    for which in range(len(SIZES)):
        world = world_for([statement.left, statement.right], rng, which)
        try:
            if apart(value(statement.left, world), value(statement.right, world)):
                return True
        except (Kink, Undecided, Undefined):
            continue
    return False


@pytest.mark.parametrize("batch", range(BATCHES))
def test_equal_by_construction_is_never_refuted(batch: int) -> None:
    outcome: Counter[bool] = Counter()
    for number in range(batch, EQUAL, BATCHES):
        rng = Random(f"equal/{number}")
        formula = drawn(number, "equal")
        statement = Relation(formula, "=", rewritten(formula, rng, 4))
        assert examine(statement).outcome is not Outcome.REFUTED, statement
        assert not differ(statement, rng), statement
        outcome[proved(statement)] += 1
    assert outcome[True] > 0.8 * sum(outcome.values()), "rewritings are what the normal form is there to see through"


@pytest.mark.parametrize("batch", range(BATCHES))
def test_what_is_proved_is_equal_in_numbers(batch: int) -> None:
    """Mutants, three a formula: where the prover says equal, whatever it still asks, balls must agree."""
    for number in range(batch, CHANGED, BATCHES):
        formula = drawn(number, "changed")
        for mutant in mutants(Relation(formula, "=", formula), 3, number):
            assert isinstance(mutant.statement, Relation)
            if proved(mutant.statement):
                assert not differ(mutant.statement, Random(number)), (mutant.what, mutant.statement)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_only_declared_exceptions(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is asked of two formulas of one shape, the answer is a verdict or a declared error."""
    monkeypatch.setattr(rewrite, "SECONDS", 0.2)
    formulas = scalars(60, "exceptions")
    for number in range(batch, len(formulas), BATCHES):
        other = formulas[(number * 7 + 1) % len(formulas)]
        for relation in ("=", "<=", ">"):
            statement = Relation(formulas[number], relation, other)
            try:
                prove(statement, differentiate, ())
                if relation == "=":
                    examine(statement)
            except Unsupported as error:
                pytest.fail(f"the prover and the examiner answer for themselves: {error}")
            except ChainruleError as error:
                assert error.text
