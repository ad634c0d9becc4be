"""Student's t by EM: SciPy's density, an M step that nothing nearby beats, and outliers that weigh little."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import gammaln
from scipy.stats import gamma, multivariate_normal, multivariate_t, norm, t

from numerics import em, mixture
from numerics import mixture_of_student_t as student


@pytest.fixture
def world():
    rng = np.random.default_rng(2)
    pi, mu, nu = np.array([0.4, 0.6]), np.array([[0.0, 0.0], [9.0, 3.0]]), np.array([3.0, 8.0])
    Sigma = np.array([[[1.0, 0.3], [0.3, 0.5]], [[2.0, -0.5], [-0.5, 1.0]]])
    X, _ = student.sample(rng, 1500, pi, mu, Sigma, nu)
    return X, student.Mixture(pi, mu, Sigma, nu)


def test_the_density_is_that_of_scipy(world):
    X, theta = world
    pairs = zip(theta.mu, theta.Sigma, theta.nu, strict=True)
    wanted = np.stack([multivariate_t(m, S, df=v).logpdf(X) for m, S, v in pairs], axis=1)
    np.testing.assert_allclose(student.log_student(X, theta.mu, theta.Sigma, theta.nu), wanted, rtol=1e-11)


def test_the_posterior_of_the_precision_by_quadrature():
    x, mu, sigma_sq, nu = 2.5, 0.5, 1.3, 4.0

    def moment(f):
        joint = lambda u: f(u) * norm(mu, np.sqrt(sigma_sq / u)).pdf(x) * gamma(nu / 2, scale=2 / nu).pdf(u)
        return quad(joint, 0, np.inf, epsabs=1e-13)[0]

    delta = student.line_distances(np.array([x]), np.array([mu]), np.array([sigma_sq]))
    whole = moment(lambda u: 1.0)
    assert whole == pytest.approx(t(nu, mu, np.sqrt(sigma_sq)).pdf(x), rel=1e-9)
    assert student.precisions(delta, nu, 1)[0, 0] == pytest.approx(moment(lambda u: u) / whole, rel=1e-8)
    assert student.log_precisions(delta, nu, 1)[0, 0] == pytest.approx(moment(np.log) / whole, rel=1e-7)


def test_nothing_near_the_m_step_is_better(world):
    X, theta = world
    rng = np.random.default_rng(1)
    r = rng.dirichlet(np.ones(2), len(X))
    delta = student.distances(X, theta.mu, theta.Sigma)
    u, log_u = student.precisions(delta, theta.nu, 2), student.log_precisions(delta, theta.nu, 2)
    following = student.maximise(X, r, theta)

    def bound(mu, Sigma, nu):
        """E[log N(x | mu, Sigma / u) + log Gamma(u | nu/2, nu/2)], but for what is constant."""
        pull = u * student.distances(X, mu, Sigma)
        half = nu / 2
        gammas = half * np.log(half) + half * (log_u - u)
        return np.sum(r * (-np.linalg.slogdet(Sigma)[1] / 2 - pull / 2 + gammas - gammaln(half)))

    best = bound(following.mu, following.Sigma, following.nu)
    for _ in range(20):
        size = 10 ** rng.uniform(-2.5, -1)
        stretch = np.exp(size * rng.standard_normal(theta.Sigma.shape))
        Sigma = following.Sigma * (stretch + np.swapaxes(stretch, 1, 2)) / 2
        assert bound(following.mu + size * rng.standard_normal(theta.mu.shape), following.Sigma, following.nu) < best
        assert bound(following.mu, Sigma, following.nu) < best
        assert bound(following.mu, following.Sigma, following.nu * np.exp(size * rng.standard_normal(2))) < best


def test_on_the_line_it_is_the_case_of_one_coordinate(world):
    x, rng = world[0][:, 0], np.random.default_rng(0)
    r, mu, sigma_sq, nu = (
        rng.dirichlet(np.ones(2), len(x)),
        np.array([0.0, 8.0]),
        np.array([1.0, 2.0]),
        np.array([3.0, 5.0]),
    )
    delta = student.line_distances(x, mu, sigma_sq)
    X, Sigma = x[:, None], sigma_sq[:, None, None]
    np.testing.assert_allclose(delta, student.distances(X, mu[:, None], Sigma), rtol=1e-12)
    u = student.precisions(delta, nu, 1)
    m = student.line_locations(x, r, u)
    np.testing.assert_allclose(m, student.locations(X, r, u)[:, 0], rtol=1e-12)
    np.testing.assert_allclose(
        student.line_scales(x, r, u, m), student.scales(X, r, u, m[:, None])[:, 0, 0], rtol=1e-12
    )


def test_the_fit_climbs_and_finds_what_was_drawn(world):
    X, theta = world
    found = student.fit(X, 2, restarts=2)
    assert found.converged and np.diff(found.history).min() > -1e-8
    order = np.argsort(found.parameters.mu[:, 0])
    np.testing.assert_allclose(found.parameters.mu[order], theta.mu, atol=0.2)
    np.testing.assert_allclose(found.parameters.Sigma[order], theta.Sigma, atol=0.35)
    assert 2 < found.parameters.nu[order][0] < 5
    assert found.history[-1] > student.expect(X, theta)[1]


def test_one_component_on_the_line_is_scipys_fit(world):
    x = world[1].mu[0, 0] + np.random.default_rng(5).standard_t(4, 500)
    found = student.fit(x[:, None], 1, restarts=1)
    nu, location, scale = t.fit(x)
    assert found.history[-1] >= t(nu, location, scale).logpdf(x).sum() - 1e-4
    assert found.parameters.mu[0, 0] == pytest.approx(location, abs=2e-3)


def test_gaussian_points_want_endless_freedom():
    points = np.linspace(-2, 2, 101)[:, None]  # lighter tails than any t
    found = student.fit(points, 1, restarts=1)
    assert found.parameters.nu[0] > 100
    assert found.parameters.Sigma[0, 0, 0] == pytest.approx(points.var(), rel=1e-2)
    same = np.ones((5, 1))  # every u known to be 1: the slope is positive for all nu
    assert student.freedom(same, same, 0 * same)[0] == student.MOST


def test_an_outlier_moves_it_little():
    cloud = np.random.default_rng(3).standard_normal((200, 2))
    shaken = student.fit(np.vstack([cloud, [[1e4, -1e4]]]), 1, nu=3.0, restarts=1).parameters
    calm = student.fit(cloud, 1, nu=3.0, restarts=1).parameters
    assert (shaken.nu == 3.0).all()
    np.testing.assert_allclose(shaken.mu, calm.mu, atol=0.02)  # the mean moves by 50
    np.testing.assert_allclose(shaken.Sigma, calm.Sigma, atol=0.1)


def test_great_freedom_is_the_gaussian(world):
    X, theta = world
    far = student.log_student(X, theta.mu, theta.Sigma, np.full(2, 1e9))
    np.testing.assert_allclose(far, mixture.log_gaussian(X, theta.mu, theta.Sigma), rtol=1e-4)
    normal = multivariate_normal(theta.mu[0], theta.Sigma[0]).logpdf(X)
    np.testing.assert_allclose(far[:, 0], normal, rtol=1e-4)
    assert em.posterior(far).shape == (len(X), 2)
