"""Estimates of maximum likelihood: no parameter nearby has a higher likelihood, by SciPy's own densities."""

import numpy as np
import pytest
from scipy import stats

from numerics import concave_newton
from numerics import maximum_likelihood as ml

RNG = np.random.default_rng(21)
COUNTS = RNG.poisson(3, 80) + 1
POSITIVE = RNG.gamma(2.0, 1.5, 80) + 0.1
UNIT = RNG.beta(2.0, 3.0, 80)
REAL = RNG.standard_normal(79) * 1.5 + 0.5
BITS = RNG.integers(0, 2, 80)
ANGLE = RNG.vonmises(0.7, 2.5, 80)

CLOSED = {
    "bernoulli": (ml.bernoulli(BITS), BITS, lambda p: stats.bernoulli(p)),
    "binomial": (ml.binomial(COUNTS, 20), COUNTS, lambda p: stats.binom(20, p)),
    "poisson": (ml.poisson(COUNTS), COUNTS, lambda lam: stats.poisson(lam)),
    "geometric": (ml.geometric(COUNTS), COUNTS, lambda p: stats.geom(p)),
    "geometric failures": (ml.geometric_failures(COUNTS), COUNTS, lambda p: stats.geom(p, loc=-1)),
    "negative binomial": (ml.negative_binomial(COUNTS, 2.5), COUNTS, lambda p: stats.nbinom(2.5, p)),
    "exponential": (ml.exponential(POSITIVE), POSITIVE, lambda rate: stats.expon(scale=1 / rate)),
    "gamma": (ml.gamma_rate(POSITIVE, 1.7), POSITIVE, lambda rate: stats.gamma(1.7, scale=1 / rate)),
    "inverse gamma": (ml.inverse_gamma_scale(POSITIVE, 1.7), POSITIVE, lambda s: stats.invgamma(1.7, scale=s)),
    "weibull": (ml.weibull_scale(POSITIVE, 1.7), POSITIVE, lambda s: stats.weibull_min(1.7, scale=s)),
    "frechet": (ml.frechet_scale(POSITIVE, 1.7), POSITIVE, lambda s: stats.invweibull(1.7, scale=s)),
    "rayleigh": (ml.rayleigh(POSITIVE), POSITIVE, lambda sigma_sq: stats.rayleigh(scale=np.sqrt(sigma_sq))),
    "maxwell": (ml.maxwell(POSITIVE), POSITIVE, lambda sigma_sq: stats.maxwell(scale=np.sqrt(sigma_sq))),
    "half normal": (ml.half_normal(POSITIVE), POSITIVE, lambda sigma_sq: stats.halfnorm(scale=np.sqrt(sigma_sq))),
    "nakagami": (ml.nakagami_spread(POSITIVE), POSITIVE, lambda w: stats.nakagami(0.8, scale=np.sqrt(w))),
    "levy": (ml.levy(POSITIVE), POSITIVE, lambda c: stats.levy(scale=c)),
    "power": (ml.power(UNIT), UNIT, lambda a: stats.powerlaw(a)),
    "pareto": (ml.pareto_exponent(POSITIVE, 0.05), POSITIVE, lambda a: stats.pareto(a, scale=0.05)),
    "gumbel": (ml.gumbel_location(REAL, 1.3), REAL, lambda mu: stats.gumbel_r(mu, 1.3)),
    "normal about": (ml.normal_variance_about(REAL, 0.2), REAL, lambda sigma_sq: stats.norm(0.2, np.sqrt(sigma_sq))),
    "normal mean": (ml.normal_mean(REAL), REAL, lambda mu: stats.norm(mu, 1.1)),
    "normal variance": (ml.normal_variance(REAL), REAL, lambda sigma_sq: stats.norm(REAL.mean(), np.sqrt(sigma_sq))),
    "log-normal mean": (
        ml.log_normal_mean(POSITIVE),
        POSITIVE,
        lambda mu: stats.lognorm(1.0, scale=np.exp(mu)),
    ),
    "log-normal variance": (
        ml.log_normal_variance(POSITIVE),
        POSITIVE,
        lambda sigma_sq: stats.lognorm(np.sqrt(sigma_sq), scale=np.exp(np.log(POSITIVE).mean())),
    ),
    "inverse gaussian mean": (
        ml.inverse_gaussian_mean(POSITIVE),
        POSITIVE,
        lambda mu: stats.invgauss(mu / 2.0, scale=2.0),
    ),
    "inverse gaussian shape": (
        ml.inverse_gaussian_shape(POSITIVE),
        POSITIVE,
        lambda lam: stats.invgauss(POSITIVE.mean() / lam, scale=lam),
    ),
    "laplace location": (ml.laplace_location(REAL), REAL, lambda mu: stats.laplace(mu, 1.0)),
    "laplace scale": (ml.laplace_scale(REAL, 0.2), REAL, lambda b: stats.laplace(0.2, b)),
    "shifted exponential": (
        ml.shifted_exponential_rate(POSITIVE),
        POSITIVE,
        lambda rate: stats.expon(POSITIVE.min(), 1 / rate),
    ),
    "generalised normal": (
        ml.generalised_normal_scale(REAL, 0.2, 1.4),
        REAL,
        lambda a: stats.gennorm(1.4, loc=0.2, scale=a),
    ),
}


