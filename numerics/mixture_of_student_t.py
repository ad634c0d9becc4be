"""Mixtures of Student's t: Gaussians whose precision is itself drawn, so that far points weigh little.

x_i under component k is N(mu_k, Sigma_k / u) with u ~ Gamma(nu_k / 2, nu_k / 2). Both the component and u are hidden.
The bound has a part in pi, one in mu and Sigma and one in nu, each maximised by itself: a cycle of ECM is a step of EM.
One component fits a single t.
Source: Peel and McLachlan (2000), eqs. 16-25; Liu and Rubin (1995).
"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import digamma, gammaln

from numerics import em, mixture

MOST = 1e6
"""Degrees of freedom from which on a t is a Gaussian for all purposes; the likelihood may rise up to infinity."""


class Mixture(NamedTuple):
    """Weights pi (K,), locations mu (K, d), scales Sigma (K, d, d), degrees of freedom nu (K,)."""

    pi: np.ndarray
    mu: np.ndarray
    Sigma: np.ndarray
    nu: np.ndarray


# --- densities -----------------------------------------------------------------------------------------
def distances(X, mu, Sigma):
    """delta_ik = (x_i - mu_k)' Sigma_k^-1 (x_i - mu_k).    X (N, d), mu (K, d), Sigma (K, d, d)  ->  (N, K)"""
    white = np.swapaxes(np.linalg.inv(np.linalg.cholesky(Sigma)), -1, -2)
    return np.sum(((X - mu[:, None, :]) @ white) ** 2, axis=2).T


def log_student(X, mu, Sigma, nu):
    """log t(x_i | mu_k, Sigma_k, nu_k).    X (N, d), mu (K, d), Sigma (K, d, d), nu (K,) > 0  ->  (N, K)

    log Gamma((nu + d)/2) - log Gamma(nu/2) - d/2 log(nu pi) - log |Sigma| / 2 - (nu + d)/2 log(1 + delta / nu)
    """
    d = X.shape[1]
    log_det = np.linalg.slogdet(Sigma)[1]
    constant = gammaln((nu + d) / 2) - gammaln(nu / 2) - d / 2 * np.log(nu * np.pi) - log_det / 2
    return constant - (nu + d) / 2 * np.log1p(distances(X, mu, Sigma) / nu)


# --- the E step ----------------------------------------------------------------------------------------
def precisions(delta, nu, d):
    """u_ik = E[u | x_i, k] = (nu_k + d) / (nu_k + delta_ik).    delta (N, K), nu (K,), d  ->  u (N, K)"""
    return (nu + d) / (nu + delta)


def log_precisions(delta, nu, d):
    """E[log u | x_i, k] = digamma((nu_k + d)/2) - log((nu_k + delta_ik)/2).    delta (N, K), nu (K,), d  ->  (N, K)"""
    return digamma((nu + d) / 2) - np.log((nu + delta) / 2)


# --- the M step ----------------------------------------------------------------------------------------
def locations(X, r, u):
    """mu_k = sum_i r_ik u_ik x_i / sum_i r_ik u_ik.    X (N, d), r (N, K), u (N, K)  ->  mu (K, d)"""
    return mixture.means(X, r * u)


def scales(X, r, u, mu):
    """Sigma_k = sum_i r_ik u_ik (x_i - mu_k)(x_i - mu_k)' / n_k, n_k = sum_i r_ik.    ->  Sigma (K, d, d)

    X (N, d), r (N, K), u (N, K), mu (K, d)
    """
    return mixture.scatter(X, r * u, mu) / np.sum(r, axis=0)[:, None, None]


def freedom_score(nu, r, u, log_u):
    """h_k = 1 + log(nu_k/2) - digamma(nu_k/2) + sum_i r_ik (E[log u]_ik - u_ik) / n_k, which falls in nu_k.

    It is 2 / n_k times the slope of Q in nu_k.    nu (K,), r (N, K), u (N, K), log_u (N, K)  ->  (K,)
    """
    return 1 + np.log(nu / 2) - digamma(nu / 2) + np.sum(r * (log_u - u), axis=0) / np.sum(r, axis=0)


def freedom(r, u, log_u):
    """nu_k at which the score vanishes, and `MOST` where it is positive up to there.    (N, K) thrice  ->  nu (K,)"""
    found = np.full(r.shape[1], MOST)
    for k in range(r.shape[1]):
        column = r[:, [k]], u[:, [k]], log_u[:, [k]]

        def score(log_nu, column=column):
            return freedom_score(np.exp(np.array([log_nu])), *column)[0]

        if score(np.log(MOST)) < 0:
            found[k] = np.exp(brentq(score, np.log(1e-8), np.log(MOST), xtol=1e-14))
    return found


# --- on the line -----------------------------------------------------------------------------------------
def line_distances(x, mu, sigma_sq):
    """delta_ik = (x_i - mu_k)^2 / sigma_sq_k.    x (N,), mu (K,), sigma_sq (K,) > 0  ->  (N, K)"""
    return (x[:, None] - mu) ** 2 / sigma_sq


def line_locations(x, r, u):
    """mu_k = sum_i r_ik u_ik x_i / sum_i r_ik u_ik.    x (N,), r (N, K), u (N, K)  ->  mu (K,)"""
    return (r * u).T @ x / np.sum(r * u, axis=0)


def line_scales(x, r, u, mu):
    """sigma_sq_k = sum_i r_ik u_ik (x_i - mu_k)^2 / n_k.    x (N,), r (N, K), u (N, K), mu (K,)  ->  sigma_sq (K,)"""
    return np.sum(r * u * (x[:, None] - mu) ** 2, axis=0) / np.sum(r, axis=0)


# --- the fit -----------------------------------------------------------------------------------------------
def expect(X, theta):
    """The posterior of the component, and the log-likelihood.    X (N, d), theta a Mixture  ->  r (N, K), ()"""
    joint = np.log(theta.pi) + log_student(X, theta.mu, theta.Sigma, theta.nu)
    return em.posterior(joint), np.sum(em.log_evidence(joint))


def maximise(X, r, theta, learn=True):
    """One cycle of ECM: weights, locations, scales, and then the degrees of freedom.

    X (N, d), r (N, K), theta a Mixture  ->  Mixture; with learn=False nu stays.
    """
    delta, d = distances(X, theta.mu, theta.Sigma), X.shape[1]
    u = precisions(delta, theta.nu, d)
    mu = locations(X, r, u)
    nu = freedom(r, u, log_precisions(delta, theta.nu, d)) if learn else theta.nu
    return Mixture(em.weights(r), mu, scales(X, r, u, mu), nu)


def fit(X, K, nu=None, restarts=5, seed=0):
    """The best of `restarts` runs from k-means.    X (N, d), 1 <= K <= N  ->  em.Fit with a Mixture

    nu > 0 keeps the degrees of freedom there; without it each component learns its own, from 10.
    """
    rng = np.random.default_rng(seed)
    first = np.full(K, 10.0 if nu is None else nu)
    starts = (Mixture(*mixture.start(X, K, rng), first) for _ in range(restarts))
    return em.best(
        em.climb(lambda t: expect(X, t), lambda r, t: maximise(X, r, t, learn=nu is None), start) for start in starts
    )


def sample(rng, N, pi, mu, Sigma, nu):
    """N points and the components they come from.    ->  X (N, d), labels (N,)"""
    X, labels = mixture.sample(rng, N, pi, np.zeros_like(mu), Sigma)
    u = rng.gamma(nu[labels] / 2, 2 / nu[labels])
    return mu[labels] + X / np.sqrt(u)[:, None], labels
