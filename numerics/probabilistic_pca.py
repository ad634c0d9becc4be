"""Probabilistic principal components: factor analysis with the same noise in every coordinate.

z ~ N(0, I), x | z ~ N(W z + mu, sigma_sq I). The best W and sigma_sq are known from the covariance's eigenvectors.
Source: Tipping and Bishop (1999); Bishop, PRML (2006), sec. 12.2.
"""

from typing import NamedTuple

import numpy as np

from numerics import em, factor_analysis


class Components(NamedTuple):
    """Loadings W (d, q), mean mu (d,), noise sigma_sq."""

    W: np.ndarray
    mu: np.ndarray
    sigma_sq: float


def spectrum(X):
    """Eigenvalues, largest first, and eigenvectors of sum_i (x_i - mu)(x_i - mu)' / N.    X (N, d)  ->  (d,), (d, d)"""
    away = X - np.mean(X, axis=0)
    values, vectors = np.linalg.eigh(away.T @ away / len(X))
    return values[::-1], vectors[:, ::-1]


def closed_noise(values, q):
    """sigma_sq = the mean of the d - q smallest eigenvalues.    values (d,), largest first, q < d  ->  ()

    Source: Bishop, eq. 12.46.
    """
    return np.mean(values[q:])


def closed_loadings(values, vectors, q):
    """W = U (Lambda - sigma_sq I)^1/2, for the q largest eigenvalues.    values (d,), vectors (d, d), q < d  ->  (d, q)

    Source: Bishop, eq. 12.45 with R = I.
    """
    return vectors[:, :q] * np.sqrt(values[:q] - closed_noise(values, q))


def closed_form(X, q):
    """The maximum of likelihood.    X (N, d), q < d  ->  Components"""
    values, vectors = spectrum(X)
    return Components(closed_loadings(values, vectors, q), np.mean(X, axis=0), closed_noise(values, q))


# --- EM ------------------------------------------------------------------------------------------------
def posterior_covariance(W, sigma_sq):
    """sigma_sq M^-1 = Cov[z | x], M = W'W + sigma_sq I.    W (d, q), sigma_sq > 0  ->  (q, q).  Bishop, eq. 12.55."""
    return sigma_sq * np.linalg.inv(W.T @ W + sigma_sq * np.eye(W.shape[1]))


def posterior_means(X, W, mu, sigma_sq):
    """z_i = M^-1 W'(x_i - mu), M = W'W + sigma_sq I.    X (N, d), W (d, q), mu (d,), sigma_sq > 0  ->  (N, q)

    Source: Bishop, eq. 12.54.
    """
    return np.linalg.solve(W.T @ W + sigma_sq * np.eye(W.shape[1]), W.T @ (X - mu).T).T


def noise(X, mu, Z, G, W):
    """sigma_sq = sum_i |x_i - mu|^2 - 2 z_i'W'(x_i - mu) + tr(E[z z'] W'W), over N d.    ->  ()

    X (N, d), mu (d,), Z (N, q), G (q, q), W (d, q); G is the posterior covariance.  Source: Bishop, eq. 12.57.
    """
    away = X - mu
    explained = np.sum(factor_analysis.second_moment(Z, G) * (W.T @ W))
    return (np.sum(away * away) - 2 * np.sum((Z @ W.T) * away) + explained) / (len(X) * len(mu))


def log_likelihood(X, W, mu, sigma_sq):
    """That of factor analysis with psi = sigma_sq everywhere.    X (N, d), W (d, q), mu (d,), sigma_sq > 0  ->  ()"""
    return factor_analysis.log_likelihood(X, W, mu, np.repeat(sigma_sq, len(mu)))


def fit(X, q, seed=0, steps=5000, tolerance=1e-12):
    """EM from random loadings; `closed_form` is where it ends, up to a rotation.    X (N, d), q < d  ->  em.Fit"""
    rng = np.random.default_rng(seed)
    start = Components(rng.standard_normal((X.shape[1], q)) * np.std(X), np.mean(X, axis=0), np.var(X))

    def maximise(Z, theta):
        G = posterior_covariance(theta.W, theta.sigma_sq)
        W = factor_analysis.loadings(X, theta.mu, Z, G)
        return Components(W, theta.mu, noise(X, theta.mu, Z, G, W))

    return em.climb(lambda t: (posterior_means(X, *t), log_likelihood(X, *t)), maximise, start, steps, tolerance)
