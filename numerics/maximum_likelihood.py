"""Maximum likelihood in closed form: one function a family and parameter, each with the formula it computes.

x (N,) are independent draws; mean is (1/N) sum_i. Where the support itself depends on the parameter (uniform, Pareto, a
shifted exponential) the maximum lies at an edge and no derivative vanishes there.
Source: Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions (1994, 1995); Johnson, Kemp and Kotz (2005).
"""

import numpy as np


# --- counts ----------------------------------------------------------------------------------------------
def bernoulli(x):
    """p = mean x.    p^x (1 - p)^(1 - x), x in {0, 1}"""
    return np.mean(x)


def binomial(x, trials):
    """p = mean x / trials.    (trials over x) p^x (1 - p)^(trials - x), x in 0..trials"""
    return np.mean(x) / trials


def categorical(X):
    """p_v = sum_i X_iv / N.    prod_v p_v^X_v, X (N, V) one-hot  ->  p (V,)"""
    return np.sum(X, axis=0) / len(X)


def multinomial(X):
    """p_v = sum_i X_iv / sum_iu X_iu.    coefficient times prod_v p_v^X_v, X (N, V) counts  ->  p (V,)"""
    return np.sum(X, axis=0) / np.sum(X)


def poisson(x):
    """lam = mean x.    e^-lam lam^x / x!, x = 0, 1, 2, ...; mean x > 0"""
    return np.mean(x)


def geometric(x):
    """p = 1 / mean x.    (1 - p)^(x - 1) p, x = 1, 2, ..."""
    return 1 / np.mean(x)


def geometric_failures(x):
    """p = 1 / (1 + mean x).    (1 - p)^x p, x = 0, 1, ..."""
    return 1 / (1 + np.mean(x))


def negative_binomial(x, size):
    """p = size / (size + mean x).    (x + size - 1 over x) p^size (1 - p)^x, x = 0, 1, ..., size > 0 known"""
    return size / (size + np.mean(x))


def borel(x):
    """mu = 1 - 1 / mean x.    e^(-mu x) (mu x)^(x - 1) / x!, x = 1, 2, ..., 0 <= mu <= 1"""
    return 1 - 1 / np.mean(x)


def discrete_uniform(x):
    """n = max x.    1/n for x in 1..n: an edge, the likelihood falls from there"""
    return np.max(x)


# --- positive numbers --------------------------------------------------------------------------------------
def exponential(x):
    """rate = 1 / mean x.    rate e^(-rate x), x > 0"""
    return 1 / np.mean(x)


def gamma_rate(x, shape):
    """rate = shape / mean x.    rate^shape x^(shape - 1) e^(-rate x) / Gamma(shape), x > 0, shape > 0 known"""
    return shape / np.mean(x)


def inverse_gamma_scale(x, shape):
    """scale = shape / mean(1/x).    scale^shape x^(-shape - 1) e^(-scale / x) / Gamma(shape), x > 0, shape > 0 known"""
    return shape / np.mean(1 / x)


def weibull_scale(x, shape):
    """scale = (mean x^shape)^(1/shape).    shape/scale (x/scale)^(shape - 1) e^-(x/scale)^shape, x > 0, shape known"""
    return np.mean(x**shape) ** (1 / shape)


def frechet_scale(x, shape):
    """scale = (mean x^-shape)^(-1/shape).    shape/scale (x/scale)^(-1 - shape) e^-(x/scale)^-shape, x > 0"""
    return np.mean(x**-shape) ** (-1 / shape)


def rayleigh(x):
    """sigma_sq = mean x^2 / 2.    x/sigma_sq e^(-x^2 / (2 sigma_sq)), x > 0"""
    return np.mean(x * x) / 2


def maxwell(x):
    """sigma_sq = mean x^2 / 3.    sqrt(2/pi) x^2 sigma_sq^(-3/2) e^(-x^2 / (2 sigma_sq)), x > 0"""
    return np.mean(x * x) / 3


def half_normal(x):
    """sigma_sq = mean x^2.    sqrt(2 / (pi sigma_sq)) e^(-x^2 / (2 sigma_sq)), x > 0"""
    return np.mean(x * x)


def nakagami_spread(x):
    """omega = mean x^2, whatever the shape m.    2 m^m / (Gamma(m) omega^m) x^(2m - 1) e^(-m x^2 / omega), x > 0"""
    return np.mean(x * x)


def inverse_gaussian_mean(x):
    """mu = mean x.    sqrt(lam / (2 pi x^3)) e^(-lam (x - mu)^2 / (2 mu^2 x)), x > 0"""
    return np.mean(x)


