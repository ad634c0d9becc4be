"""Every sampler against the mean and the variance that its family claims, and against the density itself."""

import numpy as np
import pytest
from scipy import stats

import chainrule as cr
from chainrule import distributions as families
from chainrule.code import numpy_function
from chainrule.distributions import Distribution, Family
from chainrule.errors import NotationError

N = 40_000
SIGMA = np.array([[2.0, 0.3], [0.3, 0.5]])
SHARES = np.array([0.2, 0.5, 0.3])
AT = {
    "Bernoulli": (0.3,), "Beta": (2.5, 1.5), "Binomial": (7, 0.3), "Categorical": (SHARES,),
    "Dirichlet": (np.array([2.0, 0.7, 3.0]),), "Exponential": (2.5,), "Gamma": (2.5, 1.7),
    "Gaussian": (np.array([1.0, -2.0]), SIGMA), "Geometric": (0.3,), "InverseGamma": (6.5, 3.0),
    "InverseGaussian": (1.5, 4.0), "Laplace": (-1.0, 0.7), "LogNormal": (0.3, 0.2), "Multinomial": (9, SHARES),
    "MultivariateT": (9.0, np.array([1.0, -2.0]), SIGMA), "NegativeBinomial": (3.5, 0.4), "Normal": (-1.0, 2.5),
    "Pareto": (7.0, 1.5), "Poisson": (3.2,), "Rayleigh": (2.5,), "StudentT": (9.0, -1.0, 2.0),
    "Uniform": (-1.0, 2.5), "VonMises": (0.5, 2.0), "Weibull": (1.7, 2.2),
}  # fmt: skip
"""Parameters for which mean, variance and the variance of the variance exist."""
FAMILIES = {name: f for name, f in vars(families).items() if isinstance(f, Family)}
OURS = {
    "Bernoulli": stats.bernoulli(0.3), "Beta": stats.beta(2.5, 1.5), "Binomial": stats.binom(7, 0.3),
    "Exponential": stats.expon(scale=1 / 2.5), "Gamma": stats.gamma(2.5, scale=1 / 1.7),
    "Geometric": stats.geom(0.3), "InverseGamma": stats.invgamma(6.5, scale=3.0),
    "InverseGaussian": stats.invgauss(1.5 / 4.0, scale=4.0), "Laplace": stats.laplace(-1.0, 0.7),
    "LogNormal": stats.lognorm(0.2**0.5, scale=np.exp(0.3)), "NegativeBinomial": stats.nbinom(3.5, 0.4),
    "Normal": stats.norm(-1.0, 2.5**0.5), "Pareto": stats.pareto(7.0, scale=1.5), "Poisson": stats.poisson(3.2),
    "Rayleigh": stats.rayleigh(scale=2.5**0.5), "StudentT": stats.t(9.0, -1.0, 2.0**0.5),
    "Uniform": stats.uniform(-1.0, 3.5), "VonMises": stats.vonmises(2.0, 0.5),
    "Weibull": stats.weibull_min(1.7, scale=2.2 ** (1 / 1.7)), "Dirichlet": stats.dirichlet(np.array([2.0, 0.7, 3.0])),
    "Gaussian": stats.multivariate_normal(np.array([1.0, -2.0]), SIGMA),
    "Multinomial": stats.multinomial(9, SHARES), "Categorical": stats.multinomial(1, SHARES),
    "MultivariateT": stats.multivariate_t(np.array([1.0, -2.0]), SIGMA, 9.0),
}  # fmt: skip
"""The same laws as SciPy spells them."""


def symbols(name):
    family = FAMILIES[name]
    made = []
    for (symbol, domain), value in zip(family.domain.items(), AT[name], strict=True):
        flags = dict.fromkeys(domain.properties, True)
        made.append(cr.tensor(symbol, *np.shape(value), **flags))
    return family(*made), made


def at(formula, made, name):
    return numpy_function(formula, arguments=made)(*AT[name])


def test_every_family_is_here():
    assert set(AT) == set(OURS) == set(FAMILIES)


