"""The Gaussian mixture by hand: SciPy's densities, M steps that nothing nearby beats, and a fit that climbs."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from numerics import em, iris, kmeans, mixture

FORMS = {"full": mixture.FULL, "tied": mixture.TIED, "diag": mixture.DIAGONAL, "spherical": mixture.SPHERICAL}


@pytest.fixture
def world():
    rng = np.random.default_rng(3)
    half = rng.standard_normal((3, 2, 2))
    Sigma = half @ np.swapaxes(half, 1, 2) + 0.3 * np.eye(2)
    pi, mu = np.array([0.2, 0.5, 0.3]), 4 * rng.standard_normal((3, 2))
    X, labels = mixture.sample(rng, 400, pi, mu, Sigma)
    return X, labels, pi, mu, Sigma


def soft(rng, N, K):
    return rng.dirichlet(np.ones(K), N)


def test_densities_are_those_of_scipy(world):
    X, _, _, mu, Sigma = world
    wanted = np.stack([multivariate_normal(m, S).logpdf(X) for m, S in zip(mu, Sigma, strict=True)], axis=1)
    np.testing.assert_allclose(mixture.log_gaussian(X, mu, Sigma), wanted, rtol=1e-11)
    sigma_sq = np.array([[0.5, 2.0], [1.0, 3.0], [0.1, 0.2]])
    diagonal = mixture.log_gaussian(X, mu, sigma_sq[:, :, None] * np.eye(2))
    np.testing.assert_allclose(mixture.log_gaussian_diagonal(X, mu, sigma_sq), diagonal, rtol=1e-11)
    spherical = mixture.log_gaussian(X, mu, sigma_sq[:, :1, None] * np.eye(2))
    np.testing.assert_allclose(mixture.log_gaussian_spherical(X, mu, sigma_sq[:, 0]), spherical, rtol=1e-11)
    np.testing.assert_allclose(
        mixture.log_gaussian(X, mu, Sigma[0]), mixture.log_gaussian(X, mu, np.stack([Sigma[0]] * 3)), rtol=1e-14
    )


def test_responsibilities_are_bayes_rule(world):
    X, _, pi, mu, Sigma = world
    joint = pi * np.exp(mixture.log_gaussian(X, mu, Sigma))
    near = joint.sum(axis=1) > 1e-200
    wanted = joint[near] / joint[near].sum(axis=1, keepdims=True)
    np.testing.assert_allclose(mixture.responsibilities(X, pi, mu, Sigma)[near], wanted, rtol=1e-9, atol=1e-300)
    assert mixture.log_likelihood(X, pi, mu, Sigma) == pytest.approx(np.log(joint.sum(axis=1)).sum(), rel=1e-12)


def test_points_far_from_everything_still_have_responsibilities(world):
    _, _, pi, mu, Sigma = world
    far = np.array([[1e6, -1e6], [1e3, 1e3]])
    r = mixture.responsibilities(far, pi, mu, Sigma)
    np.testing.assert_allclose(r.sum(axis=1), 1, rtol=1e-15)
    assert np.isfinite(mixture.log_likelihood(far, pi, mu, Sigma))


def test_the_bound_is_tight_at_the_posterior_only(world):
    X, _, pi, mu, Sigma = world
    joint = mixture.log_joint(X, pi, mu, Sigma)
    top = mixture.log_likelihood(X, pi, mu, Sigma)
    assert em.bound(em.posterior(joint), joint) == pytest.approx(top, rel=1e-13)
    assert em.bound(soft(np.random.default_rng(0), *joint.shape), joint) < top - 1


def expected(X, r, pi, mu, Sigma, form):
    """Q = sum_ik r_ik (log pi_k + log N_ik)."""
    return np.sum(r * (np.log(pi) + form.log_density(X, mu, Sigma)))


@pytest.mark.parametrize("name", FORMS)
def test_nothing_near_the_m_step_is_better(world, name):
    X, form, rng = world[0], FORMS[name], np.random.default_rng(8)
    r = soft(rng, len(X), 3)
    pi, mu = em.weights(r), mixture.means(X, r)
    Sigma = form.covariance(X, r, mu)
    best = expected(X, r, pi, mu, Sigma, form)
    for _ in range(30):
        size = 10 ** rng.uniform(-3, -1)
        tilted = pi * np.exp(size * rng.standard_normal(3))
        moved = mu + size * rng.standard_normal(mu.shape)
        stretch = np.exp(size * rng.standard_normal(np.shape(Sigma)))
        stretched = Sigma * (stretch if name in ("diag", "spherical") else (stretch + np.swapaxes(stretch, -1, -2)) / 2)
        assert expected(X, r, tilted / tilted.sum(), mu, Sigma, form) < best
        assert expected(X, r, pi, moved, Sigma, form) < best
        assert expected(X, r, pi, mu, stretched, form) < best


def test_the_other_forms_are_means_of_the_full_one(world):
    X = world[0]
    r = soft(np.random.default_rng(2), len(X), 3)
    mu = mixture.means(X, r)
    full, n = mixture.covariances_full(X, r, mu), r.sum(axis=0)
    np.testing.assert_allclose(mixture.covariance_tied(X, r, mu), np.einsum("k,kij->ij", n, full) / n.sum(), rtol=1e-12)
    diagonal = np.diagonal(full, axis1=1, axis2=2)
    np.testing.assert_allclose(mixture.variances_diagonal(X, r, mu), diagonal, rtol=1e-12)
    np.testing.assert_allclose(mixture.variances_spherical(X, r, mu), diagonal.mean(axis=1), rtol=1e-12)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("floor", [0.0, 0.05])
def test_the_fit_climbs_and_settles(name, floor):
    X = iris.measurements()
    found = mixture.fit(X, 3, FORMS[name], floor=floor, restarts=3)
    assert found.converged and not found.note and len(found.history) > 10
    assert np.diff(found.history).min() > -1e-9
    r, value = mixture.expect(X, found.parameters, FORMS[name], floor)
    assert value == found.history[-1]
    again = mixture.maximise(X, r, found.parameters, FORMS[name], floor)
    np.testing.assert_allclose(again.mu, found.parameters.mu, atol=1e-3)


def test_three_gaussians_find_the_three_species():
    found = mixture.fit(iris.measurements(), 3)
    assert found.history[-1] == pytest.approx(-180.185, abs=0.01)
    labels = mixture.expect(iris.measurements(), found.parameters)[0].argmax(axis=1)
    species = iris.species()
    counts = [np.bincount(labels[species == name], minlength=3).max() for name in np.unique(species)]
    assert sorted(counts) == [45, 50, 50]


def test_drawn_parameters_are_found_again(world):
    X, labels, pi, mu, _ = world
    found = mixture.fit(X, 3).parameters
    order = [np.argmin(np.sum((found.mu - m) ** 2, axis=1)) for m in mu]
    assert sorted(order) == [0, 1, 2]
    np.testing.assert_allclose(found.pi[order], pi, atol=0.08)
    np.testing.assert_allclose(found.mu[order], mu, atol=0.5)
    assert len(labels) == len(X)


def test_one_component_is_the_gaussian_of_all_points():
    X = iris.measurements()
    found = mixture.fit(X, 1, restarts=1).parameters
    np.testing.assert_allclose(found.mu[0], X.mean(axis=0), rtol=1e-13)
    np.testing.assert_allclose(found.Sigma[0], np.cov(X.T, bias=True), rtol=1e-12)


# --- components that empty or collapse ---------------------------------------------------------------
def collapsing():
    """A cloud, and two points far away: a component of its own for them has no least variance."""
    rng = np.random.default_rng(0)
    return np.vstack([rng.standard_normal((40, 2)), [[50.0, 50.0], [50.0, 50.0]]])


def test_a_collapse_is_reported_and_the_parameters_before_it_kept():
    X = collapsing()
    found = mixture.fit(X, 2, restarts=2)
    assert not found.converged and "shrink" in found.note
    assert np.isfinite(found.history).all() and np.diff(found.history).min() > 0
    assert np.linalg.eigvalsh(found.parameters.Sigma).min() > 0


def test_a_floor_takes_the_collapse_away():
    found = mixture.fit(collapsing(), 2, floor=0.1, restarts=2)
    assert found.converged and not found.note
    small = found.parameters.pi.argmin()
    np.testing.assert_allclose(found.parameters.Sigma[small], 0.05 * np.eye(2), atol=1e-12)  # (0 + 0.1 I) / 2 points


@pytest.mark.parametrize("name", FORMS)
def test_the_floor_is_the_mode_under_its_prior(world, name):
    X, form, rng, floor = world[0], FORMS[name], np.random.default_rng(4), 7.0
    r = soft(rng, len(X), 3)
    theta = mixture.maximise(X, r, mixture.start(X, 3, rng, form), form, floor)

    def penalised(Sigma):
        prior = mixture.log_prior(np.linalg.inv(form.matrices(Sigma, 3, 2)), floor)
        return expected(X, r, theta.pi, theta.mu, Sigma, form) + prior

    best = penalised(theta.Sigma)
    for factor in (0.99, 1.01):
        assert penalised(factor * theta.Sigma) < best
        for index in np.ndindex(np.shape(theta.Sigma)):
            moved = np.array(theta.Sigma)
            moved[index] *= factor
            if name in ("full", "tied"):
                moved = (moved + np.swapaxes(moved, -1, -2)) / 2
            assert penalised(moved) < best


@pytest.mark.parametrize("name", FORMS)
def test_an_empty_component_stays_where_it_is_with_weight_zero(world, name):
    X, form = world[0], FORMS[name]
    first = mixture.start(X, 3, np.random.default_rng(0), form)
    r = soft(np.random.default_rng(1), len(X), 2)
    r = np.insert(r, 1, 0.0, axis=1)
    theta = mixture.maximise(X, r, first, form)
    assert theta.pi[1] == 0 and theta.pi.sum() == pytest.approx(1)
    assert (theta.mu[1] == first.mu[1]).all()
    others = mixture.means(X, r[:, [0, 2]])
    np.testing.assert_allclose(theta.mu[[0, 2]], others)
    np.testing.assert_allclose(
        form.matrices(theta.Sigma, 3, 2)[-1], form.matrices(form.covariance(X, r[:, [0, 2]], others), 2, 2)[-1]
    )
    following, value = mixture.expect(X, theta, form)
    assert (following[:, 1] == 0).all() and np.isfinite(value)


def test_data_in_a_plane_have_no_covariance():
    X = np.outer(np.arange(6.0), [1.0, 2.0])
    with pytest.raises(np.linalg.LinAlgError):
        mixture.log_gaussian(X, X[:1], np.cov(X.T)[None] * 0)


def test_small_variances_make_it_k_means():
    X = iris.measurements()
    labels, m, _ = kmeans.fit(X, 3)
    r = em.posterior(mixture.log_gaussian_spherical(X, m, np.full(3, 1e-6)))
    np.testing.assert_array_equal(r.argmax(axis=1), labels)
    assert r.max(axis=1).min() > 1 - 1e-12


# --- scikit-learn ------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", FORMS)
def test_one_step_is_that_of_scikit_learn(world, name):
    peer = pytest.importorskip("sklearn.mixture")
    X, form = world[0], FORMS[name]
    r = soft(np.random.default_rng(5), len(X), 3)
    theirs = peer.GaussianMixture(3, covariance_type=name, reg_covar=0.0)
    theirs._initialize(X, r)
    mu = mixture.means(X, r)
    Sigma = form.covariance(X, r, mu)
    np.testing.assert_allclose(em.weights(r), theirs.weights_, rtol=1e-12)
    np.testing.assert_allclose(mu, theirs.means_, rtol=1e-12)
    np.testing.assert_allclose(Sigma, theirs.covariances_, rtol=1e-12)
    ours, value = mixture.expect(X, mixture.Mixture(em.weights(r), mu, Sigma), form)
    np.testing.assert_allclose(ours, theirs.predict_proba(X), rtol=1e-10, atol=1e-300)
    assert value == pytest.approx(theirs.score(X) * len(X), rel=1e-12)


def test_every_step_of_a_run_from_points_climbs():
    """The run that the chapter judges: its likelihood rises, and its steps in fractions are the floats it made."""
    petals, run = iris.mixture_run()
    climbed = np.diff([mixture.log_likelihood(petals, *theta) for theta in run])
    assert len(run) == 31 and climbed.min() > 0
    steps = iris.mixture_steps()
    assert len(steps) == 30
    for step, before, after in zip(steps, run, run[1:], strict=False):
        np.testing.assert_array_equal(step["mu"].astype(float), before.mu)
        np.testing.assert_array_equal(step["Sigma_new"].astype(float), after.Sigma)
