"""A shorter form of a derivative is printed when it is proved, and never otherwise."""

import dataclasses

import pytest

from chainrule.calculus import shortest
from chainrule.calculus.lengths import length
from chainrule.diff import derived, engine
from chainrule.diff.steps import steps
from chainrule.evidence import Evidence
from chainrule.limits import within
from chainrule.printing import text
from chainrule.typed import read_formula
from tests.diff.checking import compare, worlds
from tests.diff.generated import lines


def test_a_wrong_form_is_not_printed(monkeypatch):
    formula = read_formula("x'*A*x")
    wrong = read_formula("A*x").node
    monkeypatch.setattr(engine, "forms", lambda goal: [wrong, *shortest.forms(goal)])
    assert text(derived(formula, "x").result) == "(A + A.T) @ x"


def test_a_form_that_holds_only_elsewhere_is_not_printed(monkeypatch):
    formula = read_formula("sum(abs(x))")
    for claim in ("x ./ x", "x ./ abs(x)", "sqrt(x.^2) ./ x"):
        only = read_formula(claim, "x: vector").node
        monkeypatch.setattr(engine, "forms", lambda goal, only=only: [only, *shortest.forms(goal)])
        found = derived(formula, "x")
        assert text(found.result) == "sign(x)"
        assert found.verdict.evidence is Evidence.PROVED
        assert not found.given


def test_what_the_formula_asks_is_still_said():
    found = derived(read_formula("sum(x.^2 ./ x)"), "x")
    assert found.verdict.evidence is Evidence.PROVED
    assert [str(a.statement) for a in found.given]


@pytest.mark.parametrize(
    ("formula", "declare", "wanted"),
    [
        ("sum(p.*log(p./softmax(z)))", "p: positive vector, z: vector", "sum(p) * softmax(z) - p"),
        ("-y'*log(softmax(z))", "z: vector", "total(y) * softmax(z) - y"),
        ("log(sum(exp(z)))", "z: vector", ""),
        ("y'*log(exp(z))", "z: vector", "y"),
        ("norm1(z)^2", "z: vector", "2 * sum(abs_(z)) * sign(z)"),
    ],
)
def test_logarithms_and_signs(formula, declare, wanted):
    found = derived(read_formula(formula, declare), "z")
    assert found.verdict.evidence is Evidence.PROVED
    assert not wanted or text(found.result) == wanted.replace("sum(", "total(")


def test_the_steps_end_in_the_form_that_is_printed():
    found = derived(read_formula("-sum(x.*log(x))", "x: positive"), "x")
    made = steps(found)
    assert made.chain.lines[-1].expr == found.result
    assert all(v.evidence is Evidence.PROVED for v in made.verdicts)


def test_the_shortest_comes_first_and_what_was_written_last():
    goal = derived(read_formula("x'*y / (norm2(x)*norm2(y))"), "x").goal
    *shorter, plain = shortest.forms(goal)
    assert shorter
    assert [length(f) for f in shorter] == sorted(length(f) for f in shorter)
    assert all(length(f) < length(plain) for f in shorter)


@pytest.mark.parametrize("line", lines(60, seed=11), ids=lambda line: line["expr"])
def test_every_form_is_right_in_exact_worlds(line):
    found = derived(read_formula(line["expr"], kinds=line["vars"]), line["wrt"], line["order"])
    made = within(20.0, lambda: shortest.forms(found.goal))
    for world in worlds(found, 1):
        for form in made:
            compare(dataclasses.replace(found, result=form), world)
