"""A price on the distance from a corner: soft thresholding and its kin, derived and proved."""

import pytest

from chainrule import abs_, dims, matrix, minimise, norm, scalar, sqnorm, total, vector
from chainrule.evidence import Evidence
from tests.optimality.standing import asked, point, standing

m, n = dims("m n")
x, v, a = vector("x", n), vector("v", n), vector("a", n)
X, V = matrix("X", m, n), matrix("V", m, n)
lam, mu = scalar("lam", nonnegative=True), scalar("mu", nonnegative=True)
s, t = scalar("s"), scalar("t")
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
    assert {"slope", "slope 2", "touching", "stationary", "lowest"} <= set(stands)
    assert min(stands.values()) is Evidence.PROVED, stands


def test_a_price_of_unknown_sign_is_asked_to_be_one():
    found = minimise(near + t * total(abs_(x)), x)
    assert asked(found) == ["nonnegative t"]
    assert min(standing(found).values()) is Evidence.PROVED


def test_features_that_share_examples_have_no_threshold():
    A, y = matrix("A", m, n), vector("y", m)
    found = minimise(sqnorm(y - A @ x) / 2 + lam * total(abs_(x)), x)
    assert found.point is None and "corner" in found.why and found.bowl is not None


def test_a_norm_is_not_taken_for_a_sum_of_sizes():
    assert minimise(near + lam * norm(x), x).point is None