def log_likelihood(law, x):
    return np.sum(law.logpmf(x) if hasattr(law.dist, "logpmf") else law.logpdf(x))


@pytest.mark.parametrize("name", CLOSED)
def test_no_parameter_nearby_is_better(name):
    found, x, law = CLOSED[name]
    best = log_likelihood(law(found), x)
    for size in (0.003, 0.03, 0.1):
        assert log_likelihood(law(found * (1 + size)), x) < best
        assert log_likelihood(law(found * (1 - size)), x) < best


def test_families_that_scipy_does_not_have():
    mu, b = ml.borel(COUNTS), ml.kumaraswamy_second(UNIT, 1.8)
    borel = lambda m: np.sum(-m * COUNTS + (COUNTS - 1) * np.log(m))
    kumaraswamy = lambda v: np.sum(np.log(v) + (v - 1) * np.log(1 - UNIT**1.8))
    for factor in (0.97, 0.997, 1.003, 1.03):
        assert borel(mu * factor) < borel(mu) and kumaraswamy(b * factor) < kumaraswamy(b)


def test_at_an_edge_the_likelihood_falls_on_one_side_and_is_nothing_on_the_other():
    low, high = ml.uniform_ends(REAL)
    ranked = ml.discrete_uniform(COUNTS)
    for at, further, beyond in [
        (lambda t: stats.uniform(0, t).logpdf(POSITIVE).sum(), ml.uniform_top(POSITIVE), 1),
        (lambda t: stats.uniform(low, t - low).logpdf(REAL).sum(), high, 1),
        (lambda t: stats.uniform(t, high - t).logpdf(REAL).sum(), low, -np.sign(low)),
        (lambda t: stats.pareto(1.2, scale=t).logpdf(POSITIVE).sum(), ml.pareto_least(POSITIVE), -1),
        (lambda t: stats.expon(t, 2.0).logpdf(POSITIVE).sum(), ml.shifted_exponential_least(POSITIVE), -1),
    ]:
        assert at(further * (1 + 0.01 * beyond)) < at(further)
        assert at(further * (1 - 0.01 * beyond)) == -np.inf
    assert stats.randint(1, ranked).logpmf(COUNTS).sum() == -np.inf
    assert stats.randint(1, ranked + 2).logpmf(COUNTS).sum() < stats.randint(1, ranked + 1).logpmf(COUNTS).sum()


def test_shares_and_gaussians():
    X = RNG.multinomial(6, [0.2, 0.3, 0.5], 40)
    one_hot = np.eye(3)[RNG.integers(0, 3, 40)]
    rng = np.random.default_rng(0)
    for data, p in ((X, ml.multinomial(X)), (one_hot, ml.categorical(one_hot))):
        for _ in range(20):
            other = p * np.exp(0.05 * rng.standard_normal(3))
            assert np.sum(data * np.log(other / other.sum())) < np.sum(data * np.log(p))
    Y = RNG.standard_normal((30, 3))
    mu, Sigma = stats.multivariate_normal.fit(Y)
    np.testing.assert_allclose(ml.gaussian_mean(Y), mu, rtol=1e-12)
    np.testing.assert_allclose(ml.gaussian_covariance(Y), Sigma, rtol=1e-12)


