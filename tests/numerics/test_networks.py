"""Facts about networks on real functions: how near lines come, and what first weights do to a signal."""

import numpy as np
import pytest

from numerics import initialisation, optimisers, relu_networks, schedules


@pytest.mark.parametrize(("f", "slope"), [(np.sin, 1.0), (lambda x: np.abs(x - 0.3), 1.0), (lambda x: x**2, 2.0)])
@pytest.mark.parametrize("m", [1, 4, 32])
def test_one_hidden_layer_misses_by_at_most_half_a_step(f, slope, m):
    knots, x = np.linspace(0, 1, m + 1), np.linspace(0, 1, 997)
    network = relu_networks.interpolant(knots, f(knots))
    np.testing.assert_allclose(network(knots), f(knots), atol=1e-12)
    assert np.abs(network(x) - f(x)).max() <= slope / (2 * m)


def test_he_keeps_the_variance_of_a_deep_network_and_xavier_loses_it():
    rng = np.random.default_rng(5)
    h = k = rng.normal(size=(500, 300))
    for _ in range(20):
        h = relu_networks.relu(h @ initialisation.he(rng, 300, 300).T)
        k = relu_networks.relu(k @ initialisation.xavier(rng, 300, 300).T)
    assert 0.4 < (h**2).mean() < 2.5
    assert (k**2).mean() < 1e-5


def test_adam_finds_the_lowest_point_of_a_bowl():
    A, b = np.diag([1.0, 30.0]), np.array([1.0, -2.0])
    found = optimisers.descend(lambda w: A @ w - b, np.zeros(2), 3000, 0.01)
    np.testing.assert_allclose(found, np.linalg.solve(A, b), atol=1e-4)


def test_adam_as_a_loop_is_adam_as_a_sum():
    rng = np.random.default_rng(0)
    G, w = rng.normal(size=(6, 3)), rng.normal(size=3)
    gradients = iter(G)
    looped = optimisers.descend(lambda _: next(gradients), w, 6, 0.1, decay=0.02)
    np.testing.assert_allclose(looped, optimisers.adamw(w, G, 0.1, 0.9, 0.999, 1e-8, 0.02)[-1], rtol=1e-12)


def test_clipping_and_the_running_mean():
    g = np.array([3.0, 4.0])
    np.testing.assert_allclose(optimisers.clipped(g, 1.0), g / 5)
    np.testing.assert_array_equal(optimisers.clipped(g, 6.0), g)
    X = np.random.default_rng(1).normal(size=(9, 2))
    np.testing.assert_allclose(schedules.running_means(X)[-1], X.mean(axis=0))
