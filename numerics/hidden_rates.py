"""Counts and times whose rate is drawn for each from a gamma law, fitted by EM: negative binomial and Lomax laws.

u_i ~ Gamma(shape, rate), and k_i ~ Poisson(u_i) or t_i ~ Exponential(u_i). Source: Greenwood and Yule (1920).
"""

import numpy as np
from scipy.optimize import brentq
from scipy.special import digamma, gammaln

from numerics import em


def rates(k, shape, rate):
    """E[u | k_i] = (shape + k_i) / (rate + 1).    k (N,) of counts, shape > 0, rate > 0  ->  (N,)"""
    return (shape + k) / (rate + 1)


def log_rates(k, shape, rate):
    """E[log u | k_i] = digamma(shape + k_i) - log(rate + 1).    k (N,) of counts, shape > 0, rate > 0  ->  (N,)"""
    return digamma(shape + k) - np.log(rate + 1)


def rates_of_times(t, shape, rate):
    """E[u | t_i] = (shape + 1) / (rate + t_i).    t (N,) > 0, shape > 0, rate > 0  ->  (N,)"""
    return (shape + 1) / (rate + t)


def log_chances(k, a, b, size):
    """E[log p | k_i], p ~ Beta(a, b) and k_i failures before `size` successes.    k (N,), a, b, size > 0  ->  (N,)"""
    return digamma(a + size) - digamma(a + b + size + k)


def prior_rate(u, shape):
    """rate = shape / the mean of u.    u (N,) > 0, shape > 0  ->  ()"""
    return shape * len(u) / np.sum(u)


def prior_shape(u, log_u):
    """Where log(shape) - digamma(shape) = log of the mean of u - mean of log u.    u (N,) > 0, log_u (N,)  ->  ()

    Domain: the right side is positive, as Jensen's inequality makes it.
    """
    gap = np.log(np.mean(u)) - np.mean(log_u)
    return np.exp(brentq(lambda s: s - digamma(np.exp(s)) - gap, np.log(1e-6), np.log(1e8), xtol=1e-14))


def log_density(k, shape, rate):
    """log of the negative binomial probabilities, chance rate / (rate + 1).    k (N,), shape > 0, rate > 0  ->  (N,)"""
    counts = gammaln(k + shape) - gammaln(shape) - gammaln(k + 1)
    return counts + shape * np.log(rate / (rate + 1)) - k * np.log(rate + 1)


def fit(k, steps=5000):
    """The gamma law of the hidden rates.    k (N,) of counts  ->  em.Fit with (shape, rate)

    Domain: the variance of the counts is above their mean; else the likelihood rises up to an infinite shape.
    """

    def maximise(_, theta):
        u, log_u = rates(k, *theta), log_rates(k, *theta)
        shape = prior_shape(u, log_u)
        return shape, prior_rate(u, shape)

    start = 1.0, 1.0 / np.mean(k)
    return em.climb(lambda theta: (None, np.sum(log_density(k, *theta))), maximise, start, steps, tolerance=1e-13)
