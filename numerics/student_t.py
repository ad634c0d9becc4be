"""Student's t fitted by EM: a normal law whose precision is drawn for each point, so that far points weigh little.

x_i is N(mu, sigma_sq / u_i) with u_i ~ Gamma(nu / 2, nu / 2). In space sigma_sq is a matrix Sigma, in a regression
mu is X w.
A step for the degrees of freedom nu is one equation in one unknown, whose left side falls.
Source: Lange, Little and Taylor (1989); Liu and Rubin (1995).
"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import digamma, gammaln, polygamma

from numerics import em

MOST = 1e6
"""Degrees of freedom from which on a t is a Gaussian for all purposes; the likelihood may rise up to infinity."""


class Student(NamedTuple):
    """Location mu, scale sigma_sq > 0, degrees of freedom nu > 0."""

    mu: float
    sigma_sq: float
    nu: float


# --- the E step ----------------------------------------------------------------------------------------
def precisions(x, mu, sigma_sq, nu):
    """u_i = E[u | x_i] = (nu + 1) / (nu + (x_i - mu)^2 / sigma_sq).    x (N,), mu, sigma_sq > 0, nu > 0  ->  u (N,)"""
    return (nu + 1) / (nu + (x - mu) ** 2 / sigma_sq)


def log_precisions(x, mu, sigma_sq, nu):
    """E[log u | x_i] = digamma((nu + 1)/2) - log((nu + (x_i - mu)^2 / sigma_sq)/2).

    x (N,), mu, sigma_sq > 0, nu > 0  ->  (N,)
    """
    return digamma((nu + 1) / 2) - np.log((nu + (x - mu) ** 2 / sigma_sq) / 2)


def distances(X, mu, Sigma):
    """(x_i - mu)' Sigma^-1 (x_i - mu).    X (N, d), mu (d,), Sigma (d, d) positive definite  ->  (N,)"""
    away = X - mu
    return np.sum(away * np.linalg.solve(Sigma, away.T).T, axis=1)


def precisions_in_space(X, mu, Sigma, nu):
    """u_i = (nu + d) / (nu + (x_i - mu)' Sigma^-1 (x_i - mu)).    X (N, d), mu (d,), Sigma (d, d), nu  ->  (N,)"""
    return (nu + X.shape[1]) / (nu + distances(X, mu, Sigma))


def precisions_of_regression(X, y, w, sigma_sq, nu):
    """u_i = (nu + 1) / (nu + (y_i - x_i'w)^2 / sigma_sq).    X (N, p), y (N,), w (p,), sigma_sq > 0, nu  ->  (N,)"""
    return precisions(y, X @ w, sigma_sq, nu)


# --- the M step ----------------------------------------------------------------------------------------
def location(x, u):
    """mu = sum_i u_i x_i / sum_i u_i.    x (N,), u (N,) > 0  ->  ()"""
    return u @ x / np.sum(u)


def scale(x, u, mu):
    """sigma_sq = sum_i u_i (x_i - mu)^2 / N.    x (N,), u (N,), mu  ->  ()"""
    return np.mean(u * (x - mu) ** 2)


def location_in_space(X, u):
    """mu = sum_i u_i x_i / sum_i u_i.    X (N, d), u (N,) > 0  ->  (d,)"""
    return u @ X / np.sum(u)


def scale_in_space(X, u, mu):
    """Sigma = sum_i u_i (x_i - mu)(x_i - mu)' / N.    X (N, d), u (N,), mu (d,)  ->  (d, d)"""
    away = X - mu
    return (u[:, None] * away).T @ away / len(X)


def coefficients(X, y, u):
    """w = (sum_i u_i x_i x_i')^-1 sum_i u_i y_i x_i.    X (N, p) of full column rank, y (N,), u (N,) > 0  ->  (p,)"""
    weighted = u[:, None] * X
    return np.linalg.solve(weighted.T @ X, weighted.T @ y)


def freedom_score(nu, u, log_u):
    """The slope of Q in nu, N/2 (1 + log(nu/2) - digamma(nu/2)) + sum_i (E[log u]_i - u_i) / 2.    u, log_u (N,)"""
    return len(u) / 2 * (1 + np.log(nu / 2) - digamma(nu / 2)) + np.sum(log_u - u) / 2


def freedom_bend(nu, N):
    """Its slope for N points, N (1 / (2 nu) - trigamma(nu/2) / 4) < 0.    nu > 0, N  ->  ()"""
    return N * (1 / (2 * nu) - polygamma(1, nu / 2) / 4)


def freedom(u, log_u):
    """nu at which the score vanishes, and `MOST` where it is positive up to there.    u (N,), log_u (N,)  ->  ()"""
    if freedom_score(MOST, u, log_u) >= 0:
        return MOST
    return np.exp(brentq(lambda log_nu: freedom_score(np.exp(log_nu), u, log_u), np.log(1e-8), np.log(MOST)))


# --- the fit -------------------------------------------------------------------------------------------
def log_density(x, mu, sigma_sq, nu):
    """log t(x_i | mu, sigma_sq, nu), sigma_sq the square of the scale.    x (N,), mu, sigma_sq > 0, nu > 0  ->  (N,)"""
    constant = gammaln((nu + 1) / 2) - gammaln(nu / 2) - np.log(nu * np.pi * sigma_sq) / 2
    return constant - (nu + 1) / 2 * np.log1p((x - mu) ** 2 / (nu * sigma_sq))


def step(x, theta, learn=True):
    """One cycle of ECM: location, scale, degrees of freedom (with learn=False they stay).    x (N,)  ->  Student"""
    u = precisions(x, *theta)
    mu = location(x, u)
    nu = freedom(u, log_precisions(x, *theta)) if learn else theta.nu
    return Student(mu, scale(x, u, mu), nu)


def fit(x, nu=None):
    """EM from the median and the spread around it.    x (N,) of two different values or more  ->  em.Fit, a Student

    nu > 0 keeps the degrees of freedom there; without it they are learnt, from 10.
    """
    middle = np.median(x)
    start = Student(middle, np.mean((x - middle) ** 2), 10.0 if nu is None else nu)
    return em.climb(
        lambda theta: (None, np.sum(log_density(x, *theta))),
        lambda _, theta: step(x, theta, learn=nu is None),
        start,
        tolerance=1e-13,
    )


def regress(X, y, nu, steps=200):
    """A line that far points do not move: weighted least squares, again and again.    X (N, p), y (N,)  ->  (p,), ()"""
    u = np.ones(len(y))
    for _ in range(steps):
        w = coefficients(X, y, u)
        sigma_sq = scale(y, u, X @ w)
        u = precisions_of_regression(X, y, w, sigma_sq, nu)
    return w, sigma_sq
