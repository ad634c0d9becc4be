"""Student's t by EM: SciPy's fit with the degrees of freedom fixed and free, quadrature, and a line that stays put."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import gamma, multivariate_t, norm, t

from numerics import mixture_of_student_t as mixtures
from numerics import student_t as student

RNG = np.random.default_rng(5)
DATA = 1.5 + 0.7 * RNG.standard_t(3.0, 400)


def reached(x, theta):
    return np.sum(student.log_density(x, *theta))


def test_the_density_is_that_of_scipy():
    wanted = t(4.5, 1.0, 2.0**0.5).logpdf(DATA)
    np.testing.assert_allclose(student.log_density(DATA, 1.0, 2.0, 4.5), wanted, rtol=1e-12)


@pytest.mark.parametrize("nu", [1.0, 3.0, 12.0])
def test_with_the_freedom_fixed_it_is_scipys_fit(nu):
    found = student.fit(DATA, nu)
    _, loc, scale = t.fit(DATA, fdf=nu)
    assert found.converged and np.min(np.diff(found.history)) > -1e-9
    assert found.parameters.mu == pytest.approx(loc, abs=2e-4)
    assert found.parameters.sigma_sq**0.5 == pytest.approx(scale, rel=2e-4)
    assert reached(DATA, found.parameters) >= np.sum(t(nu, loc, scale).logpdf(DATA)) - 1e-9


def test_with_the_freedom_learnt_it_is_as_likely_as_scipys_fit():
    found = student.fit(DATA)
    assert found.converged and np.min(np.diff(found.history)) > -1e-9
    assert reached(DATA, found.parameters) >= np.sum(t(*t.fit(DATA)).logpdf(DATA)) - 1e-6


def test_the_posterior_of_the_precision_by_quadrature():
    x, mu, sigma_sq, nu = 2.5, 0.5, 1.3, 4.0

    def moment(f):
        joint = lambda u: f(u) * norm(mu, np.sqrt(sigma_sq / u)).pdf(x) * gamma(nu / 2, scale=2 / nu).pdf(u)
        return quad(joint, 0, np.inf, epsabs=1e-13)[0]

    whole, at = moment(lambda u: 1.0), np.array([x])
    assert student.precisions(at, mu, sigma_sq, nu)[0] == pytest.approx(moment(lambda u: u) / whole, rel=1e-8)
    assert student.log_precisions(at, mu, sigma_sq, nu)[0] == pytest.approx(moment(np.log) / whole, rel=1e-7)


def test_the_freedom_is_where_its_score_vanishes_and_the_score_falls():
    u = student.precisions(DATA, 1.5, 0.5, 3.0)
    log_u = student.log_precisions(DATA, 1.5, 0.5, 3.0)
    nu, h = student.freedom(u, log_u), 1e-5
    assert student.freedom_score(nu, u, log_u) == pytest.approx(0, abs=1e-8)
    slope = (student.freedom_score(nu + h, u, log_u) - student.freedom_score(nu - h, u, log_u)) / (2 * h)
    assert student.freedom_bend(nu, len(u)) == pytest.approx(slope, rel=1e-6)
    assert all(student.freedom_bend(v, 1) < 0 for v in np.geomspace(1e-3, 1e5, 30))
    assert student.freedom(np.ones(9), np.zeros(9)) == student.MOST


def test_a_step_in_space_is_that_of_a_mixture_of_one():
    X = RNG.normal(size=(60, 3)) / np.sqrt(RNG.gamma(2, 0.5, 60))[:, None]
    mu, Sigma, nu = X.mean(axis=0), np.cov(X.T), 4.0
    u = student.precisions_in_space(X, mu, Sigma, nu)
    delta = mixtures.distances(X, mu[None], Sigma[None])
    np.testing.assert_allclose(u, mixtures.precisions(delta, nu, 3)[:, 0], rtol=1e-11)
    centre = student.location_in_space(X, u)
    scale = student.scale_in_space(X, u, centre)
    before, after = (np.sum(multivariate_t(m, S, df=nu).logpdf(X)) for m, S in ((mu, Sigma), (centre, scale)))
    assert after > before


def test_wild_points_do_not_move_the_line():
    X = np.stack([np.ones(50), np.linspace(0, 1, 50)], axis=1)
    y = X @ [1.0, 2.0] + 0.05 * RNG.normal(size=50)
    y[:3] = 60.0
    w, _ = student.regress(X, y, 2.0)
    np.testing.assert_allclose(w, [1.0, 2.0], atol=0.15)
    assert abs(student.coefficients(X, y, np.ones(50)) - [1.0, 2.0]).max() > 3
