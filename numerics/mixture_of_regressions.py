"""Mixtures of regressions: each example follows one of K lines, or one of K logistic curves.

Source: Bishop, PRML (2006), sec. 14.5; DeSarbo and Cron (1988); Jordan and Jacobs (1994).
"""

import numpy as np
from scipy.special import expit

from numerics import em, logistic


# --- lines -------------------------------------------------------------------------------------------
def log_normal_lines(X, y, w, sigma_sq):
    """log N(y_i | x_i'w_k, sigma_sq_k).    X (N, p), y (N,), w (K, p), sigma_sq (K,) > 0  ->  (N, K)"""
    return -np.log(2 * np.pi * sigma_sq) / 2 - (y[:, None] - X @ w.T) ** 2 / (2 * sigma_sq)


def responsibilities(X, y, pi, w, sigma_sq):
    """r_ik = pi_k N(y_i | x_i'w_k, sigma_sq_k) / sum_l ...

    X (N, p), y (N,), pi (K,), w (K, p), sigma_sq (K,)  ->  r (N, K)
    """
    return em.posterior(np.log(pi) + log_normal_lines(X, y, w, sigma_sq))


def coefficients(X, y, r):
    """w_k = (X'R_k X)^-1 X'R_k y, R_k = diag(r_1k, ..., r_Nk).    X (N, p), y (N,), r (N, K)  ->  w (K, p)

    Domain: X'R_k X is invertible for each k.  Source: Bishop, eq. 14.42.
    """
    weighted = r.T[:, None, :] * X.T
    return np.linalg.solve(weighted @ X, (weighted @ y)[:, :, None])[:, :, 0]


def variances(X, y, r, w):
    """sigma_sq_k = sum_i r_ik (y_i - x_i'w_k)^2 / n_k.    X (N, p), y (N,), r (N, K), w (K, p)  ->  sigma_sq (K,)"""
    return np.sum(r * (y[:, None] - X @ w.T) ** 2, axis=0) / np.sum(r, axis=0)


def variances_at_coefficients(X, y, r):
    """sigma_sq of the M step, the coefficients of the same step put in.    X (N, p), y (N,), r (N, K)  ->  (K,)"""
    return variances(X, y, r, coefficients(X, y, r))


def fit_lines(X, y, K, restarts=20, seed=0):
    """The best of `restarts` runs of EM from random responsibilities.    ->  em.Fit with (pi, w, sigma_sq)

    X (N, p), y (N,), N > K p. A line that goes through all of its points has no upper bound: the run ends there.
    """
    rng = np.random.default_rng(seed)

    def expect(theta):
        pi, w, sigma_sq = theta
        joint = np.log(pi) + log_normal_lines(X, y, w, sigma_sq)
        return em.posterior(joint), np.sum(em.log_evidence(joint))

    def maximise(r, _):
        w = coefficients(X, y, r)
        return em.weights(r), w, variances(X, y, r, w)

    # where the objective is no number, the run ends
    with np.errstate(divide="ignore", invalid="ignore"):
        return em.best(
            em.climb(expect, maximise, maximise(rng.dirichlet(np.ones(K), len(X)), None)) for _ in range(restarts)
        )


# --- logistic curves ---------------------------------------------------------------------------------
def log_sigmoids(X, y, w):
    """log sigmoid(y_i x_i'w_k).    X (N, p), y (N,) of -1 and 1, w (K, p)  ->  (N, K)"""
    return -logistic.softplus(-y[:, None] * (X @ w.T))


def logistic_responsibilities(X, y, pi, w):
    """r_ik = pi_k sigmoid(y_i x_i'w_k) / sum_l ...    X (N, p), y (N,) of -1 and 1, pi (K,), w (K, p)  ->  r (N, K)"""
    return em.posterior(np.log(pi) + log_sigmoids(X, y, w))


def weighted_loss(X, y, r, w):
    """-sum_i r_ik log sigmoid(y_i x_i'w_k), for each k.    X (N, p), y (N,), r (N, K), w (K, p)  ->  (K,)"""
    return -np.sum(r * log_sigmoids(X, y, w), axis=0)


def weighted_gradient(X, y, r, w):
    """-X'(r_k * y * sigmoid(-y * X w_k)), for each k.    X (N, p), y (N,), r (N, K), w (K, p)  ->  (K, p)"""
    return -(r * y[:, None] * expit(-y[:, None] * (X @ w.T))).T @ X


def weighted_hessian(X, r, w):
    """X' diag(r_k * s * (1 - s)) X, s = sigmoid(X w_k), for each k.    X (N, p), r (N, K), w (K, p)  ->  (K, p, p)"""
    z = X @ w.T
    return ((r * expit(z) * expit(-z)).T[:, None, :] * X.T) @ X


def newton_step(X, y, r, w):
    """w_k - H_k^-1 g_k: one step of iteratively reweighted least squares.    ->  w (K, p)

    X (N, p), y (N,) of -1 and 1, r (N, K), w (K, p); H_k invertible.
    """
    move = np.linalg.solve(weighted_hessian(X, r, w), weighted_gradient(X, y, r, w)[:, :, None])
    return w - move[:, :, 0]


def ascent(X, y, r, w, halvings=40):
    """The Newton step, halved for each component until its loss does not rise.    ->  w (K, p)"""
    step, before = newton_step(X, y, r, w) - w, weighted_loss(X, y, r, w)
    for _ in range(halvings):
        worse = weighted_loss(X, y, r, w + step) > before
        if not np.any(worse):
            return w + step
        step = np.where(worse[:, None], step / 2, step)
    return w


def fit_curves(X, y, K, restarts=20, seed=0):
    """The best of `restarts` runs of generalised EM, one safeguarded Newton step an M step.    ->  em.Fit with (pi, w)

    X (N, p), y (N,) of -1 and 1. From a single label an example, a mixture of curves is known as far as their mean
    pi_1 sigmoid(x'w_1) + ... is.
    """
    rng = np.random.default_rng(seed)

    def expect(theta):
        pi, w = theta
        joint = np.log(pi) + log_sigmoids(X, y, w)
        return em.posterior(joint), np.sum(em.log_evidence(joint))

    def maximise(r, theta):
        return em.weights(r), ascent(X, y, r, theta[1])

    starts = ((np.full(K, 1 / K), rng.standard_normal((K, X.shape[1]))) for _ in range(restarts))
    return em.best(em.climb(expect, maximise, start) for start in starts)
