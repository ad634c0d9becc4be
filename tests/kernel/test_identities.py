"""The corpus: every identity is proved, no false relative ever is."""

from __future__ import annotations

import pytest

from chainrule.evidence import Evidence
from chainrule.judge.prove import Proof, prove
from chainrule.notation.nodes import Node
from chainrule.notation.statements import Relation, differentiate
from chainrule.worlds.examine import Outcome, examine
from tests.kernel.identities import IDENTITIES, Identity

TRUE = [pytest.param(one, id=one.name) for one in IDENTITIES]
FALSE = [
    pytest.param(one.statement(wrong), id=f"{one.name}, wrong {number}")
    for one in IDENTITIES
    for number, wrong in enumerate(one.wrong, 1)
]


def attempt(statement: Relation) -> Proof | None:
    return prove(statement, differentiate, ())[0]


def test_the_corpus_is_large_enough() -> None:
    assert len([one for one in IDENTITIES if not one.beyond]) >= 60
    assert len(FALSE) >= 40


@pytest.mark.parametrize("one", TRUE)
def test_an_identity_is_proved(one: Identity) -> None:
    proof = attempt(one.statement())
    if one.beyond:
        assert proof is None, f"{one.name} is reached now: say so in the corpus"
    else:
        assert proof is not None
        assert proof.evidence is Evidence.PROVED


@pytest.mark.parametrize("one", TRUE)
def test_no_identity_is_refuted(one: Identity) -> None:
    assert examine(one.statement()).outcome in (Outcome.CERTIFIED, Outcome.SAMPLED)


@pytest.mark.parametrize("statement", FALSE)
def test_a_false_relative_is_never_proved(statement: Relation) -> None:
    assert attempt(statement) is None


@pytest.mark.parametrize("statement", FALSE)
def test_a_false_relative_is_refuted(statement: Relation) -> None:
    assert examine(statement).outcome is Outcome.REFUTED


@pytest.mark.parametrize("one", TRUE)
def test_proofs_do_not_depend_on_which_side_comes_first(one: Identity) -> None:
    forth, back = one.statement(), derive_back(one)
    assert (attempt(forth) is None) == (attempt(back) is None)


def derive_back(one: Identity) -> Relation:
    left: Node = one.statement().right
    return Relation(left, "=", one.left)
