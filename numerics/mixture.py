"""A mixture of Gaussians, fitted by expectation and maximisation.

Four forms of covariance: one a component (K, d, d), one for all (d, d), a variance a coordinate (K, d), one variance a
component (K,). The likelihood of all but the tied form has no upper bound, since a component may shrink onto a point:
`fit` notices and starts anew, and a `floor` on the covariances, the mode under a prior, removes the possibility.
Source: Bishop, PRML (2006), sec. 9.2; Dempster, Laird and Rubin (1977).
"""

from typing import NamedTuple

import numpy as np

from numerics import em, kmeans

THIN = 1e-10
"""A component whose variance in some direction is this share of the data's has collapsed."""
EMPTY = 1e-8
"""A component with fewer points than this is empty; its weight is 0 from then on."""


class Mixture(NamedTuple):
    """Weights pi (K,), means mu (K, d) and the covariances in one of the four forms."""

    pi: np.ndarray
    mu: np.ndarray
    Sigma: np.ndarray


# --- densities -------------------------------------------------------------------------------------
def log_gaussian(X, mu, Sigma):
    """log N(x_i | mu_k, Sigma_k) = -(d log 2 pi + log |Sigma_k| + |L_k^-1 (x_i - mu_k)|^2) / 2, Sigma_k = L_k L_k'.

    X (N, d), mu (K, d), Sigma (K, d, d), or (d, d) for all  ->  (N, K).  Domain: positive definite, or LinAlgError.
    """
    L = np.linalg.cholesky(Sigma)
    white = np.swapaxes(np.linalg.inv(L), -1, -2)
    z = (X - mu[:, None, :]) @ white
    log_det = 2 * np.sum(np.log(np.diagonal(L, axis1=-2, axis2=-1)), axis=-1)
    return -(X.shape[1] * np.log(2 * np.pi) + log_det + np.sum(z * z, axis=2).T) / 2


def log_gaussian_diagonal(X, mu, sigma_sq):
    """log N(x_i | mu_k, diag(sigma_sq_k)).    X (N, d), mu (K, d), sigma_sq (K, d) > 0  ->  (N, K)"""
    z = (X - mu[:, None, :]) ** 2 / sigma_sq[:, None, :]
    return -(X.shape[1] * np.log(2 * np.pi) + np.sum(np.log(sigma_sq), axis=1) + np.sum(z, axis=2).T) / 2


def log_gaussian_spherical(X, mu, sigma_sq):
    """log N(x_i | mu_k, sigma_sq_k I).    X (N, d), mu (K, d), sigma_sq (K,) > 0  ->  (N, K)"""
    d = X.shape[1]
    return -(d * np.log(2 * np.pi * sigma_sq) + kmeans.square_distances(X, mu) / sigma_sq) / 2


# --- the E step ------------------------------------------------------------------------------------
def log_joint(X, pi, mu, Sigma):
    """log pi_k + log N(x_i | mu_k, Sigma_k).    X (N, d), pi (K,) > 0, mu (K, d), Sigma (K, d, d)  ->  (N, K)"""
    return np.log(pi) + log_gaussian(X, mu, Sigma)


def responsibilities(X, pi, mu, Sigma):
    """r_ik = pi_k N(x_i | mu_k, Sigma_k) / sum_l pi_l N(x_i | mu_l, Sigma_l), in logarithms.    ->  r (N, K)

    X (N, d), pi (K,) > 0, mu (K, d), Sigma (K, d, d) positive definite.  Source: Bishop, eq. 9.23.
    """
    return em.posterior(log_joint(X, pi, mu, Sigma))


def log_likelihood(X, pi, mu, Sigma):
    """sum_i log sum_k pi_k N(x_i | mu_k, Sigma_k).    X (N, d), pi (K,), mu (K, d), Sigma (K, d, d)  ->  ()"""
    return np.sum(em.log_evidence(log_joint(X, pi, mu, Sigma)))


