"""Maximum likelihood where no closed form exists: Newton's method on a concave log-likelihood, safeguarded.

Gamma, beta, Weibull, Dirichlet, von Mises: once what has a closed form is put in, a concave function of one or a few
numbers is left. All log-likelihoods here are a point's, the mean over the data.
Source: Boyd and Vandenberghe, Convex Optimization (2004), sec. 9.5; Minka, Estimating a Dirichlet distribution (2000).
"""

from typing import NamedTuple

import numpy as np
from scipy.special import digamma, gammaln, i0e, i1e, polygamma


class Maximum(NamedTuple):
    """Where it is, the value there, and whether Newton's decrement came down to rounding."""

    theta: np.ndarray
    value: float
    converged: bool


def ascent(value, theta, step, slope, halvings=60):
    """The longest of step, step/2, step/4, ... that raises the value by a quarter of what the slope promises.

    Outside of its domain the value is nan or -inf, and such a step is halved too. A step whose promise is below
    rounding is taken whole.
    """
    before = value(theta)
    if slope <= np.finfo(float).eps * (1 + abs(before)):
        return step
    for _ in range(halvings):
        if value(theta + step) >= before + slope / 4:
            return step
        step, slope = step / 2, slope / 2
    return 0 * step


def maximum(value, score, hessian, theta, steps=100):
    """theta - H^-1 g, halved until the value rises, up to where the decrement g'(-H^-1)g is rounding.    ->  Maximum

    theta () or (p,) inside the domain, value(theta) -> (), score like theta, hessian () or (p, p), negative definite.
    """
    theta = np.asarray(theta, dtype=float)
    for _ in range(steps):
        g, H = np.atleast_1d(score(theta)), np.atleast_2d(hessian(theta))
        whole = np.linalg.solve(-H, g).reshape(theta.shape)
        slope = np.sum(g * whole)
        with np.errstate(invalid="ignore", divide="ignore"):
            theta = theta + ascent(value, theta, whole, slope)
        if slope <= np.finfo(float).eps * (1 + abs(value(theta))):
            return Maximum(theta, value(theta), True)
    return Maximum(theta, value(theta), False)


def inside(theta, value):
    """The value where all of theta is positive, -inf elsewhere."""
    return value if np.all(theta > 0) else -np.inf


# --- gamma -----------------------------------------------------------------------------------------------
def gamma_value(a, log_mean, mean_log):
    """a log a - a log mean(x) + (a - 1) mean(log x) - a - log Gamma(a): the rate a / mean(x) is put in.    a > 0"""
    return a * np.log(a) - a * log_mean + (a - 1) * mean_log - a - gammaln(a)


def gamma_score(a, log_mean, mean_log):
    """log a - digamma(a) - (log mean(x) - mean(log x)).    a > 0"""
    return np.log(a) - digamma(a) - (log_mean - mean_log)


def gamma_hessian(a):
    """1/a - trigamma(a) < 0.    a > 0"""
    return 1 / a - polygamma(1, a)


def gamma_score_of(shape, x):
    """The slope of the mean log-likelihood in the shape, the rate put in.    shape > 0, x (N,) > 0"""
    return gamma_score(shape, np.log(np.mean(x)), np.mean(np.log(x)))


def gamma(x):
    """Shape and rate of a gamma distribution.    x (N,) > 0, not all equal  ->  shape, rate"""
    seen = np.log(np.mean(x)), np.mean(np.log(x))
    a = maximum(
        lambda a: inside(a, gamma_value(a, *seen)),
        lambda a: gamma_score(a, *seen),
        gamma_hessian,
        0.5 / (seen[0] - seen[1]),
    ).theta
    return float(a), float(a / np.mean(x))


# --- Weibull ---------------------------------------------------------------------------------------------
def weibull_value(c, x):
    """log c + (c - 1) mean(log x) - log mean(x^c) - 1: the scale mean(x^c)^(1/c) is put in.    c > 0, x (N,) > 0"""
    return np.log(c) + (c - 1) * np.mean(np.log(x)) - np.log(np.mean(x**c)) - 1


def weibull_score(c, x):
    """1/c + mean(log x) - mean(x^c log x) / mean(x^c).    c > 0, x (N,) > 0"""
    return 1 / c + np.mean(np.log(x)) - np.sum(x**c * np.log(x)) / np.sum(x**c)


def weibull_hessian(c, x):
    """-1/c^2 - the variance of log x under the weights x^c.    c > 0, x (N,) > 0"""
    weight = x**c / np.sum(x**c)
    away = np.log(x) - np.sum(weight * np.log(x))
    return -1 / c**2 - np.sum(weight * away**2)


