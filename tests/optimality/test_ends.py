"""A slope of one sign: lowest at the last point that the inequalities allow, or nothing is said."""

import pytest

from chainrule import (
    assume,
    at_least,
    dims,
    exp,
    log,
    minimise,
    nonnegative,
    positive,
    relu,
    scalar,
    step,
    total,
    vector,
)
from chainrule.evidence import Evidence
from tests.optimality.standing import asked, point, standing

(n,) = dims("n")
x, t = vector("x", n), vector("t", n, positive=True)
a, b, c = scalar("a"), scalar("b"), scalar("c")
r = scalar("r", positive=True)
wide = assume(positive(b - a))
below, above = assume(nonnegative(x - b)), assume(nonnegative(b - x))

SOLVED = {
    "an upper end of a support": (
        n * log(b - a), b, above, wide, "maximum(x)", ["positive b - a", "positive b_star - a"]
    ),
    "a lower one": (-total(x) - b, b, below, (), "-maximum(-x)", []),
    "a positive number": (n * log(r), r, assume(nonnegative(r - t)), (), "maximum(t)", []),
    "and from above": (-n * log(r), r, assume(nonnegative(t - r)), (), "-maximum(-t)", []),
    "one bound": (exp(b), b, assume(nonnegative(b - c)), (), "c", []),
    "a multiple of it": (exp(b), b, assume(nonnegative(2 * b - c)), (), "c / 2", []),
    "the slope where it is allowed": (b**2, b, assume(nonnegative(b - r)), (), "r", []),
    "an inequality as it is written": (b**2, b, assume(b, at_least(r)), (), "r", []),
    "a bound on the other side": (
        exp(-b), b, (above, assume(nonnegative(c - b))), (), "c", ["nonnegative b_star - x"]
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SOLVED)
def test_the_last_point_that_is_allowed(name):
    objective, of, constraint, given, expected, needed = SOLVED[name]
    found = minimise(objective, of, subject_to=constraint, given=given)
    assert found.kind == "lowest" and "one sign" in found.why
    assert point(found) == expected
    stands = standing(found)
    assert {"feasible", "reached", "lowest"} <= set(stands)
    assert {name for name, e in stands.items() if e is not Evidence.PROVED} <= {"lowest", "between"}, stands
    assert min(stands.values()) is Evidence.CITED, "the mean value theorem is cited, and nothing else"
    assert asked(found) == needed


REFUSED = {
    "it falls and rises": (b**2, above),
    "a step goes up without a slope": (step(b - 1), above),
    "nor is a corner looked past": (relu(b) + b, above),
    "a pole in between": (1 / b, assume(nonnegative(c - b))),
    "it falls away from the end": (exp(-b), above),
    "two ends on one side": (exp(b), (above, assume(nonnegative(b - c)))),
    "the bound is not affine": (exp(b), assume(nonnegative(b**3 - x))),
    "nor is its slope one number": (exp(b), assume(nonnegative(b * t - x))),
}


@pytest.mark.parametrize("name", REFUSED)
def test_otherwise_no_end_is_claimed(name):
    objective, constraint = REFUSED[name]
    found = minimise(objective, b, subject_to=constraint)
    assert "one sign" not in found.why
    if found.point is not None:
        assert min(standing(found).values()) >= Evidence.CITED
