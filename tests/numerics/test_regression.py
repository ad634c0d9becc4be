"""The hand-written regressions: each form gives the same weights, and the derivatives are those of the loss."""

import numpy as np
import pytest

from numerics import least_squares, logistic, ridge


def slope(f, w, h=1e-5):
    """Central differences: exact for a quadratic but for rounding."""
    return np.array([(f(w + h * e) - f(w - h * e)) / (2 * h) for e in np.eye(len(w))])


@pytest.fixture
def data():
    rng = np.random.default_rng(3)
    X = rng.standard_normal((12, 4))
    return X, X @ np.array([1.0, -2.0, 0.5, 3.0]) + rng.standard_normal(12), rng.standard_normal(4)


def test_least_squares_forms(data):
    X, y, w = data
    best = np.linalg.lstsq(X, y, rcond=None)[0]
    np.testing.assert_allclose(least_squares.closed_form(X, y), best, rtol=1e-12)
    np.testing.assert_allclose(least_squares.closed_form_qr(X, y), best, rtol=1e-12)
    np.testing.assert_allclose(least_squares.fitted(X, y), X @ best, rtol=1e-12)
    P = least_squares.projection(X)
    np.testing.assert_allclose(P @ P, P, atol=1e-14)
    np.testing.assert_allclose(P @ y, X @ best, rtol=1e-12)
    np.testing.assert_allclose(
        slope(lambda v: least_squares.loss(X, y, v), w), least_squares.gradient(X, y, w), rtol=1e-7
    )
    step = np.eye(4)[0]
    np.testing.assert_allclose(
        least_squares.gradient(X, y, w + step) - least_squares.gradient(X, y, w), least_squares.hessian(X)[0]
    )


def test_ridge_forms(data):
    X, y, w = data
    best = ridge.closed_form(X, y, 0.7)
    for form in (ridge.stacked_qr, ridge.shrinkage, ridge.dual):
        np.testing.assert_allclose(form(X, y, 0.7), best, rtol=1e-12)
    assert np.abs(ridge.gradient(X, y, best, 0.7)).max() < 1e-12
    np.testing.assert_allclose(
        slope(lambda v: ridge.objective(X, y, v, 0.7), w), ridge.gradient(X, y, w, 0.7), rtol=1e-7
    )
    wide = X[:3]  # fewer examples than weights: still solvable
    np.testing.assert_allclose(ridge.stacked_qr(wide, y[:3], 0.7), ridge.dual(wide, y[:3], 0.7), rtol=1e-10)
    np.testing.assert_allclose(ridge.shrinkage(wide, y[:3], 0.7), ridge.dual(wide, y[:3], 0.7), rtol=1e-10)


def test_logistic_derivatives_and_newton(data):
    X, signal, w = data
    y = np.where(signal + np.random.default_rng(5).standard_normal(12) * 4 > 0, 1, -1)
    np.testing.assert_allclose(slope(lambda v: logistic.loss(X, y, v), w), logistic.gradient(X, y, w), rtol=1e-7)
    np.testing.assert_allclose(slope(lambda v: logistic.gradient(X, y, v), w), logistic.hessian(X, y, w), rtol=1e-7)
    best = logistic.fit(X, y)
    assert np.abs(logistic.gradient(X, y, best)).max() < 1e-10


def test_logistic_at_margins_of_ten_thousand():
    X, w = np.array([[1.0], [1.0]]), np.array([1e4])
    with np.errstate(all="raise", under="ignore"):
        assert logistic.loss(X, np.array([1, -1]), w) == 1e4
        assert logistic.loss(X[:1], np.array([1]), w) == 0
        assert logistic.gradient(X, np.array([1, -1]), w)[0] == 1
        assert logistic.hessian(X, np.array([1, -1]), w)[0, 0] == 0


def test_a_rank_deficient_design_is_refused():
    X = np.zeros((3, 2))
    with pytest.raises(np.linalg.LinAlgError):
        least_squares.closed_form(X, np.ones(3))
    with pytest.raises(np.linalg.LinAlgError):
        least_squares.closed_form_qr(X, np.ones(3))


def test_separable_data_end_quietly():
    w = logistic.fit(np.array([[1.0], [2.0]]), np.array([1, 1]))
    assert np.isfinite(w).all() and logistic.loss(np.array([[1.0], [2.0]]), np.array([1, 1]), w) < 1e-6
