"""A constraint that ties entries together, paid for: projections onto simplex, budget and ball; their price as code."""

import numpy as np
import pytest

from chainrule import (
    abs_,
    assume,
    at_least,
    at_most,
    by,
    derive,
    dims,
    dot,
    equals,
    log,
    matrix,
    minimise,
    nonnegative,
    relu,
    scalar,
    sqnorm,
    total,
    vector,
)
from chainrule.evidence import Evidence
from chainrule.judge import judge
from chainrule.optimality.price import falling_root
from numerics import prox_simplex
from tests.optimality.standing import asked, point, standing

m, n = dims("m n")
x, v, a = vector("x", n), vector("v", n), vector("a", n, positive=True)
lo, hi, b = vector("lo", n), vector("hi", n), vector("b", m)
A, r, tau = matrix("A", m, n), scalar("r", positive=True), scalar("tau")
near = sqnorm(x - v) / 2
simplex = (assume(nonnegative(x)), assume(total(x), equals(1)))
box = (assume(nonnegative(x - lo)), assume(nonnegative(hi - x)))

PAID = {
    "simplex": (near, simplex, "relu(v - tau)", "total(x_star) = 1"),
    "weighed": (near, (simplex[0], assume(dot(a, x), equals(r))), "relu(v - tau * a)", "a.T @ x_star = r"),
    "budget": (near, (simplex[0], assume(total(x), at_most(r))), "relu(v - tau)", "total(x_star) <= r"),
    "ball": (near, assume(sqnorm(x), at_most(r)), "v / (1 + 2 * tau)", "sqnorm(x_star) <= r"),
    "many equations": (near, (simplex[0], assume(A @ x, equals(b))), "relu(v - A.T @ tau)", "A @ x_star = b"),
}


@pytest.mark.parametrize("name", PAID)
def test_proved_lowest_at_its_price(name):
    objective, constraints, expected, equation = PAID[name]
    found = minimise(objective, x, subject_to=constraints)
    assert (found.kind, point(found)) == ("lowest", expected)
    assert equation in asked(found)
    stands = standing(found)
    assert {"stationary", "lowest"} <= set(stands)
    assert min(stands.values()) is Evidence.PROVED, stands


def test_a_box_with_a_budget():
    found = minimise(near, x, subject_to=(*box, assume(dot(a, x), equals(r))))
    assert asked(found) == ["nonnegative hi - lo", "a.T @ x_star = r"]
    assert {"feasible", "feasible 2", "push 2", "apart 2"} <= set(dict(found.items()))
    assert [v.evidence for v in judge(found.lowest)] == [Evidence.PROVED] * 3


def test_what_is_left_falls_in_the_price():
    found = minimise(near, x, subject_to=simplex)
    assert standing(found)["falls"] is Evidence.PROVED


def test_two_half_spaces_have_two_prices():
    c = vector("c", n)
    found = minimise(near, x, subject_to=(assume(dot(a, x), at_most(0)), assume(dot(c, x), at_most(0))))
    assert len(found.prices) == 2 and found.lowest is not None
    assert min(standing(found).values()) is Evidence.PROVED


def test_weights_of_least_entropy_need_no_unknown_price():
    y = vector("y", n, positive=True)
    found = minimise(dot(v, y) + total(y * log(y)), y, subject_to=assume(total(y), equals(1)))
    assert point(found) == "exp(-v) / total(exp(-v))" and not found.prices


WRONG = {
    "the cut forgotten": (v - tau, total(relu(v - tau))),
    "the sum before the cut": (relu(v - tau), total(v - tau)),
    "half the price": (relu(v - tau), total(relu(v - tau / 2))),
    "raised": (relu(v + tau), total(relu(v - tau))),
    "another sum": (relu(v - tau), total(relu(v - tau)) / 2),
    "divided by its sum": (relu(v) * tau, tau * total(relu(v))),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_point_of_the_simplex_is_refuted(name):
    wrong, summed = WRONG[name]
    line = derive(near, at_least(near.at(x, wrong), by(*simplex, assume(summed, equals(1)))))
    assert judge(line)[0].evidence is Evidence.REFUTED


def test_a_price_below_nothing_is_refuted():
    """x <= 0 in all: where there is room, a price that is not 0 moves the point away."""
    room = assume(total(x), at_most(r))
    free = relu(v - tau)
    line = derive(near, at_least(near.at(x, free), by(simplex[0], room, assume(total(free), at_most(r)))))
    assert judge(line)[0].evidence is Evidence.REFUTED


# --- code -----------------------------------------------------------------------------------------------
def _function(found):
    names = {"np": np}
    exec(found.python, names)
    return names


def test_the_code_finds_the_nearest_probabilities():
    nearest = _function(minimise(near, x, subject_to=simplex))
    rng = np.random.default_rng(1)
    for _ in range(300):
        at = rng.normal(size=rng.integers(1, 50)) * 10.0 ** rng.integers(-6, 7)
        scale = max(1.0, float(np.abs(at).max()))
        assert np.abs(nearest["minimiser"](at) - prox_simplex.nearest(at)).max() <= 1e-14 * scale
        assert abs(nearest["price"](at) - prox_simplex.threshold(at)) <= 1e-14 * scale


def test_the_code_of_a_ball_in_the_sum_of_sizes():
    found = _function(minimise(near, x, subject_to=assume(total(abs_(x)), at_most(r))))
    rng = np.random.default_rng(2)
    for _ in range(100):
        at = 3 * rng.normal(size=rng.integers(1, 30))
        inside = np.abs(at).sum() <= 2
        expected = at if inside else 2 * np.sign(at) * prox_simplex.nearest(np.abs(at) / 2)
        assert np.abs(found["minimiser"](2.0, at) - expected).max() < 1e-13
        assert (found["price"](2.0, at) == 0) == inside


def test_the_code_of_a_box_with_a_budget_keeps_it():
    found = _function(minimise(near, x, subject_to=(*box, assume(dot(a, x), equals(r)))))
    rng = np.random.default_rng(3)
    for _ in range(100):
        k = rng.integers(1, 30)
        weights, low = rng.uniform(0.1, 2, k), rng.normal(size=k)
        high = low + rng.uniform(0, 3, k)
        budget = weights @ (low + rng.uniform(0, 1) * (high - low))
        got = found["minimiser"](weights, high, low, budget, 2 * rng.normal(size=k))
        assert abs(weights @ got - budget) < 1e-12 and (got >= low - 1e-12).all() and (got <= high + 1e-12).all()


def test_steps_of_a_broken_line_are_few():
    rng, count = np.random.default_rng(4), 0

    def excess(t):
        nonlocal count
        count += 1
        return np.maximum(at - t, 0).sum() - 1, -float((at > t).sum())

    at = rng.normal(size=100_000)
    falling_root(excess)
    assert count <= 25


def test_no_price_keeps_what_cannot_be_kept():
    with pytest.raises(ValueError, match="can the constraint be kept"):
        falling_root(lambda t: (1.0, 0.0))
