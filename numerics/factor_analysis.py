"""Factor analysis: many coordinates that follow a few hidden factors, each with its own noise.

z ~ N(0, I), x | z ~ N(W z + mu, diag(psi)), so that x ~ N(mu, W W' + diag(psi)). Rotating W changes nothing.
Source: Rubin and Thayer (1982); Bishop, PRML (2006), sec. 12.2.4.
"""

from typing import NamedTuple

import numpy as np

from numerics import em


class Factors(NamedTuple):
    """Loadings W (d, q), mean mu (d,), noise psi (d,)."""

    W: np.ndarray
    mu: np.ndarray
    psi: np.ndarray


# --- the E step ----------------------------------------------------------------------------------------
def posterior_covariance(W, psi):
    """G = (I + W' diag(psi)^-1 W)^-1 = Cov[z | x], the same for all x.    W (d, q), psi (d,) > 0  ->  (q, q)"""
    return np.linalg.inv(np.eye(W.shape[1]) + W.T @ (W / psi[:, None]))


def posterior_means(X, W, mu, psi):
    """z_i = G W' diag(psi)^-1 (x_i - mu) = E[z | x_i].    X (N, d), W (d, q), mu (d,), psi (d,)  ->  (N, q)

    Source: Bishop, eq. 12.66.
    """
    return (X - mu) @ (W / psi[:, None]) @ posterior_covariance(W, psi)


def second_moment(Z, G):
    """sum_i E[z z' | x_i] = N G + Z'Z.    Z (N, q), G (q, q)  ->  (q, q)"""
    return len(Z) * G + Z.T @ Z


# --- the M step, with mu the mean of the points ----------------------------------------------------------
def loadings(X, mu, Z, G):
    """W = (sum_i (x_i - mu) z_i') (sum_i E[z z'])^-1.    X (N, d), mu (d,), Z (N, q), G (q, q)  ->  (d, q)

    Source: Bishop, eq. 12.69.
    """
    return np.linalg.solve(second_moment(Z, G), Z.T @ (X - mu)).T


def noise(X, mu, Z, W):
    """psi_j = (sum_i (x_ij - mu_j)^2 - sum_i (W z_i)_j (x_ij - mu_j)) / N at W = loadings(X, mu, Z, G).    ->  (d,)

    X (N, d), mu (d,), Z (N, q), W (d, q).  Source: Bishop, eq. 12.70.
    """
    away = X - mu
    return np.sum(away * away - (Z @ W.T) * away, axis=0) / len(X)


def noise_at_loadings(X, mu, Z, G):
    """psi of the M step, the loadings of the same step put in.    X (N, d), mu (d,), Z (N, q), G (q, q)  ->  (d,)"""
    return noise(X, mu, Z, loadings(X, mu, Z, G))


# --- the likelihood ----------------------------------------------------------------------------------------
def covariance(W, psi):
    """C = W W' + diag(psi).    W (d, q), psi (d,)  ->  (d, d)"""
    return W @ W.T + np.diag(psi)


def log_likelihood(X, W, mu, psi):
    """-(N (d log 2 pi + log |C|) + sum_i (x_i - mu)' C^-1 (x_i - mu)) / 2 with C = W W' + diag(psi).    ->  ()

    X (N, d), W (d, q), mu (d,), psi (d,). Only q by q matrices are factored: log |C| = sum log psi - log |G|, and
    x'C^-1 x = x' diag(psi)^-1 x - z' G^-1 z.
    """
    N, d = X.shape
    G, Z, away = posterior_covariance(W, psi), posterior_means(X, W, mu, psi), X - mu
    log_det = np.sum(np.log(psi)) - np.linalg.slogdet(G)[1]
    quadratic = np.sum(away * away / psi) - np.sum(Z * np.linalg.solve(G, Z.T).T)
    return -(N * (d * np.log(2 * np.pi) + log_det) + quadratic) / 2


# --- the fit -------------------------------------------------------------------------------------------------
def start(X, q):
    """The q leading directions of the points, and half of each variance as noise.    X (N, d), q <= d  ->  Factors"""
    mu = np.mean(X, axis=0)
    values, vectors = np.linalg.eigh(np.atleast_2d(np.cov(X.T, bias=True)))
    psi = np.var(X, axis=0) / 2
    return Factors(vectors[:, ::-1][:, :q] * np.sqrt(np.maximum(values[::-1][:q] / 2, psi.min())), mu, psi)


def fit(X, q, steps=5000, tolerance=1e-11):
    """EM from the leading directions.    X (N, d) with no constant coordinate, q <= d  ->  em.Fit with Factors

    A coordinate that the factors explain wholly (Heywood's case) takes its psi to 0, slowly, and the likelihood may
    rise without bound.
    """

    def expect(theta):
        return posterior_means(X, *theta), log_likelihood(X, *theta)

    def maximise(Z, theta):
        W = loadings(X, theta.mu, Z, posterior_covariance(theta.W, theta.psi))
        return Factors(W, theta.mu, noise(X, theta.mu, Z, W))

    return em.climb(expect, maximise, start(X, q), steps, tolerance)


def sample(rng, N, W, mu, psi):
    """N points and the factors they come from.    W (d, q), mu (d,), psi (d,)  ->  X (N, d), Z (N, q)"""
    Z = rng.standard_normal((N, W.shape[1]))
    return mu + Z @ W.T + np.sqrt(psi) * rng.standard_normal((N, len(mu))), Z
