"""A price on the distance from a corner: soft thresholding and its kin, derived and proved."""

import pytest

from chainrule import abs_, at_least, derive, dims, equals, matrix, minimise, norm, relu, scalar, sqnorm, total, vector
from chainrule.evidence import Evidence
from chainrule.judge import judge
from tests.optimality.standing import asked, point, standing

m, n = dims("m n")
x, v, a = vector("x", n), vector("v", n), vector("a", n)
X, V = matrix("X", m, n), matrix("V", m, n)
lam, mu = scalar("lam", nonnegative=True), scalar("mu", nonnegative=True)
s, t = scalar("s"), scalar("t")
p, d = scalar("p", positive=True), scalar("d", positive=True)
c = vector("c", n, nonnegative=True)
near = sqnorm(x - v) / 2

PRICED = {
    "soft threshold": (near + lam * total(abs_(x)), x, "relu(v - lam) - relu(-(v + lam))"),
    "elastic net": (
        near + lam * total(abs_(x)) + mu / 2 * sqnorm(x),
        x,
        "(relu(v - lam) - relu(-(v + lam))) / (1 + mu)",
    ),
    "another corner": (
        sqnorm(x - v) + total(c * abs_(x - a)),
        x,
        "a + relu(v - c / 2 - a) - relu(a - v - c / 2)",
    ),
    "a number": ((s - t) ** 2 / 2 + lam * abs_(s), s, "relu(t - lam) - relu(-(t + lam))"),
    "a matrix": (sqnorm(X - V) / 2 + lam * total(abs_(X)), X, "relu(V - lam) - relu(-(V + lam))"),
}


@pytest.mark.parametrize("name", PRICED)
def test_proved_lowest(name):
    objective, variable, expected = PRICED[name]
    found = minimise(objective, variable)
    assert (found.kind, point(found)) == ("lowest", expected)
    assert not found.given
    stands = standing(found)
    assert {"slope", "slope 2", "reach", "stationary", "lowest"} <= set(stands)
    assert min(stands.values()) is Evidence.PROVED, stands


def test_a_price_of_unknown_sign_is_asked_to_be_one():
    found = minimise(near + t * total(abs_(x)), x)
    assert asked(found) == ["nonnegative t"]
    assert min(standing(found).values()) is Evidence.PROVED


def test_features_that_share_examples_have_no_threshold():
    A, y = matrix("A", m, n), vector("y", m)
    found = minimise(sqnorm(y - A @ x) / 2 + lam * total(abs_(x)), x)
    assert found.point is None and "corner" in found.why and found.bowl is not None


BROKEN = {
    "hinge": (near + p * total(relu(1 - x)), "1 + relu(v - 1) - relu(1 - v - p)"),
    "squared hinge": (near + p * total(relu(1 - x) ** 2) / 2, "1 + relu(v - 1) - relu(1 - v) / (1 + p)"),
    "one price up, another down": (near + total(p * relu(x) + lam * relu(-x)), "relu(v - p) - relu(-(v + lam))"),
    "insensitive within d": (near + p * total(relu(x - a - d) + relu(a - x - d)), None),
    "a square that goes on as a line": (near + p * total(x**2 - relu(x - d) ** 2 - relu(-x - d) ** 2) / 2, None),
}


SLOW = ("hinge", "insensitive within d", "a square that goes on as a line")


@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.long) if n in SLOW else n for n in BROKEN])
def test_a_rising_broken_line_is_turned_round(name):
    objective, expected = BROKEN[name]
    found = minimise(objective, x)
    assert found.kind == "lowest" and not found.given
    assert expected in (None, point(found))
    stands = standing(found)
    assert min(stands.values()) is Evidence.PROVED, stands


def test_corners_whose_order_is_not_known_are_asked_to_stand_in_one():
    b = vector("b", n)
    found = minimise(near + p * total(relu(x - a) + relu(x - b)), x)
    assert asked(found) in (["nonnegative b - a"], ["nonnegative a - b"])


def test_a_line_that_falls_is_not_believed():
    assert minimise(near - p * total(abs_(x)), x).point is None


def test_a_wrong_threshold_is_refuted():
    found = minimise(near + p * total(abs_(x)), x)
    wrong = relu(v - 2 * p) - relu(-v - 2 * p)
    assert judge(derive(found.point, equals(wrong)))[0].evidence is Evidence.REFUTED
    level = found.objective.at(x, wrong)
    assert judge(derive(found.objective, at_least(level)))[0].evidence is Evidence.REFUTED


LENGTHS = {
    "a vector": (near + p * norm(x), x),
    "a matrix": (sqnorm(X - V) / 2 + p * norm(X), X),
    "with a square": (near + p * norm(x) + mu / 2 * sqnorm(x), x),
    "from another place": (near + p * norm(x - a), x),
}


@pytest.mark.parametrize("name", LENGTHS)
def test_a_price_on_the_length_shortens(name):
    objective, variable = LENGTHS[name]
    found = minimise(objective, variable)
    assert found.kind == "lowest" and not found.given
    stands = standing(found)
    assert min(stands.values()) is Evidence.PROVED, stands


def test_what_the_point_is_divided_by_is_asked_for():
    found = minimise(near + lam * norm(x), x)
    assert asked(found) == ["positive m"]


def test_a_wrong_shortening_is_refuted():
    found = minimise(near + p * norm(x), x)
    wrong = relu(norm(v) - 2 * p) / (2 * p + relu(norm(v) - 2 * p)) * v
    assert judge(derive(found.objective, at_least(found.objective.at(x, wrong))))[0].evidence is Evidence.REFUTED


def test_a_bowl_that_is_not_round_has_no_shortening():
    P = matrix("P", n, n, positive_definite=True)
    assert minimise((x - v).T @ P @ (x - v) / 2 + p * norm(x), x).point is None