# --- the M step ------------------------------------------------------------------------------------
def means(X, r):
    """mu_k = sum_i r_ik x_i / n_k, n_k = sum_i r_ik > 0.    X (N, d), r (N, K)  ->  mu (K, d)"""
    return r.T @ X / np.sum(r, axis=0)[:, None]


def scatter(X, r, mu):
    """S_k = sum_i r_ik (x_i - mu_k)(x_i - mu_k)'.    X (N, d), r (N, K), mu (K, d)  ->  S (K, d, d)"""
    away = X - mu[:, None, :]
    return np.swapaxes(away, 1, 2) @ (r.T[:, :, None] * away)


def covariances_full(X, r, mu):
    """Sigma_k = S_k / n_k.    X (N, d), r (N, K), mu (K, d)  ->  Sigma (K, d, d).  Source: Bishop, eq. 9.25."""
    return scatter(X, r, mu) / np.sum(r, axis=0)[:, None, None]


def covariance_tied(X, r, mu):
    """Sigma = sum_k S_k / N.    X (N, d), r (N, K), mu (K, d)  ->  Sigma (d, d)"""
    return np.sum(scatter(X, r, mu), axis=0) / np.sum(r)


def variances_diagonal(X, r, mu):
    """sigma_sq_kj = sum_i r_ik (x_ij - mu_kj)^2 / n_k.    X (N, d), r (N, K), mu (K, d)  ->  sigma_sq (K, d)"""
    squares = np.sum(r.T[:, :, None] * (X - mu[:, None, :]) ** 2, axis=1)
    return squares / np.sum(r, axis=0)[:, None]


def variances_spherical(X, r, mu):
    """sigma_sq_k = sum_i r_ik |x_i - mu_k|^2 / (d n_k).    X (N, d), r (N, K), mu (K, d)  ->  sigma_sq (K,)"""
    return np.sum(r * kmeans.square_distances(X, mu), axis=0) / (X.shape[1] * np.sum(r, axis=0))


# --- the mode under a prior ------------------------------------------------------------------------
def log_prior(inverse, floor):
    """-floor/2 sum_k tr(Sigma_k^-1), up to a constant.    inverse (..., d, d), floor >= 0  ->  ()

    An inverse Wishart density whose power of the determinant is 0: the M step is Sigma_k = (S_k + floor I) / n_k.
    """
    return -floor / 2 * np.sum(np.trace(inverse, axis1=-2, axis2=-1))


# --- the four forms ----------------------------------------------------------------------------------
class Form(NamedTuple):
    """A form of covariance: its density, its M step, I in this form, and the same as matrices (K, d, d)."""

    log_density: object
    covariance: object
    identity: object
    points: object
    matrices: object


FULL = Form(log_gaussian, covariances_full, lambda d: np.eye(d), lambda n: n[:, None, None], lambda S, K, d: S)
TIED = Form(log_gaussian, covariance_tied, lambda d: np.eye(d), np.sum, lambda S, K, d: np.broadcast_to(S, (1, d, d)))
DIAGONAL = Form(
    log_gaussian_diagonal,
    variances_diagonal,
    lambda d: np.ones(d),
    lambda n: n[:, None],
    lambda S, K, d: S[:, :, None] * np.eye(d),
)
SPHERICAL = Form(
    log_gaussian_spherical,
    variances_spherical,
    lambda d: 1.0,
    lambda n: n,
    lambda S, K, d: S[:, None, None] * np.eye(d),
)


def thinnest(Sigma, whole):
    """The least variance of each component, as a share of the data's.    Sigma (K, d, d), whole (d, d)  ->  (K,)"""
    white = np.linalg.inv(np.linalg.cholesky(whole))
    return np.linalg.eigvalsh(white @ Sigma @ white.T)[:, 0]


