"""Mixtures of other families: densities as SciPy has them, M steps that nothing nearby beats, fits that climb."""

import numpy as np
import pytest
from scipy import stats

from numerics import em, mixtures_of

RNG = np.random.default_rng(12)
COUNTS = RNG.poisson(4, 60).astype(float) + 1
POSITIVE = RNG.gamma(2.0, 1.5, 60) + 0.2
REAL = RNG.standard_normal(60) * 2 + 1
BITS = RNG.integers(0, 2, (60, 4)).astype(float)
LABELS = np.eye(5)[RNG.integers(0, 5, 60)]
SIZE, TRIALS, SHAPE, LEAST = 2.5, 15, 1.7, 0.15

FAMILIES = {
    "poisson": (mixtures_of.POISSON, COUNTS, lambda x, lam: stats.poisson(lam).logpmf(x)),
    "geometric": (mixtures_of.GEOMETRIC, COUNTS, lambda x, p: stats.geom(p).logpmf(x)),
    "bernoulli": (mixtures_of.BERNOULLI, BITS, lambda x, p: stats.bernoulli(p).logpmf(x).sum(axis=-1)),
    "categorical": (mixtures_of.CATEGORICAL, LABELS, lambda x, p: stats.multinomial(1, p).logpmf(x)),
    "binomial": (
        mixtures_of.one_parameter(mixtures_of.log_binomial, mixtures_of.binomial, TRIALS),
        COUNTS,
        lambda x, p: stats.binom(TRIALS, p).logpmf(x),
    ),
    "negative binomial": (
        mixtures_of.one_parameter(mixtures_of.log_negative_binomial, mixtures_of.negative_binomial, SIZE),
        COUNTS,
        lambda x, p: stats.nbinom(SIZE, p).logpmf(x),
    ),
    "exponential": (mixtures_of.EXPONENTIAL, POSITIVE, lambda x, rate: stats.expon(scale=1 / rate).logpdf(x)),
    "rayleigh": (mixtures_of.RAYLEIGH, POSITIVE, lambda x, sigma_sq: stats.rayleigh(scale=np.sqrt(sigma_sq)).logpdf(x)),
    "gamma": (
        mixtures_of.one_parameter(mixtures_of.log_gamma, mixtures_of.gamma, SHAPE),
        POSITIVE,
        lambda x, rate: stats.gamma(SHAPE, scale=1 / rate).logpdf(x),
    ),
    "weibull": (
        mixtures_of.one_parameter(mixtures_of.log_weibull, mixtures_of.weibull, SHAPE),
        POSITIVE,
        lambda x, scale: stats.weibull_min(SHAPE, scale=scale).logpdf(x),
    ),
    "pareto": (
        mixtures_of.one_parameter(mixtures_of.log_pareto, mixtures_of.pareto, LEAST),
        POSITIVE,
        lambda x, alpha: stats.pareto(alpha, scale=LEAST).logpdf(x),
    ),
    "normal": (mixtures_of.NORMAL, REAL, lambda x, mu, sigma_sq: stats.norm(mu, np.sqrt(sigma_sq)).logpdf(x)),
    "laplace": (mixtures_of.LAPLACE, REAL, lambda x, mu, b: stats.laplace(mu, b).logpdf(x)),
    "log-normal": (
        mixtures_of.LOG_NORMAL,
        POSITIVE,
        lambda x, mu, sigma_sq: stats.lognorm(np.sqrt(sigma_sq), scale=np.exp(mu)).logpdf(x),
    ),
    "inverse gaussian": (
        mixtures_of.INVERSE_GAUSSIAN,
        POSITIVE,
        lambda x, mu, lam: stats.invgauss(mu / lam, scale=lam).logpdf(x),
    ),
}
SUMMING_TO_ONE = {"categorical"}


@pytest.fixture
def r():
    return np.random.default_rng(5).dirichlet(np.ones(3), 60)


