"""The hand-written linear models: what was fitted is where it should be, and the bounds hold on drawn data."""

from itertools import pairwise

import numpy as np
import pytest

from numerics import (
    huber,
    james_stein,
    lasso,
    lasso_gap,
    leave_one_out,
    minimum_norm,
    perceptron,
    quantile_regression,
    recursive_least_squares,
    ridge,
    softmax_regression,
)


@pytest.fixture
def data():
    rng = np.random.default_rng(11)
    X = rng.standard_normal((30, 5))
    return X, X @ np.array([2.0, 0.0, -1.0, 0.0, 0.1]) + rng.standard_normal(30), rng.standard_normal(5)


def test_one_row_at_a_time_ends_at_the_ridge_weights(data):
    X, y, _ = data
    np.testing.assert_allclose(recursive_least_squares.online(X, y, 0.3), ridge.closed_form(X, y, 0.3), rtol=1e-11)


def test_the_shortcut_is_the_same_as_refitting(data):
    X, y, _ = data
    assert leave_one_out.by_shortcut(X, y, 0.4) == pytest.approx(leave_one_out.by_refitting(X, y, 0.4), rel=1e-12)


def test_the_lasso_satisfies_its_conditions(data):
    X, y, _ = data
    lam = lasso.lam_max(X, y) / 5
    w = lasso.fit(X, y, lam)
    seen = X.T @ (y - X @ w) / len(y)
    active = w != 0
    assert active.any() and not active.all()
    np.testing.assert_allclose(seen[active], lam * np.sign(w[active]), rtol=1e-9)
    assert np.abs(seen[~active]).max() < lam
    np.testing.assert_allclose(lasso.on_segment(X[:, active], y, np.sign(w[active]), lam), w[active], rtol=1e-9)


def test_at_the_largest_price_all_weights_are_zero(data):
    X, y, _ = data
    top = lasso.lam_max(X, y)
    assert not lasso.fit(X, y, top * (1 + 1e-12)).any()
    assert lasso.fit(X, y, top * 0.999).any()


def test_the_gap_bounds_the_distance_and_screens_only_what_is_zero(data):
    X, y, _ = data
    lam = np.abs(X.T @ y).max() / 2
    best = lasso.fit(X, y, lam / len(y))
    at_best = lasso_gap.primal(X, y, best, lam)
    assert lasso_gap.gap(X, y, best, lam) == pytest.approx(0, abs=1e-9 * at_best)
    rough = best + 0.01
    assert lasso_gap.gap(X, y, rough, lam) >= lasso_gap.primal(X, y, rough, lam) - at_best > 0
    screened = lasso_gap.screened(X, y, best, lam)
    assert screened.any() and not best[screened].any()


def test_huber_steps_never_rise_and_end_where_the_gradient_vanishes(data):
    X, y, w = data
    y = y.copy()
    y[0] += 100
    losses = []
    for _ in range(200):
        losses.append(huber.loss(X, y, w, 0.5))
        w = huber.step(X, y, w, 0.5)
    assert all(b <= a * (1 + 1e-14) for a, b in pairwise(losses))
    assert np.abs(huber.gradient(X, y, w, 0.5)).max() < 1e-9


def test_the_linear_programme_leaves_the_share_below(data):
    X, y, _ = data
    X = np.column_stack([X, np.ones(len(y))])
    best = quantile_regression.fit(X, y, 0.8)
    rest = y - X @ best
    assert np.sum(rest < -1e-9) <= 0.8 * len(y) <= np.sum(rest < 1e-9)
    for step in np.vstack([np.eye(6), -np.eye(6)]) * 1e-3:
        assert quantile_regression.loss(X, y, best + step, 0.8) >= quantile_regression.loss(X, y, best, 0.8) - 1e-12


def test_softmax_probabilities_at_large_scores():
    X, W = np.array([[1.0], [-1.0]]), np.array([[1e4, 0.0, -1e4]])
    P = softmax_regression.probabilities(X, W)
    np.testing.assert_array_equal(P, [[1, 0, 0], [0, 0, 1]])
    assert softmax_regression.loss(X, np.array([[0, 1, 0], [0, 0, 1]]), W) == 1e4


def test_the_perceptron_makes_no_more_mistakes_than_the_bound():
    rng = np.random.default_rng(2)
    u = np.array([0.6, 0.0, -0.8])
    X = rng.standard_normal((200, 3))
    X = X[np.abs(X @ u) > 0.2]
    y = np.sign(X @ u).astype(int)
    w, mistakes = perceptron.fit(X, y)
    assert np.all(y * (X @ w) > 0)
    assert 0 < mistakes <= perceptron.bound(X, y, u)


def test_a_perceptron_without_a_separating_line_says_so():
    with pytest.raises(ArithmeticError):
        perceptron.fit(np.array([[1.0], [1.0]]), np.array([1, -1]), sweeps=5)


@pytest.mark.parametrize("theta", [np.zeros(3), np.array([1.0, 2.0, -3.0, 0.5]), np.full(10, 2.0)])
def test_james_and_stein_do_better_on_average(theta):
    usual, shrunk = james_stein.risks(theta)
    assert usual == pytest.approx(len(theta), rel=0.02)
    assert shrunk < usual


def test_ridge_tends_to_the_shortest_interpolator():
    rng = np.random.default_rng(4)
    Z, y = rng.standard_normal((8, 3)), rng.standard_normal(3)
    shortest = minimum_norm.interpolator(Z, y)
    np.testing.assert_allclose(Z.T @ shortest, y, rtol=1e-12)
    np.testing.assert_allclose(minimum_norm.pseudo(Z, y), shortest, rtol=1e-12)
    far, near = (np.linalg.norm(minimum_norm.ridge(Z, y, lam) - shortest) for lam in (1e-2, 1e-4))
    assert near == pytest.approx(far / 100, rel=0.02)
