"""Mixtures of other families than the Gaussian: in each the M step is the weighted maximum of likelihood.

With responsibilities r (N, K), n_k = sum_i r_ik, a mean under component k is written <f>_k = sum_i r_ik f(x_i) / n_k.
A family is its log-density, x_i under component k, and its M step; `fit` climbs with any of them.
Source: Bishop, PRML (2006), sec. 9.3; McLachlan and Peel, Finite Mixture Models (2000).
"""

from typing import NamedTuple

import numpy as np
from scipy.special import gammaln, xlog1py, xlogy

from numerics import em


def mean(f, r):
    """<f>_k = sum_i r_ik f_i / n_k, n_k > 0.    f (N,), r (N, K)  ->  (K,);  f (N, d)  ->  (K, d)"""
    n = np.sum(r, axis=0)
    return r.T @ f / (n if np.ndim(f) == 1 else n[:, None])


# --- M steps: counts and labels ----------------------------------------------------------------------
def poisson(x, r):
    """lam_k = <x>_k.    x (N,) of 0, 1, 2, ..., r (N, K)  ->  lam (K,)"""
    return mean(x, r)


def geometric(x, r):
    """p_k = 1 / <x>_k.    x (N,) of 1, 2, ..., the trials up to a success, r (N, K)  ->  p (K,)"""
    return 1 / mean(x, r)


def bernoulli(X, r):
    """p_kj = <x_j>_k.    X (N, d) of 0 and 1, r (N, K)  ->  p (K, d).  Source: Bishop, eq. 9.59."""
    return mean(X, r)


def categorical(X, r):
    """p_kv = sum_i r_ik x_iv / sum_iu r_ik x_iu.    X (N, V), one-hot rows or counts, r (N, K)  ->  p (K, V)"""
    counts = r.T @ X
    return counts / np.sum(counts, axis=1)[:, None]


def binomial(x, r, trials):
    """p_k = <x>_k / trials.    x (N,) of 0..trials, r (N, K)  ->  p (K,)"""
    return mean(x, r) / trials


def negative_binomial(x, r, size):
    """p_k = size / (size + <x>_k).    x (N,) failures before `size` successes, r (N, K)  ->  p (K,)"""
    return size / (size + mean(x, r))


# --- M steps: positive numbers -----------------------------------------------------------------------
def exponential(x, r):
    """rate_k = 1 / <x>_k.    x (N,) > 0, r (N, K)  ->  rate (K,)"""
    return 1 / mean(x, r)


def gamma(x, r, shape):
    """rate_k = shape / <x>_k.    x (N,) > 0, r (N, K), shape > 0 known  ->  rate (K,)"""
    return shape / mean(x, r)


def weibull(x, r, shape):
    """scale_k = <x^shape>_k^(1 / shape).    x (N,) > 0, r (N, K), shape > 0 known  ->  scale (K,)"""
    return mean(x**shape, r) ** (1 / shape)


def rayleigh(x, r):
    """sigma_sq_k = <x^2>_k / 2.    x (N,) > 0, r (N, K)  ->  sigma_sq (K,)"""
    return mean(x * x, r) / 2


def pareto(x, r, least):
    """alpha_k = 1 / <log(x / least)>_k.    x (N,) > least > 0 known, r (N, K)  ->  alpha (K,)"""
    return 1 / mean(np.log(x / least), r)


def inverse_gaussian_mean(x, r):
    """mu_k = <x>_k.    x (N,) > 0, r (N, K)  ->  mu (K,)"""
    return mean(x, r)


def inverse_gaussian_shape(x, r):
    """lam_k = 1 / (<1/x>_k - 1/<x>_k).    x (N,) > 0, not all equal, r (N, K)  ->  lam (K,)"""
    return 1 / (mean(1 / x, r) - 1 / mean(x, r))


# --- M steps: numbers ----------------------------------------------------------------------------------
def normal_mean(x, r):
    """mu_k = <x>_k.    x (N,), r (N, K)  ->  mu (K,)"""
    return mean(x, r)


def normal_variance(x, r, mu):
    """sigma_sq_k = <(x - mu_k)^2>_k.    x (N,), r (N, K), mu (K,)  ->  sigma_sq (K,)"""
    return np.sum(r * (x[:, None] - mu) ** 2, axis=0) / np.sum(r, axis=0)