def inverse_gaussian_shape(x):
    """lam = 1 / (mean(1/x) - 1 / mean x).    x > 0, not all equal; the density above"""
    return 1 / (np.mean(1 / x) - 1 / np.mean(x))


def levy(x):
    """c = 1 / mean(1/x).    sqrt(c / (2 pi)) x^(-3/2) e^(-c / (2x)), x > 0"""
    return 1 / np.mean(1 / x)


def pareto_least(x):
    """least = min x, an edge.    alpha least^alpha x^(-alpha - 1), x >= least"""
    return np.min(x)


def pareto_exponent(x, least):
    """alpha = 1 / mean log(x / least).    The density above, with `least` known or min x; not all x equal to it"""
    return 1 / np.mean(np.log(x / least))


def log_normal_mean(x):
    """mu = mean log x.    1 / (x sqrt(2 pi sigma_sq)) e^(-(log x - mu)^2 / (2 sigma_sq)), x > 0"""
    return np.mean(np.log(x))


def log_normal_variance(x):
    """sigma_sq = mean (log x - mu)^2, mu = mean log x.    The density above, not all x equal"""
    return np.var(np.log(x))


def shifted_exponential_least(x):
    """least = min x, an edge.    rate e^(-rate (x - least)), x >= least"""
    return np.min(x)


def shifted_exponential_rate(x):
    """rate = 1 / (mean x - min x).    The density above, not all x equal"""
    return 1 / (np.mean(x) - np.min(x))


# --- numbers in the unit interval or below a bound -----------------------------------------------------------
def power(x):
    """alpha = -1 / mean log x.    alpha x^(alpha - 1), 0 < x < 1"""
    return -1 / np.mean(np.log(x))


def kumaraswamy_second(x, a):
    """b = -1 / mean log(1 - x^a).    a b x^(a - 1) (1 - x^a)^(b - 1), 0 < x < 1, a > 0 known"""
    return -1 / np.mean(np.log1p(-(x**a)))


def uniform_top(x):
    """theta = max x.    1/theta on (0, theta]: an edge"""
    return np.max(x)


def uniform_bottom(x):
    """a = min x.    1/(b - a) on [a, b]: an edge"""
    return np.min(x)


def uniform_ends(x):
    """(a, b) = (min x, max x).    The density above, not all x equal: two edges"""
    return uniform_bottom(x), uniform_top(x)


# --- numbers -------------------------------------------------------------------------------------------------
def normal_mean(x):
    """mu = mean x.    e^(-(x - mu)^2 / (2 sigma_sq)) / sqrt(2 pi sigma_sq)"""
    return np.mean(x)


def normal_variance(x):
    """sigma_sq = mean (x - mean x)^2, with N and not N - 1 below.    The density above, not all x equal"""
    return np.var(x)


def normal_variance_about(x, mu):
    """sigma_sq = mean (x - mu)^2.    The density above, mu known"""
    return np.mean((x - mu) ** 2)


def laplace_location(x):
    """mu = median x, a minimiser of sum |x_i - mu|; so is all between the middle two.    e^(-|x - mu|/b) / (2b)"""
    ranked, N = np.sort(x), len(x)
    return (ranked[(N - 1) // 2] + ranked[N // 2]) / 2


def laplace_scale(x, mu):
    """b = mean |x - mu|.    The density above, mu known or the median"""
    return np.mean(np.abs(x - mu))


def gumbel_location(x, scale):
    """mu = -scale log mean e^(-x / scale).    e^(-z - e^-z) / scale, z = (x - mu) / scale, scale > 0 known"""
    least = np.min(x)
    return least - scale * np.log(np.mean(np.exp(-(x - least) / scale)))


def generalised_normal_scale(x, mu, shape):
    """a = (shape mean |x - mu|^shape)^(1/shape).    shape / (2 a Gamma(1/shape)) e^-(|x - mu|/a)^shape, shape known"""
    return (shape * np.mean(np.abs(x - mu) ** shape)) ** (1 / shape)


# --- vectors -------------------------------------------------------------------------------------------------
def gaussian_mean(X):
    """mu = sum_i x_i / N.    N(x | mu, Sigma), X (N, d)  ->  (d,)"""
    return np.sum(X, axis=0) / len(X)


def gaussian_covariance(X):
    """Sigma = sum_i (x_i - mu)(x_i - mu)' / N, mu the mean.    X (N, d), N > d  ->  (d, d)"""
    away = X - gaussian_mean(X)
    return away.T @ away / len(X)
