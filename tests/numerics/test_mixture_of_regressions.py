"""Mixtures of lines and of logistic curves: least squares and SciPy's optimiser agree, the fits climb."""

import numpy as np
import pytest
from scipy.optimize import minimize

from numerics import em, logistic, weighted_least_squares
from numerics import mixture_of_regressions as mor


@pytest.fixture
def data():
    rng = np.random.default_rng(6)
    X = np.column_stack([np.ones(200), rng.uniform(-3, 3, 200)])
    w = np.array([[1.0, 2.0], [-1.0, -1.5]])
    z = rng.integers(0, 2, 200)
    y = np.sum(X * w[z], axis=1) + 0.3 * rng.standard_normal(200)
    labels = np.where(rng.uniform(size=200) < 1 / (1 + np.exp(-np.sum(X * w[z], axis=1))), 1, -1)
    return X, y, labels, w, rng.dirichlet(np.ones(2), 200)


def test_each_line_is_weighted_least_squares(data):
    X, y, _, _, r = data
    w = mor.coefficients(X, y, r)
    for k in range(2):
        root = np.sqrt(r[:, k])
        wanted = np.linalg.lstsq(root[:, None] * X, root * y, rcond=None)[0]
        np.testing.assert_allclose(w[k], wanted, rtol=1e-11)
        np.testing.assert_allclose(w[k], weighted_least_squares.weighted(X, y, r[:, k]), rtol=1e-11)


def test_nothing_near_the_m_step_is_better(data):
    X, y, _, _, r = data
    w = mor.coefficients(X, y, r)
    sigma_sq = mor.variances(X, y, r, w)
    best = np.sum(r * mor.log_normal_lines(X, y, w, sigma_sq))
    rng = np.random.default_rng(0)
    for _ in range(20):
        assert np.sum(r * mor.log_normal_lines(X, y, w + 0.01 * rng.standard_normal(w.shape), sigma_sq)) < best
        assert np.sum(r * mor.log_normal_lines(X, y, w, sigma_sq * np.exp(0.01 * rng.standard_normal(2)))) < best


def test_two_lines_are_found_again(data):
    X, y, _, w, _ = data
    found = mor.fit_lines(X, y, 2)
    pi, lines, sigma_sq = found.parameters
    assert found.converged and np.diff(found.history).min() > -1e-9
    np.testing.assert_allclose(lines[np.argsort(-lines[:, 1])], w, atol=0.15)
    np.testing.assert_allclose(sigma_sq, 0.09, atol=0.03)
    np.testing.assert_allclose(mor.responsibilities(X, y, pi, lines, sigma_sq).mean(axis=0), pi, atol=1e-3)


def test_gradient_and_hessian_of_the_weighted_loss(data):
    X, _, y, w, r = data
    g, H, h = mor.weighted_gradient(X, y, r, w), mor.weighted_hessian(X, r, w), 1e-5
    for j in range(2):
        move = h * np.eye(2)[j]
        slope = (mor.weighted_loss(X, y, r, w + move) - mor.weighted_loss(X, y, r, w - move)) / (2 * h)
        bend = (mor.weighted_gradient(X, y, r, w + move) - mor.weighted_gradient(X, y, r, w - move)) / (2 * h)
        np.testing.assert_allclose(g[:, j], slope, rtol=1e-7)
        np.testing.assert_allclose(H[:, j], bend, rtol=1e-6)


def test_steps_of_the_curves_end_at_the_minimum(data):
    X, _, y, _, r = data
    w = np.zeros((2, 2))
    for _ in range(12):
        w = mor.ascent(X, y, r, w)
    for k in range(2):
        column = r[:, [k]]
        wanted = minimize(lambda v, c=column: mor.weighted_loss(X, y, c, v[None])[0], np.zeros(2), tol=1e-12).x
        np.testing.assert_allclose(w[k], wanted, atol=1e-5)
    np.testing.assert_allclose(mor.weighted_gradient(X, y, r, w), 0, atol=1e-10)


def test_with_one_curve_the_step_is_that_of_logistic_regression(data):
    X, _, y, w, _ = data
    ones = np.ones((200, 1))
    np.testing.assert_allclose(mor.newton_step(X, y, ones, w[:1])[0], logistic.newton_step(X, y, w[0]), rtol=1e-11)
    assert mor.weighted_loss(X, y, ones, w[:1])[0] == pytest.approx(logistic.loss(X, y, w[0]), rel=1e-13)


def test_a_long_step_is_halved(data):
    X, _, y, _, r = data
    far = np.array([[40.0, 40.0], [-3.0, 2.0]])
    assert (mor.weighted_loss(X, y, r, mor.ascent(X, y, r, far)) <= mor.weighted_loss(X, y, r, far)).all()


def test_the_fit_of_curves_climbs_above_one_curve(data):
    X, _, y, _, _ = data
    found = mor.fit_curves(X, y, 2, restarts=4)
    assert np.diff(found.history).min() > -1e-9
    assert found.history[-1] > -logistic.loss(X, y, logistic.fit(X, y)) - 1e-6
    pi, w = found.parameters
    assert np.sum(em.log_evidence(np.log(pi) + mor.log_sigmoids(X, y, w))) == found.history[-1]
    np.testing.assert_allclose(mor.logistic_responsibilities(X, y, pi, w).sum(axis=1), 1)