@pytest.mark.parametrize("name", sorted(n for n, f in FAMILIES.items() if f.mean))
def test_draws_have_the_mean_and_the_variance(name):
    law, made = symbols(name)
    draws = np.asarray(FAMILIES[name].sample(np.random.default_rng(17), *AT[name], N), dtype=float)
    mean, variance = at(law.mean, made, name), at(law.variance, made, name)
    assert draws.shape == (N, *np.shape(mean))
    spread = np.sqrt(np.diag(variance)) if np.ndim(mean) else np.sqrt(variance)
    assert np.all(np.abs(draws.mean(axis=0) - mean) <= 5 * spread / np.sqrt(N))
    away = draws - mean
    products = away[:, :, None] * away[:, None, :] if np.ndim(mean) else away**2
    assert np.all(np.abs(products.mean(axis=0) - variance) <= 6 * products.std(axis=0) / np.sqrt(N) + 1e-12)


def test_directions_have_the_mean_of_the_bessel_ratio():
    mu, kappa = AT["VonMises"]
    draws = FAMILIES["VonMises"].sample(np.random.default_rng(17), mu, kappa, N)
    k = cr.scalar("k", positive=True)
    ratio = numpy_function(cr.bessel_ratio(k))(kappa)
    assert abs(np.mean(np.cos(draws - mu)) - ratio) < 5 / np.sqrt(N)
    assert np.all(np.abs(draws) <= np.pi)


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_the_density_is_that_of_scipy(name):
    law, made = symbols(name)
    theirs = OURS[name]
    logged = theirs.logpmf if FAMILIES[name].support.counted else theirs.logpdf
    for draw in FAMILIES[name].sample(np.random.default_rng(3), *AT[name], 20):
        x = cr.tensor("outcome", *np.shape(draw), positive=True)
        found = numpy_function(law.log_density(x), arguments=[x, *made])(np.asarray(draw, dtype=float), *AT[name])
        np.testing.assert_allclose(found, logged(draw), rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("name", sorted(n for n, f in FAMILIES.items() if f.statistics))
def test_the_density_is_linear_in_the_sufficient_statistics(name):
    """log p of several draws is an affine function of the statistics: no more numbers than these decide it, once what
    holds no parameter is taken off by a second member of the family."""
    law, made = symbols(name)
    one = [np.asarray(v) for v in AT[name]]
    other = [v if (k == 0 and symbol in ("trials", "size")) or symbol == "least" else _moved(v) for k, (symbol, v) in
             enumerate(zip(FAMILIES[name].domain, one, strict=True))]  # fmt: skip
    draws = FAMILIES[name].sample(np.random.default_rng(5), *AT[name], 60)
    rows, values = [], []
    for draw in draws:
        x = cr.tensor("outcome", *np.shape(draw), positive=True)
        density = numpy_function(law.log_density(x), arguments=[x, *made])
        draw = np.asarray(draw, dtype=float)
        parts = [np.ravel(numpy_function(s, arguments=[x])(draw)) for s in law.statistics(x)]
        rows.append(np.concatenate([[1.0], *parts]))
        values.append(density(draw, *one) - density(draw, *other))
    left = np.linalg.lstsq(np.array(rows), np.array(values), rcond=None)[0]
    np.testing.assert_allclose(np.array(rows) @ left, values, rtol=1e-8, atol=1e-8)


def _moved(v):
    return v @ v + np.eye(2) if v.ndim == 2 else v[::-1].copy() if v.ndim else v * 0.8


def test_what_does_not_exist_is_said():
    k = cr.scalar("k", positive=True)
    with pytest.raises(NotationError, match="no formula for the mean of VonMises"):
        families.VonMises(0, k).mean  # noqa: B018
    with pytest.raises(NotationError, match="Laplace is no exponential family"):
        families.Laplace(0, k).statistics(k)
    assert isinstance(families.Pareto(k, k), Distribution)
    (asked,) = families.Pareto(k, k).exists("mean")
    assert str(asked.statement.of) == "k - 1"
