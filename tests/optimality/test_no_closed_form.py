"""What cannot be solved says so, and yields its gradient and Hessian as code that takes Newton's steps."""

import numpy as np
import pytest

from chainrule import dims, dot, logsumexp, matrix, minimise, ones, relu, softplus, sqnorm, tanh, total, vector
from chainrule.evidence import Evidence
from tests.optimality.standing import standing

n, p, k, m = dims("n p k m")
X, y, w = matrix("X", n, p), vector("y", n), vector("w", p)
W, Y, V = matrix("W", p, k), matrix("Y", n, k), matrix("V", p, m)
u = vector("u", m)
residual = y - X @ w
huber = total(residual**2 / 2 - relu(residual - 1) ** 2 / 2 - relu(-residual - 1) ** 2 / 2)

CONVEX = {
    "logistic": (total(softplus(-y * (X @ w))), w),
    "cross-entropy": (total(logsumexp(X @ W, axis=1)) - total(Y * (X @ W)), W),
}
UNKNOWN = {
    "Huber": (huber, w),
    "two layers": (sqnorm(tanh(X @ V) @ u - y), V),
    "factorisation": (sqnorm(matrix("Z", n, k) @ W.T - X), W),
}


@pytest.mark.parametrize("name", CONVEX)
def test_a_bowl_without_a_formula(name):
    found = minimise(*CONVEX[name])
    assert found.point is None and found.kind == "no closed form"
    assert "not affine" in found.why and "the objective is convex" in found.why
    assert min(standing(found).values()) is Evidence.PROVED
    assert "def score(" in found.python and "def hessian(" in found.python


@pytest.mark.parametrize("name", ["Huber", "two layers"])
def test_what_is_not_shown_convex_is_not_said_to_be(name):
    found = minimise(*UNKNOWN[name])
    assert found.point is None and found.bowl is None
    assert "nor is the objective shown convex" in found.why
    assert "def score(" in found.python


def test_newton_steps_fit_a_logistic_regression():
    found = minimise(*CONVEX["logistic"], symbols=(y, X, w))
    place = {"np": np}
    exec(found.python, place)
    rng = np.random.default_rng(0)
    data, point = rng.normal(size=(60, 3)), np.zeros(3)
    labels = np.where(data @ [1.0, -2.0, 0.5] + rng.normal(size=60) > 0, 1.0, -1.0)
    for _ in range(12):
        point = point - np.linalg.solve(place["hessian"](labels, data, point), place["score"](labels, data, point))
    assert np.abs(place["score"](labels, data, point)).max() < 1e-10


def test_a_function_that_is_never_stationary():
    found = minimise(dot(ones(p), w), w)
    assert found.point is None and "does not contain w" in found.why
