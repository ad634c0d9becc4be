"""Inequalities: solved by clipping where each multiplier has its own direction, else written and shown to be enough."""

import pytest

from chainrule import assume, at_least, at_most, dims, dot, matrix, minimise, nonnegative, scalar, sqnorm, vector
from chainrule.evidence import Evidence
from tests.optimality.standing import asked, point, standing

n, m = dims("n m")
x, v, a = vector("x", n), vector("v", n), vector("a", n, nonzero=True)
lo, hi, c = vector("lo", n), vector("hi", n), vector("c", m)
A, P = matrix("A", m, n), matrix("P", n, n, positive_definite=True)
b = scalar("b")
distance = sqnorm(x - v) / 2

SOLVED = {
    "nonnegative": (distance, assume(nonnegative(x)), "relu(v)"),
    "from below": (distance, assume(nonnegative(x - lo)), "v + relu(lo - v)"),
    "half-space": (distance, assume(dot(a, x), at_most(b)), "v - relu(v.T @ a - b) * a / sqnorm(a)"),
    "the other side": (distance, assume(dot(a, x), at_least(b)), "v + relu(b - v.T @ a) * a / sqnorm(a)"),
    "skewed": ((x - v).T @ P @ (x - v) / 2, assume(dot(a, x), at_most(b)), None),
}


@pytest.mark.parametrize("name", SOLVED)
def test_clipped_and_proved(name):
    objective, constraint, expected = SOLVED[name]
    found = minimise(objective, x, subject_to=constraint)
    assert found.kind == "lowest", found.why
    assert expected in (None, point(found))
    stands = standing(found)
    assert {"feasible", "push", "apart", "stationary", "lowest"} <= set(stands)
    assert min(stands.values()) is Evidence.PROVED, stands


@pytest.mark.parametrize("given", [(), assume(nonnegative(hi - lo))], ids=["asked for", "given"])
def test_a_box_asks_that_it_is_not_empty(given):
    box = (assume(nonnegative(x - lo)), assume(nonnegative(hi - x)))
    found = minimise(distance, x, subject_to=box, given=given)
    stands = standing(found)
    assert point(found) == "v + relu(lo - v) - relu(v - hi)"
    assert asked(found) == ["nonnegative hi - lo"]
    assert {"feasible", "feasible 2", "push", "push 2", "apart", "apart 2", "lowest"} <= set(stands)
    assert min(stands.values()) is Evidence.PROVED, stands


@pytest.mark.parametrize("constraint", [assume(nonnegative(c - A @ x)), assume(nonnegative(1 - x**2))])
def test_written_and_enough(constraint):
    found = minimise(distance, x, subject_to=constraint)
    assert found.point is None and "conditions" in found.why
    assert len(found.given) == 2
    stands = standing(found)
    assert stands.pop("enough") is Evidence.CITED
    assert min(stands.values()) is Evidence.PROVED


def test_constraints_that_are_not_convex_are_not_called_enough():
    found = minimise(distance, x, subject_to=assume(sqnorm(x), at_least(1)))
    assert found.point is None and found.lowest is None
