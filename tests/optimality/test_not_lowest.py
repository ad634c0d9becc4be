"""What must not be called lowest: saddles, maxima, bowls that may be flat, formulas that only look right."""

from dataclasses import replace

import pytest

from chainrule import (
    assume,
    dims,
    dot,
    equals,
    let,
    log,
    matrix,
    minimise,
    positive,
    scalar,
    sin,
    sqnorm,
    total,
    vector,
)
from chainrule.errors import NotationError, ShapeError
from chainrule.evidence import Evidence
from chainrule.judge import judge
from tests.optimality.standing import asked, point, standing

n, m = dims("n m")
x, b = vector("x", n), vector("b", n)
A, Q = matrix("A", n, n, symmetric=True), matrix("Q", n, n, psd=True)
s, t = scalar("s"), scalar("t")


def test_a_symmetric_matrix_may_have_a_saddle():
    found = minimise(x.T @ A @ x / 2 - dot(b, x), x)
    assert (found.kind, point(found)) == ("stationary", "A.I @ b")
    assert found.lowest is None and found.unique is None and found.bowl is None
    assert asked(found) == ["invertible A"]
    assert min(standing(found).values()) is Evidence.PROVED


def test_a_flat_bowl_asks_for_an_inverse():
    found = minimise(x.T @ Q @ x / 2 - dot(b, x), x)
    assert asked(found) == ["invertible Q"]
    assert found.kind == "lowest" and all(
        set(i.given) >= set(found.given) for _, i in found.items() if i is not found.gradient
    )


@pytest.mark.parametrize(
    ("objective", "variable", "kind"),
    [
        (-sqnorm(x - b), x, "highest"),
        (-(s**2) + 2 * s, s, "highest"),
        (log(scalar("r", positive=True)) - scalar("r", positive=True), scalar("r", positive=True), "highest"),
        (x.T @ A @ x, x, "stationary"),
    ],
)
def test_a_top_is_no_bottom(objective, variable, kind):
    found = minimise(objective, variable)
    assert found.kind == kind
    assert found.lowest is None


def test_a_saddle_of_two_numbers():
    found = minimise(s * t + s**2 - t**2, t)
    assert found.kind == "highest" and point(found) == "s / 2"


def test_a_saddle_on_a_line_is_not_lowest_either():
    found = minimise(x.T @ A @ x / 2, x, subject_to=assume(total(x), equals(1)))
    assert found.kind == "stationary" and found.lowest is None


def test_bent_everywhere_but_on_two_sides_of_a_pole():
    """2s - log s^2 has s = 1 as its one stationary point and falls without end on the left."""
    found = minimise(2 * s - log(s**2), s)
    assert point(found) == "1" and found.kind == "a strict local minimum"
    assert found.lowest is None and found.bowl is None


def test_on_one_side_of_it_it_is_lowest():
    r = scalar("r", positive=True)
    assert minimise(2 * r - log(r**2), r).kind == "lowest"


def test_several_solutions_are_none():
    found = minimise(s**4 / 4 - s * t, s)
    assert found.point is None


def test_a_wave_has_no_closed_form_here():
    assert minimise(sin(s), s).point is None


def test_a_wrong_point_is_refuted():
    found = minimise(sqnorm(x - b), x)
    wrong = let("x*", 2 * b)
    lines = tuple(replace(k, expr=k.expr.xreplace({found.point: wrong})) for k in found.lowest.lines)
    verdicts = judge(replace(found.lowest, lines=lines))
    assert Evidence.REFUTED in [v.evidence for v in verdicts]


@pytest.mark.parametrize(
    ("asked_for", "error", "said"),
    [
        (lambda: minimise(x, x), ShapeError, "only numbers have a lowest one"),
        (lambda: minimise(sqnorm(x), b), NotationError, "is not in the objective"),
        (lambda: minimise(sqnorm(x), x + b), NotationError, "declared symbol"),
        (lambda: minimise(sqnorm(x), x, subject_to=total(x)), NotationError, "is no constraint"),
        (lambda: minimise(sqnorm(x), x, subject_to=assume(total(b), equals(1))), NotationError, "does not speak of x"),
        (lambda: minimise(sqnorm(x), x, subject_to=assume(positive(x))), NotationError, "a constraint is"),
    ],
)
def test_what_is_no_problem(asked_for, error, said):
    with pytest.raises(error, match=said):
        asked_for()


def test_a_declared_constraint_is_not_overlooked():
    u = vector("u", n, unit=True)
    found = minimise(dot(b, u) + sqnorm(u), u)
    assert found.point is None and "unit" in found.why
