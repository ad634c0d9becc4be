"""Factor analysis, probabilistic PCA and the Gaussian with missing entries."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import multivariate_normal

from numerics import em, iris, missing_data
from numerics import factor_analysis as fa
from numerics import probabilistic_pca as ppca


@pytest.fixture
def world():
    rng = np.random.default_rng(1)
    W, mu, psi = rng.standard_normal((6, 2)) * 2, rng.standard_normal(6), rng.uniform(0.3, 1.5, 6)
    return fa.sample(rng, 300, W, mu, psi)[0], fa.Factors(W, mu, psi)


def test_the_e_step_conditions_the_joint_gaussian(world):
    X, (W, mu, psi) = world
    C = fa.covariance(W, psi)
    np.testing.assert_allclose(fa.posterior_means(X, W, mu, psi), (X - mu) @ np.linalg.solve(C, W), rtol=1e-9)
    np.testing.assert_allclose(fa.posterior_covariance(W, psi), np.eye(2) - W.T @ np.linalg.solve(C, W), rtol=1e-9)
    wanted = multivariate_normal(mu, C).logpdf(X).sum()
    assert fa.log_likelihood(X, W, mu, psi) == pytest.approx(wanted, rel=1e-11)
    sigma_sq = 0.7
    np.testing.assert_allclose(
        ppca.posterior_means(X, W, mu, sigma_sq), fa.posterior_means(X, W, mu, np.full(6, sigma_sq)), rtol=1e-11
    )
    np.testing.assert_allclose(
        ppca.posterior_covariance(W, sigma_sq), fa.posterior_covariance(W, np.full(6, sigma_sq)), rtol=1e-11
    )


def expected(X, mu, Z, G, W, psi):
    """E[log p(x | z)] under the posterior, by its definition."""
    e = X - mu - Z @ W.T
    spread = np.sum(e**2, axis=0) + len(X) * np.diag(W @ G @ W.T)
    return -np.sum(len(X) * np.log(2 * np.pi * psi) + spread / psi) / 2


def test_nothing_near_the_m_step_is_better(world):
    X, theta = world
    mu, rng = X.mean(axis=0), np.random.default_rng(2)
    Z, G = fa.posterior_means(X, theta.W, mu, theta.psi), fa.posterior_covariance(theta.W, theta.psi)
    W = fa.loadings(X, mu, Z, G)
    psi, sigma_sq = fa.noise(X, mu, Z, W), ppca.noise(X, mu, Z, G, W)
    best, best_equal = expected(X, mu, Z, G, W, psi), expected(X, mu, Z, G, W, np.full(6, sigma_sq))
    for _ in range(20):
        size = 10 ** rng.uniform(-3, -1)
        moved = W + size * rng.standard_normal(W.shape)
        assert expected(X, mu, Z, G, moved, psi) < best
        assert expected(X, mu, Z, G, W, psi * np.exp(size * rng.standard_normal(6))) < best
        assert expected(X, mu, Z, G, moved, np.full(6, sigma_sq)) < best_equal
    assert expected(X, mu, Z, G, W, np.full(6, sigma_sq * 1.01)) < best_equal
    assert expected(X, mu, Z, G, W, np.full(6, sigma_sq * 0.99)) < best_equal


def test_em_of_factors_climbs_to_a_stationary_point(world):
    X, theta = world
    found = fa.fit(X, 2)
    assert found.converged and np.diff(found.history).min() > -1e-8
    assert found.history[-1] > fa.log_likelihood(X, *theta)
    W, _mu, psi = found.parameters
    C, S = fa.covariance(W, psi), np.cov(X.T, bias=True)
    np.testing.assert_allclose(np.diag(S - C), 0, atol=2e-4)  # at the maximum the variances are met exactly
    np.testing.assert_allclose(S @ np.linalg.solve(C, W), W, atol=2e-3)


def test_em_of_components_ends_at_the_closed_form(world):
    X = world[0]
    closed, found = ppca.closed_form(X, 2), ppca.fit(X, 2)
    assert found.converged and np.diff(found.history).min() > -1e-8
    assert found.history[-1] == pytest.approx(ppca.log_likelihood(X, *closed), rel=1e-9)
    assert found.parameters.sigma_sq == pytest.approx(closed.sigma_sq, rel=1e-4)
    np.testing.assert_allclose(found.parameters.W @ found.parameters.W.T, closed.W @ closed.W.T, atol=2e-3)


def test_factors_are_those_of_scikit_learn(world):
    peer = pytest.importorskip("sklearn.decomposition")
    X = world[0]
    theirs = peer.FactorAnalysis(2, tol=1e-12, max_iter=20000, svd_method="lapack").fit(X)
    ours = fa.fit(X, 2, tolerance=1e-14).parameters
    np.testing.assert_allclose(fa.covariance(ours.W, ours.psi), theirs.get_covariance(), rtol=1e-4, atol=1e-4)
    one = fa.Factors(theirs.components_.T, theirs.mean_, theirs.noise_variance_)
    assert fa.log_likelihood(X, *one) / len(X) == pytest.approx(theirs.score(X), rel=1e-12)
    np.testing.assert_allclose(fa.posterior_means(X, *one), theirs.transform(X), rtol=1e-9, atol=1e-12)


def test_scikit_learns_noise_divides_by_one_less(world):
    peer = pytest.importorskip("sklearn.decomposition")
    X = world[0]
    theirs, ours = peer.PCA(2, svd_solver="full").fit(X), ppca.closed_form(X, 2)
    assert theirs.noise_variance_ * (len(X) - 1) / len(X) == pytest.approx(ours.sigma_sq, rel=1e-11)


# --- missing entries -------------------------------------------------------------------------------------
@pytest.fixture
def holes():
    X = iris.measurements().copy()
    X[np.random.default_rng(0).uniform(size=X.shape) < 0.2] = np.nan
    X[3] = np.nan  # a row of which nothing is seen
    return X


def test_what_is_filled_in_is_the_conditional_mean(holes):
    mu, Sigma = np.nanmean(holes, axis=0), np.cov(iris.measurements().T)
    filled, spread = missing_data.expect(holes, mu, Sigma)
    total = np.zeros((4, 4))
    for x, y in zip(holes, filled, strict=True):
        s = ~np.isnan(x)
        P = np.linalg.inv(Sigma)  # the conditional in terms of the precision, another formula than the function's
        hidden = np.linalg.inv(P[np.ix_(~s, ~s)])
        total[np.ix_(~s, ~s)] += hidden
        np.testing.assert_array_equal(y[s], x[s])
        np.testing.assert_allclose(y[~s], mu[~s] - hidden @ P[np.ix_(~s, s)] @ (x[s] - mu[s]), rtol=1e-9)
    np.testing.assert_allclose(spread, total, rtol=1e-9)


def test_em_climbs_to_the_maximum(holes):
    found = missing_data.fit(holes)
    assert found.converged and np.diff(found.history).min() > -1e-9
    mu, Sigma = found.parameters
    best = missing_data.log_likelihood(holes, mu, Sigma)
    lower = np.tril_indices(4)

    def minus(v):
        L = np.zeros((4, 4))
        L[lower] = v[4:]
        return -missing_data.log_likelihood(holes, v[:4], L @ L.T)

    at = np.concatenate([mu, np.linalg.cholesky(Sigma)[lower]])
    numerical = minimize(minus, at + 0.01, method="BFGS", options={"gtol": 1e-5})
    assert best == pytest.approx(-numerical.fun, abs=1e-5)


def test_without_holes_it_is_the_usual_estimate():
    X = iris.measurements()
    mu, Sigma = missing_data.fit(X).parameters
    np.testing.assert_allclose(mu, X.mean(axis=0), rtol=1e-13)
    np.testing.assert_allclose(Sigma, np.cov(X.T, bias=True), rtol=1e-11)


def test_the_loop_says_why_it_ended():
    slow = em.climb(lambda t: (None, -1.0 / t), lambda _, t: 2 * t, 1.0, steps=3)
    assert not slow.converged and slow.note == "still rising after 3 steps" and len(slow.history) == 4
    broken = em.climb(lambda t: (None, t), lambda _, t: np.inf, 1.0)
    assert not broken.converged and broken.parameters == 1.0 and "inf" in broken.note


def test_a_row_is_filled_as_the_table_is():
    rng = np.random.default_rng(8)
    half = rng.normal(size=(4, 4))
    mu, Sigma, x = rng.normal(size=4), half @ half.T + np.eye(4), rng.normal(size=4)
    seen = np.array([1.0, 0.0, 0.0, 1.0])
    filled, spread = missing_data.expect(np.where(seen > 0, x, np.nan)[None], mu, Sigma)
    np.testing.assert_allclose(missing_data.fill(x, mu, Sigma, seen), filled[0], rtol=1e-12)
    np.testing.assert_allclose(missing_data.doubt(Sigma, seen), spread, rtol=1e-12)


def test_inputs_that_are_known_are_those_of_least_squares():
    rng = np.random.default_rng(9)
    F, G, c = rng.normal(size=(30, 2)), rng.normal(size=(30, 3)), rng.normal(size=3)
    none = np.zeros((0, 2)), np.zeros((2, 2))
    found = missing_data.coefficients(np.zeros((0, 3)), G, F, c, *none)
    np.testing.assert_allclose(found, np.linalg.lstsq(F, G - c, rcond=None)[0].T, rtol=1e-10)
    guessed = missing_data.coefficients(G, G, F, c, F, np.zeros((2, 2)))
    np.testing.assert_allclose(guessed, found, rtol=1e-10)
    assert np.linalg.norm(missing_data.coefficients(G, G, F, c, F, np.eye(2))) < np.linalg.norm(found)