def log_normal_mean(x, r):
    """mu_k = <log x>_k.    x (N,) > 0, r (N, K)  ->  mu (K,)"""
    return mean(np.log(x), r)


def log_normal_variance(x, r, mu):
    """sigma_sq_k = <(log x - mu_k)^2>_k.    x (N,) > 0, r (N, K), mu (K,)  ->  sigma_sq (K,)"""
    return normal_variance(np.log(x), r, mu)


def weighted_median(x, r):
    """The least x_i up to which half the weight lies, for each column of weights.    x (N,), r (N, K)  ->  (K,)"""
    order = np.argsort(x)
    passed = np.cumsum(r[order], axis=0)
    return x[order][np.argmax(2 * passed >= passed[-1], axis=0)]


def laplace_location(x, r):
    """mu_k = the median of x weighted by r_k, a minimiser of sum_i r_ik |x_i - mu|.    x (N,), r (N, K)  ->  mu (K,)"""
    return weighted_median(x, r)


def laplace_scale(x, r, mu):
    """b_k = <|x - mu_k|>_k.    x (N,), r (N, K), mu (K,)  ->  b (K,)"""
    return np.sum(r * np.abs(x[:, None] - mu), axis=0) / np.sum(r, axis=0)


# --- log-densities -----------------------------------------------------------------------------------
def log_poisson(x, lam):
    """x log lam - lam - log x!.    x (N,), lam (K,)  ->  (N, K)"""
    return xlogy(x[:, None], lam) - lam - gammaln(x + 1)[:, None]


def log_geometric(x, p):
    """(x - 1) log(1 - p) + log p.    x (N,) of 1, 2, ..., p (K,)  ->  (N, K)"""
    return xlog1py(x[:, None] - 1, -p) + np.log(p)


def log_bernoulli(X, p):
    """sum_j x_j log p_j + (1 - x_j) log(1 - p_j).    X (N, d), p (K, d)  ->  (N, K)"""
    return np.sum(xlogy(X[:, None, :], p) + xlog1py(1 - X[:, None, :], -p), axis=2)


def log_categorical(X, p):
    """sum_v x_v log p_v: for counts the multinomial but for its coefficient.    X (N, V), p (K, V)  ->  (N, K)"""
    return np.sum(xlogy(X[:, None, :], p), axis=2)


def log_binomial(x, p, trials):
    """log (trials over x) + x log p + (trials - x) log(1 - p).    x (N,), p (K,)  ->  (N, K)"""
    ways = gammaln(trials + 1) - gammaln(x + 1) - gammaln(trials - x + 1)
    return ways[:, None] + xlogy(x[:, None], p) + xlog1py(trials - x[:, None], -p)


def log_negative_binomial(x, p, size):
    """log (x + size - 1 over x) + size log p + x log(1 - p).    x (N,), p (K,)  ->  (N, K)"""
    ways = gammaln(x + size) - gammaln(x + 1) - gammaln(size)
    return ways[:, None] + size * np.log(p) + xlog1py(x[:, None], -p)


def log_exponential(x, rate):
    """log rate - rate x.    x (N,), rate (K,)  ->  (N, K)"""
    return np.log(rate) - rate * x[:, None]


def log_gamma(x, rate, shape):
    """shape log rate + (shape - 1) log x - rate x - log Gamma(shape).    x (N,), rate (K,)  ->  (N, K)"""
    return shape * np.log(rate) + (shape - 1) * np.log(x)[:, None] - rate * x[:, None] - gammaln(shape)


def log_weibull(x, scale, shape):
    """log(shape / scale) + (shape - 1) log(x / scale) - (x / scale)^shape.    x (N,), scale (K,)  ->  (N, K)"""
    z = x[:, None] / scale
    return np.log(shape / scale) + (shape - 1) * np.log(z) - z**shape


def log_rayleigh(x, sigma_sq):
    """log x - log sigma_sq - x^2 / (2 sigma_sq).    x (N,), sigma_sq (K,)  ->  (N, K)"""
    return np.log(x)[:, None] - np.log(sigma_sq) - x[:, None] ** 2 / (2 * sigma_sq)


