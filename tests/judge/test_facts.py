"""What a line leans on: evidence sinks through facts, and a fact says what it says and no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

import chainrule as cr
from chainrule import assume, by, claim, derive, equals, positivity
from chainrule.evidence import Evidence
from chainrule.judge import judge
from chainrule.judge.context import Shown
from chainrule.judge.facts import shown
from chainrule.judge.prove import _restated, prove

n, m, K = cr.dims("n m K")
A, B = cr.matrix("A", n, n), cr.matrix("B", n, n)
M, F = cr.matrix("M", n * m, n * m), cr.matrix("F", m, m)
x, y = cr.vector("x", n), cr.vector("y", n)
a, b = cr.scalar("a"), cr.scalar("b")
i, j = cr.index("i", n), cr.index("j", n)


def evidence(item) -> Evidence:  # type: ignore[no-untyped-def]
    return judge(item)[-1].evidence


def test_a_fact_with_free_indices_holds_for_each_of_them() -> None:
    """x[i] = y[i] for arbitrary i says that x = y, under whatever name the index goes."""
    same = assume(x[i], equals(y[i]))
    assert evidence(derive(x[j], equals(y[j], by(same)))) is Evidence.PROVED
    assert evidence(derive(cr.sqnorm(x), equals(cr.dot(x, y), by(same)))) is Evidence.PROVED


def test_a_fact_about_two_indices_is_not_one_about_the_transpose() -> None:
    ordered = assume(A[i, j], equals(B[i, j]))
    assert evidence(derive(A[j, i], equals(B[j, i], by(ordered)))) is Evidence.PROVED
    assert evidence(derive(A[i, j], equals(B[j, i], by(ordered)))) is Evidence.REFUTED


def test_definitions_in_a_circle_prove_only_what_follows() -> None:
    circle = (assume(x, equals(2 * y)), assume(y, equals(2 * x)))
    assert evidence(derive(x, equals(2 * y, by(*circle)))) >= Evidence.CERTIFIED
    assert evidence(derive(x + y, equals(x + y + 1, by(*circle)))) is Evidence.REFUTED


def test_a_definition_does_not_move_a_derivative() -> None:
    """B = A'A is a hypothesis about two symbols: what is differentiated in A holds B fixed."""
    square = assume(B, equals(A.T @ A))
    flat = derive(cr.grad(cr.trace(B), A), equals(0, by(square, calculus=True)))
    bent = derive(cr.grad(cr.trace(B), A), equals(2 * A, by(square, calculus=True)))
    assert evidence(flat) is Evidence.PROVED
    assert evidence(bent) is Evidence.REFUTED


def test_hypotheses_without_a_model_prove_nothing() -> None:
    impossible = (assume(a, equals(1)), assume(a, equals(2)))
    verdict = judge(derive(2 * a, equals(2 * b, by(*impossible))))[0]
    assert verdict.evidence is not Evidence.PROVED


def test_a_split_axis_is_declined_and_never_a_crash() -> None:
    """Two ways to write one axis of n m: the line is not proved, and nothing breaks."""
    split = assume(M, equals(cr.kron(A, F)))
    for item in (
        derive(cr.trace(M), equals(cr.trace(A) * cr.trace(F), by(split))),
        derive(cr.kron(A, F), equals(cr.kron(F, A))),
        derive(cr.kron(A, F), equals(M)),
    ):
        assert evidence(item) < Evidence.CITED


def test_a_sampled_fact_caps_the_line() -> None:
    sampled = derive(cr.log(a * b), equals(cr.log(a) + cr.log(b)))
    assert evidence(sampled) is Evidence.SAMPLED
    assert evidence(derive(2 * cr.log(a * b), equals(2 * cr.log(a) + 2 * cr.log(b), by(sampled)))) <= Evidence.SAMPLED


@pytest.mark.parametrize("stands", [Evidence.SAMPLED, Evidence.CERTIFIED, Evidence.CITED, Evidence.PROVED])
def test_an_induction_stands_no_higher_than_the_facts_told_at_one_step(stands: Evidence) -> None:
    """x[t] = a, read at each step, carries the step from t to t + 1; the closed form is no better shown than it is."""
    t, g, s = cr.index("t", n), cr.scalar("g"), cr.scalar("s")
    told = assume(x[t], equals(a))
    summed = cr.recur({s: s + g}, {s: 0}, along={g: x})
    line = derive(summed[t], equals(a * cr.position(t + 1), cr.induction(t, told)))
    fact = replace(shown(told, judge), evidence=stands, assumed=False, rests_on=("a table",))
    proof, _ = prove(line.conclusion, line.lines[0].reason, (fact,))
    assert proof is not None
    assert proof.evidence is stands
    assert "a table" in proof.rests_on
    assert prove(line.conclusion, line.lines[0].reason, ())[0] is None


def test_what_facts_say_at_one_step_stands_as_they_do() -> None:
    """Told again at one t, a fact has the evidence of the weakest of them, and rests on all that they rest on."""
    told = (
        Shown((), Evidence.CITED, "known", ("a book",)),
        Shown((), Evidence.SAMPLED, "seen", ("worlds",)),
        Shown((), Evidence.PROVED, "hypothesis", assumed=True),
    )
    again = _restated((), told)
    assert again.evidence is Evidence.SAMPLED
    assert again.rests_on == ("a book", "worlds")
    assert not again.assumed
    assert _restated((), told[2:]).assumed


def test_an_induction_that_leans_on_a_cited_fact_is_cited() -> None:
    t, g, s = cr.index("t", n), cr.scalar("g"), cr.scalar("s")
    summed = cr.recur({s: s + g}, {s: 0}, along={g: x})
    known = cr.cited(x[t], equals(a), theorem="all are one", source="any book")
    line = derive(summed[t], equals(a * cr.position(t + 1), cr.induction(t, known)))
    assert evidence(line) is Evidence.CITED


def test_a_claim_does_not_speak_of_a_symbol_of_the_same_name() -> None:
    """Two symbols called X, one of full column rank: what holds of the one is not said of the other."""
    X, Z = cr.matrix("X", n, m), cr.matrix("X", n, m, full_column_rank=True)
    full = claim(cr.positive_definite(Z.T @ Z), positivity)
    assert evidence(full) is Evidence.PROVED
    assert evidence(claim(cr.positive_definite(X.T @ X), by(full))) is Evidence.REFUTED
    assert evidence(derive(X.T @ X, equals(Z.T @ Z, by(full)))) is Evidence.REFUTED


def test_a_cited_fact_is_cited() -> None:
    turned = cr.cited(cr.trace(A @ B), equals(cr.trace(B @ A)), theorem="traces turn", source="any book")
    assert evidence(derive(cr.trace(A @ B), equals(cr.trace(B @ A), by(turned)))) is Evidence.CITED


def test_a_long_product_in_any_brackets_is_no_crash() -> None:
    v, w = cr.vector("v", n), cr.vector("w", n)
    nested = v @ (w.T @ (y @ (w.T @ (y @ v.T))))
    assert evidence(claim(cr.positive_semidefinite(nested), positivity)) < Evidence.CITED


def test_products_with_zero() -> None:
    assert evidence(derive(cr.zeros(n, n) @ A, equals(0))) is Evidence.PROVED
    assert evidence(derive(cr.zeros(n).T @ A, equals(cr.zeros(n).T))) is Evidence.PROVED