@pytest.mark.parametrize("name", FAMILIES)
def test_densities_are_those_of_scipy(name, r):
    family, x, log_density = FAMILIES[name]
    theta = family.step(x, r)
    wanted = np.stack([log_density(x, *(t[k] for t in theta)) for k in range(3)], axis=1)
    np.testing.assert_allclose(family.log_density(x, *theta), wanted, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", FAMILIES)
def test_nothing_near_the_m_step_is_better(name, r):
    family, x, _ = FAMILIES[name]
    theta = family.step(x, r)
    best = np.sum(r * family.log_density(x, *theta), axis=0)
    rng = np.random.default_rng(9)
    for which in range(len(theta)):
        for _ in range(20):
            tilt = np.exp(10 ** rng.uniform(-2, -1) * rng.standard_normal(theta[which].shape))
            moved = [t * tilt if k == which else t for k, t in enumerate(theta)]
            if name in SUMMING_TO_ONE:
                moved = [p / p.sum(axis=1, keepdims=True) for p in moved]
            assert (np.sum(r * family.log_density(x, *moved), axis=0) < best).all()


@pytest.mark.parametrize("name", FAMILIES)
def test_the_fit_climbs(name):
    family, x, _ = FAMILIES[name]
    found = mixtures_of.fit(x, family, 2, restarts=2)
    assert np.diff(found.history).min() > -1e-9 and np.isfinite(found.history).all()
    pi, theta = found.parameters
    assert mixtures_of.expect(x, family, pi, theta)[1] == found.history[-1]
    assert pi.sum() == pytest.approx(1, rel=1e-14)


def test_equal_weights_give_the_estimates_of_one_family(r):
    ones = np.ones((60, 1))
    assert mixtures_of.poisson(COUNTS, ones)[0] == pytest.approx(COUNTS.mean())
    assert mixtures_of.laplace_location(REAL[:59], ones[:59])[0] == np.median(REAL[:59])
    loc, scale = stats.invgauss.fit(POSITIVE, floc=0)[1:]
    assert loc == 0 and mixtures_of.inverse_gaussian_shape(POSITIVE, ones)[0] == pytest.approx(scale, rel=1e-12)
    assert mixtures_of.rayleigh(POSITIVE, ones)[0] == pytest.approx(stats.rayleigh.fit(POSITIVE, floc=0)[1] ** 2)


def test_a_weighted_median_has_half_the_weight_on_both_sides(r):
    median = mixtures_of.weighted_median(REAL, r)
    for k, m in enumerate(median):
        total = r[:, k].sum()
        assert r[m > REAL, k].sum() <= total / 2 <= r[m >= REAL, k].sum()


def test_two_poissons_are_found_again():
    rng = np.random.default_rng(0)
    x = np.concatenate([rng.poisson(2, 700), rng.poisson(15, 300)]).astype(float)
    found = mixtures_of.fit(x, mixtures_of.POISSON, 2)
    pi, (lam,) = found.parameters
    order = np.argsort(lam)
    assert found.converged
    np.testing.assert_allclose(lam[order], [2, 15], rtol=0.07)
    np.testing.assert_allclose(pi[order], [0.7, 0.3], atol=0.03)


def test_a_pixel_that_is_always_off_does_no_harm():
    found = mixtures_of.fit(np.insert(BITS, 2, 0.0, axis=1), mixtures_of.BERNOULLI, 2, restarts=2)
    assert np.isfinite(found.history).all()
    assert (found.parameters[1][0][:, 2] == 0).all()


def test_a_component_on_equal_values_ends_the_run_and_says_so():
    x = np.array([1.0, 1.2, 0.8, 0.9, 1.1, 40.0, 40.0])
    found = mixtures_of.fit(x, mixtures_of.NORMAL, 2, restarts=2)
    assert not found.converged and found.note and np.isfinite(found.history).all()
    assert all(np.isfinite(t).all() for t in found.parameters[1])


def test_evidence_of_a_joint_in_logarithms():
    joint = np.array([[-1000.0, -1001.0], [3.0, -np.inf]])
    np.testing.assert_allclose(em.log_evidence(joint), [-1000 + np.log1p(np.exp(-1)), 3])
    np.testing.assert_allclose(em.posterior(joint), [[1 / (1 + np.exp(-1)), 1 / (1 + np.exp(1))], [1, 0]])