def log_pareto(x, alpha, least):
    """log alpha + alpha log least - (alpha + 1) log x.    x (N,) >= least, alpha (K,)  ->  (N, K)"""
    return np.log(alpha) + alpha * np.log(least) - (alpha + 1) * np.log(x)[:, None]


def log_inverse_gaussian(x, mu, lam):
    """log(lam / (2 pi x^3)) / 2 - lam (x - mu)^2 / (2 mu^2 x).    x (N,) > 0, mu (K,), lam (K,)  ->  (N, K)"""
    x = x[:, None]
    return np.log(lam / (2 * np.pi * x**3)) / 2 - lam * (x - mu) ** 2 / (2 * mu**2 * x)


def log_normal_density(x, mu, sigma_sq):
    """-log(2 pi sigma_sq) / 2 - (x - mu)^2 / (2 sigma_sq).    x (N,), mu (K,), sigma_sq (K,)  ->  (N, K)"""
    return -np.log(2 * np.pi * sigma_sq) / 2 - (x[:, None] - mu) ** 2 / (2 * sigma_sq)


def log_log_normal(x, mu, sigma_sq):
    """The normal log-density of log x, less log x.    x (N,) > 0, mu (K,), sigma_sq (K,)  ->  (N, K)"""
    return log_normal_density(np.log(x), mu, sigma_sq) - np.log(x)[:, None]


def log_laplace(x, mu, b):
    """-log(2 b) - |x - mu| / b.    x (N,), mu (K,), b (K,)  ->  (N, K)"""
    return -np.log(2 * b) - np.abs(x[:, None] - mu) / b


# --- families, and the fit of any ----------------------------------------------------------------------
class Family(NamedTuple):
    """log_density(x, *theta) -> (N, K) and step(x, r) -> theta, a tuple of arrays with an axis of components first."""

    log_density: object
    step: object


def one_parameter(log_density, step, *known):
    """The family of one parameter a component, the known ones last.    ->  Family"""
    return Family(lambda x, theta: log_density(x, theta, *known), lambda x, r: (step(x, r, *known),))


def two_parameters(log_density, first, second):
    """A family whose second parameter is found after the first.    ->  Family"""
    return Family(log_density, lambda x, r: (mu := first(x, r), second(x, r, mu)))


POISSON = one_parameter(log_poisson, poisson)
GEOMETRIC = one_parameter(log_geometric, geometric)
BERNOULLI = one_parameter(log_bernoulli, bernoulli)
CATEGORICAL = one_parameter(log_categorical, categorical)
EXPONENTIAL = one_parameter(log_exponential, exponential)
RAYLEIGH = one_parameter(log_rayleigh, rayleigh)
NORMAL = two_parameters(log_normal_density, normal_mean, normal_variance)
LOG_NORMAL = two_parameters(log_log_normal, log_normal_mean, log_normal_variance)
LAPLACE = two_parameters(log_laplace, laplace_location, laplace_scale)
INVERSE_GAUSSIAN = Family(
    log_inverse_gaussian, lambda x, r: (inverse_gaussian_mean(x, r), inverse_gaussian_shape(x, r))
)


def expect(x, family, pi, theta):
    """The E step.    x (N,) or (N, d), pi (K,), theta the family's parameters  ->  r (N, K), log-likelihood"""
    joint = np.log(pi) + family.log_density(x, *theta)
    return em.posterior(joint), np.sum(em.log_evidence(joint))


def fit(x, family, K, restarts=10, seed=0):
    """The best of `restarts` runs of EM from k-means.    x (N,) or (N, d)  ->  em.Fit with (pi, theta)

    A start leaves no component empty, and one that empties later ends the run: its parameters are no longer numbers.
    """
    rng = np.random.default_rng(seed)

    def maximise(r, _):
        return em.weights(r), family.step(x, r)

    # where the objective is no number, the run ends
    with np.errstate(divide="ignore", invalid="ignore"):
        return em.best(
            em.climb(lambda p: expect(x, family, *p), maximise, maximise(em.start(x, K, rng), None))
            for _ in range(restarts)
        )
