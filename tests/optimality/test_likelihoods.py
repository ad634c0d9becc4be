"""Maximum likelihood: equations in which an inverse, a power or a function of the unknown is cleared."""

import pytest

from chainrule import dims, dot, exp, log, logdet, matrix, minimise, scalar, softplus, sqnorm, total, trace, vector
from chainrule.evidence import Evidence
from tests.optimality.standing import asked, point, standing

n, p = dims("n p")
N, s = scalar("N", positive=True), scalar("s", positive=True)
rate, v, sigma = scalar("rate", positive=True), scalar("v", positive=True), scalar("sigma", positive=True)
t, c = vector("t", n), vector("c", n, positive=True)
S, C = (matrix(name, p, p, positive_definite=True) for name in "SC")
X = matrix("X", n, p, full_column_rank=True)

LOWEST = {
    "exponential rate": (-N * log(rate) + rate * s, rate, "N / s"),
    "Poisson rate": (N * rate - s * log(rate), rate, "s / N"),
    "Poisson, in the logarithm": (total(exp(t)) - dot(c, t), t, "log(c)"),
    "precision": (-logdet(S) + trace(S @ C), S, "C.I"),
    "variance": (N * log(v) / 2 + s / (2 * v), v, "s / N"),
    "deviation": (N * log(sigma) + s / (2 * sigma**2), sigma, "sqrt(s / N)"),
    "covariance": (logdet(S) + trace(S.I @ C), S, "C"),
    "covariance of data": (n * logdet(S) + trace(X @ S.I @ X.T), S, "X.T @ X / n"),
}


@pytest.mark.parametrize("name", LOWEST)
def test_convex_ones_are_lowest_by_their_tangents(name):
    objective, x, expected = LOWEST[name]
    found = minimise(objective, x)
    assert (found.kind, point(found)) == ("lowest", expected)
    stands = standing(found)
    assert stands.pop("lowest") is Evidence.CITED
    assert min(stands.values()) is Evidence.PROVED


def test_a_point_outside_the_domain_carries_its_hypothesis():
    sign_unknown = scalar("s")
    found = minimise(-N * log(rate) + rate * sign_unknown, rate)
    assert asked(found) == ["positive rate_star", "nonzero s"]
    assert found.stationary is not None and set(found.given) <= set(found.stationary.given)
    assert min(standing(found).values()) is Evidence.CITED


def test_the_logit_turns_the_sigmoid_round():
    found = minimise(total(softplus(t)) - dot(t, c), t)
    assert point(found) == "log(c / (1 - c))"
    assert "positive c / (1 - c)" in asked(found)


def test_a_residual_variance():
    y, w = vector("y", n), vector("w", p)
    found = minimise(sqnorm(y - X @ w) / v + N * log(v), v)
    assert point(found) == "sqnorm(y - X @ w) / N"
    assert "positive v_star" in asked(found)