def maximise(X, r, before, form=FULL, floor=0.0):
    """The M step. A component without points keeps its place and its covariance, with weight 0: Q is the same anywhere.

    X (N, d), r (N, K), before a Mixture  ->  Mixture.  LinAlgError where a component has collapsed.
    """
    n, d = np.sum(r, axis=0), X.shape[1]
    held = n > EMPTY
    mu = before.mu.copy()
    mu[held] = means(X, r[:, held])
    found = form.covariance(X, r[:, held], mu[held]) + floor / form.points(n[held]) * form.identity(d)
    Sigma = found
    if form is not TIED:
        Sigma = before.Sigma.copy()
        Sigma[held] = found
    thin = thinnest(form.matrices(Sigma, len(n), d), np.atleast_2d(np.cov(X.T))) <= THIN
    if np.any(thin):
        raise np.linalg.LinAlgError(f"components {np.flatnonzero(thin).tolist()} shrink onto too few points")
    return Mixture(np.where(held, n, 0) / np.sum(n[held]), mu, Sigma)


def expect(X, theta, form=FULL, floor=0.0):
    """The E step.    X (N, d), theta a Mixture  ->  r (N, K), log-likelihood plus, with a floor, the log-prior"""
    with np.errstate(divide="ignore"):  # log 0 = -inf is the joint of an empty component
        joint = np.log(theta.pi) + form.log_density(X, theta.mu, theta.Sigma)
    objective = np.sum(em.log_evidence(joint))
    if floor > 0:
        matrices = form.matrices(theta.Sigma, len(theta.pi), X.shape[1])
        objective = objective + log_prior(np.linalg.inv(matrices), floor)
    return em.posterior(joint), objective


def start(X, K, rng, form=FULL):
    """The M step of the clusters that k-means finds.    X (N, d), 1 <= K <= N  ->  Mixture"""
    r = em.start(X, K, rng)
    mu = means(X, r)
    return Mixture(em.weights(r), mu, form.covariance(X, r, mu))


def from_points(X, K, rng):
    """Means at K points of the data, each with the covariance of all.    X (N, d), 1 <= K <= N  ->  Mixture"""
    mu = X[rng.choice(len(X), size=K, replace=False)]
    return Mixture(np.full(K, 1 / K), mu, np.broadcast_to(np.cov(X.T), (K, X.shape[1], X.shape[1])))


def run(X, theta, steps):
    """The start and what each of so many steps of EM makes of it.    X (N, d), theta a Mixture  ->  list of Mixture"""
    found = [theta]
    for _ in range(steps):
        found.append(maximise(X, responsibilities(X, *found[-1]), found[-1]))
    return found


def fit(X, K, form=FULL, floor=0.0, restarts=10, seed=0):
    """The best of `restarts` runs of EM from k-means, those first in which no component collapsed.

    X (N, d) whose covariance is positive definite, 1 <= K <= N, form FULL, TIED, DIAGONAL or SPHERICAL  ->  em.Fit with
    a Mixture. With floor > 0 (in squared units of X, times points) the history is that of the log-posterior.
    """
    rng = np.random.default_rng(seed)
    found = em.best(
        em.climb(
            lambda theta: expect(X, theta, form, floor),
            lambda r, theta: maximise(X, r, theta, form, floor),
            start(X, K, rng, form),
        )
        for _ in range(restarts)
    )
    empty = np.flatnonzero(found.parameters.pi == 0).tolist()
    return found._replace(note=f"components {empty} are empty") if empty else found


def sample(rng, N, pi, mu, Sigma):
    """N points and the components they come from.    pi (K,), mu (K, d), Sigma (K, d, d)  ->  X (N, d), labels (N,)"""
    labels = rng.choice(len(pi), size=N, p=pi)
    noise = rng.standard_normal((N, mu.shape[1], 1))
    return mu[labels] + (np.linalg.cholesky(Sigma)[labels] @ noise)[:, :, 0], labels