def weibull(x):
    """Shape and scale of a Weibull distribution.    x (N,) > 0, not all equal  ->  shape, scale"""
    # the shape does not depend on the unit, and powers stay in range
    unit = x / np.exp(np.mean(np.log(x)))
    c = maximum(
        lambda c: inside(c, weibull_value(c, unit)),
        lambda c: weibull_score(c, unit),
        lambda c: weibull_hessian(c, unit),
        np.pi / np.sqrt(6) / np.std(np.log(x)),
    ).theta
    return float(c), float(np.mean(unit**c) ** (1 / c) * np.exp(np.mean(np.log(x))))


# --- Dirichlet, and beta as its case of two ----------------------------------------------------------------
def dirichlet_value(alpha, mean_log):
    """log Gamma(sum alpha) - sum log Gamma(alpha_j) + sum (alpha_j - 1) mean(log x_j).    alpha (d,) > 0  ->  ()"""
    return gammaln(np.sum(alpha)) - np.sum(gammaln(alpha)) + np.sum((alpha - 1) * mean_log)


def dirichlet_score(alpha, mean_log):
    """digamma(sum alpha) - digamma(alpha_j) + mean(log x_j).    alpha (d,) > 0, mean_log (d,)  ->  (d,)"""
    return digamma(np.sum(alpha)) - digamma(alpha) + mean_log


def dirichlet_hessian(alpha):
    """trigamma(sum alpha) 1 1' - diag(trigamma(alpha)), negative definite.    alpha (d,) > 0  ->  (d, d)"""
    return polygamma(1, np.sum(alpha)) - np.diag(polygamma(1, alpha))


def dirichlet_score_of(alpha, X):
    """The slope of the mean log-likelihood.    alpha (d,) > 0, X (N, d), positive rows that sum to 1  ->  (d,)"""
    return dirichlet_score(alpha, np.mean(np.log(X), axis=0))


def beta_score(a, b, x):
    """The same for a beta distribution: (slope in a, slope in b).    a, b > 0, 0 < x (N,) < 1  ->  (2,)"""
    return dirichlet_score_of(np.array([a, b]), np.stack([x, 1 - x], axis=1))


def beta_first_score(a, b, x):
    """The slope of the mean log-likelihood in a.    a, b > 0, 0 < x (N,) < 1"""
    return beta_score(a, b, x)[0]


def dirichlet(X):
    """alpha of a Dirichlet distribution.    X (N, d), positive rows that sum to 1, not all equal  ->  alpha (d,)"""
    mean_log, m = np.mean(np.log(X), axis=0), np.mean(X, axis=0)
    precision = np.sum(m * (1 - m)) / np.sum(np.var(X, axis=0)) - 1
    return maximum(
        lambda alpha: inside(alpha, dirichlet_value(alpha, mean_log)),
        lambda alpha: dirichlet_score(alpha, mean_log),
        dirichlet_hessian,
        m * precision,
    ).theta


def beta(x):
    """a and b of a beta distribution.    0 < x (N,) < 1, not all equal  ->  a, b"""
    a, b = dirichlet(np.stack([x, 1 - x], axis=1))
    return float(a), float(b)


# --- von Mises -------------------------------------------------------------------------------------------
def bessel_ratio(kappa):
    """I_1(kappa) / I_0(kappa), the mean of cos(angle - mu)."""
    return i1e(kappa) / i0e(kappa)


def von_mises_value(kappa, length):
    """kappa length - log(2 pi I_0(kappa)): the direction is put in.    kappa > 0, 0 < length < 1"""
    return kappa * length - np.log(2 * np.pi * i0e(kappa)) - kappa


def von_mises_score(kappa, length):
    """length - I_1(kappa) / I_0(kappa).    kappa > 0, 0 < length < 1"""
    return length - bessel_ratio(kappa)


def von_mises_hessian(kappa):
    """-(1 - ratio / kappa - ratio^2) < 0, ratio = I_1 / I_0, the variance of cos(angle - mu).    kappa > 0"""
    ratio = bessel_ratio(kappa)
    return -(1 - ratio / kappa - ratio**2)


def von_mises_score_of(kappa, mu, angle):
    """The slope of the mean log-likelihood in the concentration.    kappa > 0, angle (N,) in radians"""
    return von_mises_score(kappa, np.mean(np.cos(angle - mu)))


def von_mises(angle):
    """Direction and concentration.    angle (N,) in radians, neither all equal nor in perfect balance  ->  mu, kappa

    mu is the direction of the mean of (cos, sin), kappa solves I_1 / I_0 = the length of that mean.
    Source: Mardia and Jupp, Directional Statistics (2000), sec. 5.3.1; Best and Fisher (1981) for the start.
    """
    c, s = np.mean(np.cos(angle)), np.mean(np.sin(angle))
    length = np.hypot(c, s)
    kappa = maximum(
        lambda kappa: inside(kappa, von_mises_value(kappa, length)),
        lambda kappa: von_mises_score(kappa, length),
        von_mises_hessian,
        length * (2 - length**2) / (1 - length**2),
    ).theta
    return float(np.arctan2(s, c)), float(kappa)
