"""Dual numbers and the tape on real programs: their derivatives, and how many operations they take."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import approx_fprime, rosen, rosen_der, rosen_hess_prod

from numerics import automatic_differentiation as ad


def rosenbrock(*x):
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in pairwise(x))


def softplus_loss(*w):
    rows = np.random.default_rng(1).normal(size=(7, len(w)))
    return sum(ad.log(1 + ad.exp(-sum(a * b for a, b in zip(row, w, strict=True)))) for row in rows.tolist())


def layers(*x):
    h = list(x)
    for k in range(4):
        h = [ad.tanh(sum((i - j + k) * 0.3 * a for j, a in enumerate(h))) for i in range(len(h))]
    return sum(a * a for a in h)


def kepler(m, e):
    """Newton's iteration: a loop, and as many rounds as it takes."""
    x = m
    while True:
        step = (x - e * ad.sin(x) - m) / (1 - e * ad.cos(x))
        x = x - step
        if step * step < 1e-20:
            return x


def quotient(x, y):
    return ad.sqrt(x * x + y * y) / (x - y) if x > y else ad.log(y) / x


PROGRAMS = {
    "Rosenbrock": (rosenbrock, [0.3, -1.2, 0.7, 1.1]),
    "logistic": (softplus_loss, [0.2, -0.4, 1.0]),
    "layers": (layers, [0.4, -0.2, 0.9]),
    "Kepler": (kepler, [0.8, 0.3]),
    "quotient": (quotient, [1.3, 0.4]),
    "the other branch": (quotient, [0.4, 1.3]),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_gradients(name):
    f, x = PROGRAMS[name]
    found = ad.gradient(f, x)
    np.testing.assert_allclose(found, approx_fprime(np.array(x), lambda z: f(*z), 1e-7), rtol=1e-4, atol=1e-5)
    one_by_one = [ad.derivative(lambda a, k=k: f(*x[:k], a, *x[k + 1 :]), x[k]) for k in range(len(x))]
    np.testing.assert_allclose(found, one_by_one, rtol=1e-12)


def test_against_scipy():
    x, v = [0.3, -1.2, 0.7, 1.1], [1.0, 0.5, -2.0, 0.25]
    assert rosenbrock(*x) == pytest.approx(rosen(x))
    np.testing.assert_allclose(ad.gradient(rosenbrock, x), rosen_der(x), rtol=1e-12)
    np.testing.assert_allclose(ad.hessian_vector(rosenbrock, x, v), rosen_hess_prod(x, v), rtol=1e-12)


def test_a_hessian_by_its_columns_is_symmetric():
    f, x = PROGRAMS["logistic"]
    H = np.array([ad.hessian_vector(f, x, row) for row in np.eye(3).tolist()])
    np.testing.assert_allclose(H, H.T, rtol=1e-12)
    assert np.linalg.eigvalsh(H).min() > 0


def test_a_number_that_does_not_move():
    assert ad.derivative(lambda x: 3.0, 1.0) == 0
    assert ad.gradient(lambda x, y: x * x, [2.0, 1.0]) == [4.0, 0.0]


@pytest.mark.parametrize("f", [ad.exp, ad.log, ad.sin, ad.cos, ad.tanh, ad.sqrt])
def test_functions(f):
    x = 0.7
    assert ad.derivative(f, x) == pytest.approx((f(x + 1e-6) - f(x - 1e-6)) / 2e-6, rel=1e-8)
    second = ad.hessian_vector(f, [x], [1.0])[0]
    assert second == pytest.approx((ad.derivative(f, x + 1e-6) - ad.derivative(f, x - 1e-6)) / 2e-6, rel=1e-7)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_gradient_costs_at_most_five_times_the_value(name):
    f, x = PROGRAMS[name]
    value, both = ad.operations(f, x)
    assert 0 < value < both <= 5 * value


def test_the_cost_does_not_grow_with_the_number_of_inputs():
    ratios = [both / value for value, both in (ad.operations(rosenbrock, [0.1] * n) for n in (4, 40, 400))]
    assert max(ratios) <= 5
    assert math.isclose(ratios[1], ratios[2], rel_tol=0.02)
