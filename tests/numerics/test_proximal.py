"""The hand-written proximal steps: nothing near or far costs less; and the rates and steps of the quadratic bowl."""

import numpy as np
import pytest

from numerics import (
    bfgs,
    exact_line_search,
    kkt,
    lagrange,
    moreau,
    optimal_step,
    polyak_lojasiewicz,
    prox_box,
    prox_elastic_net,
    prox_group,
    prox_huber,
    prox_max_norm,
    prox_nuclear,
    prox_simplex,
    soft_threshold,
)


def around(p, rng, count=300):
    """Points at all distances from p."""
    return [p + 10.0 ** rng.uniform(-4, 1) * rng.standard_normal(p.shape) for _ in range(count)]


def assert_least(price, prox, v, rng):
    """Every other point costs at least half its squared distance more: what strong convexity asks of a least point."""
    p = prox(v)
    best = np.sum((p - v) ** 2) / 2 + price(p)
    for x in around(p, rng):
        gap = np.sum((x - v) ** 2) / 2 + price(x) - best - np.sum((x - p) ** 2) / 2
        assert gap >= -1e-9 * (1 + abs(best))


PRICES = {
    "absolute values": (lambda x: 0.7 * np.sum(np.abs(x)), lambda v: soft_threshold.soft_threshold(v, 0.7)),
    "a norm": (lambda x: 0.7 * np.linalg.norm(x), lambda v: prox_group.prox(v, 0.7)),
    "the largest entry": (lambda x: 0.7 * np.max(np.abs(x)), lambda v: prox_max_norm.prox(v, 0.7)),
    "Huber": (lambda x: 0.7 * prox_huber.loss(x, 0.5), lambda v: prox_huber.prox(v, 0.7, 0.5)),
    "elastic net": (
        lambda x: 0.7 * np.sum(np.abs(x)) + 0.3 * (x @ x) / 2,
        lambda v: prox_elastic_net.prox(v, 0.7, 0.3),
    ),
}


@pytest.mark.parametrize("name", PRICES)
@pytest.mark.parametrize("scale", [0.0, 0.1, 1.0, 20.0])
def test_nothing_costs_less(name, scale):
    rng = np.random.default_rng(5)
    price, prox = PRICES[name]
    for _ in range(10):
        assert_least(price, prox, scale * rng.standard_normal(5), rng)


def test_nothing_costs_less_than_the_shrunk_matrix():
    rng = np.random.default_rng(6)
    for scale in (0.1, 1.0, 5.0):
        V = scale * rng.standard_normal((4, 3))
        assert_least(lambda X: 0.7 * np.linalg.norm(X, "nuc"), lambda V: prox_nuclear.prox(V, 0.7), V, rng)


def test_projections():
    rng = np.random.default_rng(7)
    for _ in range(50):
        v = 3 * rng.standard_normal(6)
        p = prox_simplex.nearest(v)
        assert p.min() >= 0
        assert abs(p.sum() - 1) < 1e-12
        others = rng.dirichlet(np.full(6, 0.5), size=200)
        assert np.all((others - p) @ (v - p) <= 1e-10)
        lo, width = rng.standard_normal(6), rng.random(6)
        q = prox_box.nearest(v, lo, width)
        assert np.all((lo + width * rng.random((200, 6)) - q) @ (v - q) <= 1e-10)
        a, b = rng.standard_normal(6), rng.standard_normal()
        h = kkt.nearest(v, a, b)
        assert a @ h <= b + 1e-10
        inside = [kkt.nearest(x, a, b) for x in around(v, rng, 50)]
        assert all((x - h) @ (v - h) <= 1e-8 for x in inside)


def test_moreau_parts_add_up():
    v = np.random.default_rng(8).standard_normal(9)
    np.testing.assert_allclose(moreau.soft_threshold(v, 0.4) + moreau.clip(v, 0.4), v, atol=1e-15)


def test_the_best_step_is_best():
    rng = np.random.default_rng(9)
    root = rng.standard_normal((6, 6))
    A = root @ root.T + 0.3 * np.eye(6)
    mu, *_, L = np.linalg.eigvalsh(A)
    t = optimal_step.best_step(mu, L)
    rate = optimal_step.rate(mu, L)
    assert abs(optimal_step.spectral_radius(A, t) - rate) < 1e-12
    assert all(optimal_step.spectral_radius(A, t * s) >= rate - 1e-12 for s in np.linspace(0.1, 2, 60))


def test_line_search_goes_lowest():
    rng = np.random.default_rng(10)
    root, b, x = rng.standard_normal((5, 5)), rng.standard_normal(5), rng.standard_normal(5)
    A = root @ root.T

    def value(x):
        return x @ A @ x / 2 - b @ x

    g, t = A @ x - b, exact_line_search.step(A, b, x)
    assert np.isclose(value(x) - value(x - t * g), exact_line_search.decrease(A, b, x))
    assert all(value(x - t * g) <= value(x - s * g) + 1e-12 for s in np.linspace(-1, 3, 40) * t)


def test_bfgs_keeps_its_promises():
    rng = np.random.default_rng(11)
    root, s = rng.standard_normal((5, 5)), rng.standard_normal(5)
    B = root @ root.T + np.eye(5)
    y = B @ s + 0.3 * rng.standard_normal(5)
    updated = bfgs.update(B, s, y)
    np.testing.assert_allclose(updated @ s, y)
    np.testing.assert_allclose(bfgs.inverse_update(B, s, y) @ updated, np.eye(5), atol=1e-10)
    assert (np.linalg.eigvalsh(updated)[0] > 0) == (s @ y > 0)
    assert np.linalg.eigvalsh(bfgs.update(B, s, -y))[0] < 0, "with s'y < 0 it bends downwards"


def test_multipliers():
    rng = np.random.default_rng(12)
    B, q, b = rng.standard_normal((6, 2)), rng.standard_normal(6), rng.standard_normal(2)
    root = rng.standard_normal((6, 6))
    P = root @ root.T + np.eye(6)
    x = lagrange.minimiser(P, q, B, b)
    np.testing.assert_allclose(B.T @ x, b)
    gradient = P @ x - q
    np.testing.assert_allclose(B @ lagrange.multipliers(B, gradient), gradient)


def test_gradient_descent_on_a_flat_bowl_closes_the_gap():
    rng = np.random.default_rng(13)
    X = rng.standard_normal((8, 3)) @ rng.standard_normal((3, 5))  # rank 3 of 5 weights
    y, w = rng.standard_normal(8), rng.standard_normal(5)
    mu, L = polyak_lojasiewicz.constants(X)

    def value(w):
        return np.sum((X @ w - y) ** 2) / 2

    least = value(np.linalg.lstsq(X, y, rcond=None)[0])
    for _ in range(30):
        bound = polyak_lojasiewicz.bound(value(w), least, mu, L)
        w = w - X.T @ (X @ w - y) / L
        assert value(w) - least <= bound + 1e-12