# --- by Newton's method ------------------------------------------------------------------------------------
FITTED = {
    "gamma": (concave_newton.gamma, POSITIVE, lambda a, rate: stats.gamma(a, scale=1 / rate)),
    "weibull": (concave_newton.weibull, POSITIVE, lambda c, scale: stats.weibull_min(c, scale=scale)),
    "beta": (concave_newton.beta, UNIT, lambda a, b: stats.beta(a, b)),
    "von mises": (concave_newton.von_mises, ANGLE, lambda mu, kappa: stats.vonmises(kappa, loc=mu)),
}


@pytest.mark.parametrize("name", FITTED)
def test_newton_ends_at_the_maximum(name):
    fit, x, law = FITTED[name]
    found = np.array(fit(x))
    best = law(*found).logpdf(x).sum()
    rng = np.random.default_rng(0)
    for _ in range(40):
        other = found * np.exp(10 ** rng.uniform(-2.5, -1) * rng.standard_normal(2))
        assert law(*other).logpdf(x).sum() < best


def test_scipys_own_fits_agree():
    a, _, scale = stats.gamma.fit(POSITIVE, floc=0)
    np.testing.assert_allclose(concave_newton.gamma(POSITIVE), (a, 1 / scale), rtol=1e-7)
    kappa, mu, _ = stats.vonmises.fit(ANGLE, fscale=1)
    np.testing.assert_allclose(concave_newton.von_mises(ANGLE), (mu, kappa), rtol=1e-6)
    np.testing.assert_allclose(concave_newton.beta(UNIT), stats.beta.fit(UNIT, floc=0, fscale=1)[:2], rtol=1e-5)


def test_a_dirichlet_has_no_slope_left():
    X = np.random.default_rng(1).dirichlet([0.3, 2.0, 5.0, 40.0], 500)
    alpha = concave_newton.dirichlet(X)
    np.testing.assert_allclose(concave_newton.dirichlet_score(alpha, np.log(X).mean(axis=0)), 0, atol=1e-12)
    np.testing.assert_allclose(alpha, [0.3, 2.0, 5.0, 40.0], rtol=0.15)


@pytest.mark.parametrize("start", [1e-3, 0.5, 30.0])
def test_a_bad_start_is_mended_by_halving(start):
    seen = np.log(POSITIVE.mean()), np.log(POSITIVE).mean()
    found = concave_newton.maximum(
        lambda a: concave_newton.inside(a, concave_newton.gamma_value(a, *seen)),
        lambda a: concave_newton.gamma_score(a, *seen),
        concave_newton.gamma_hessian,
        start,
    )
    assert found.converged
    assert found.theta == pytest.approx(concave_newton.gamma(POSITIVE)[0], rel=1e-12)


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
def test_the_unit_of_the_data_does_not_matter(scale):
    for fit in (concave_newton.gamma, concave_newton.weibull):
        assert fit(scale * POSITIVE)[0] == pytest.approx(fit(POSITIVE)[0], rel=1e-9)


@pytest.mark.parametrize(
    "value, score, hessian, at",
    [
        (
            concave_newton.gamma_value,
            concave_newton.gamma_score,
            lambda a, *_: concave_newton.gamma_hessian(a),
            (1.0, 0.7),
        ),
        (concave_newton.weibull_value, concave_newton.weibull_score, concave_newton.weibull_hessian, (POSITIVE,)),
        (
            concave_newton.von_mises_value,
            concave_newton.von_mises_score,
            lambda k, *_: concave_newton.von_mises_hessian(k),
            (0.6,),
        ),
    ],
    ids=["gamma", "weibull", "von mises"],
)
def test_scores_and_hessians_are_derivatives(value, score, hessian, at):
    for theta in (0.4, 1.3, 6.0):
        h = 1e-5 * theta
        assert (value(theta + h, *at) - value(theta - h, *at)) / (2 * h) == pytest.approx(score(theta, *at), abs=1e-8)
        assert (score(theta + h, *at) - score(theta - h, *at)) / (2 * h) == pytest.approx(hessian(theta, *at), abs=1e-8)
        assert hessian(theta, *at) < 0
