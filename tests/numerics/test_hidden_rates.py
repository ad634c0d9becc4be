"""Hidden rates: quadrature, SciPy's negative binomial and Lomax laws, and a fit that nothing nearby beats."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import beta, expon, gamma, lomax, nbinom, poisson

from numerics import hidden_rates as hidden

RNG = np.random.default_rng(3)
SHAPE, RATE = 2.5, 0.7
COUNTS = RNG.poisson(RNG.gamma(SHAPE, 1 / RATE, 800))


def mean(f, prior, likelihood, top):
    """The posterior mean of f, and the probability of what is seen, by quadrature."""
    whole = quad(lambda u: prior.pdf(u) * likelihood(u), 0, top, epsabs=1e-13)[0]
    return quad(lambda u: f(u) * prior.pdf(u) * likelihood(u), 0, top, epsabs=1e-13)[0] / whole, whole


def test_the_e_step_by_quadrature():
    prior, k, t = gamma(SHAPE, scale=1 / RATE), np.array([4]), np.array([1.7])
    of_counts, of_times = lambda u: poisson(u).pmf(4), lambda u: expon(scale=1 / u).pdf(1.7)
    rate, seen = mean(lambda u: u, prior, of_counts, 60)
    assert hidden.rates(k, SHAPE, RATE)[0] == pytest.approx(rate, rel=1e-8)
    assert hidden.log_rates(k, SHAPE, RATE)[0] == pytest.approx(mean(np.log, prior, of_counts, 60)[0], rel=1e-7)
    assert np.exp(hidden.log_density(k, SHAPE, RATE))[0] == pytest.approx(seen, rel=1e-8)
    of_time, density = mean(lambda u: u, prior, of_times, 60)
    assert hidden.rates_of_times(t, SHAPE, RATE)[0] == pytest.approx(of_time, rel=1e-8)
    assert lomax(SHAPE, scale=RATE).pdf(1.7) == pytest.approx(density, rel=1e-8)
    chance = mean(np.log, beta(2.0, 3.0), lambda p: nbinom(5, p).pmf(4), 1)[0]
    assert hidden.log_chances(k, 2.0, 3.0, 5)[0] == pytest.approx(chance, rel=1e-7)


def test_the_density_is_that_of_scipy():
    wanted = nbinom(SHAPE, RATE / (1 + RATE)).logpmf(COUNTS)
    np.testing.assert_allclose(hidden.log_density(COUNTS, SHAPE, RATE), wanted, rtol=1e-11)


def test_the_fit_climbs_to_where_nothing_nearby_is_more_likely():
    found = hidden.fit(COUNTS)
    assert found.converged and np.min(np.diff(found.history)) > -1e-9
    best = found.history[-1]
    assert best >= np.sum(hidden.log_density(COUNTS, SHAPE, RATE))
    for _ in range(30):
        near = np.array(found.parameters) * np.exp(0.03 * RNG.normal(size=2))
        assert np.sum(hidden.log_density(COUNTS, *near)) <= best + 1e-4
