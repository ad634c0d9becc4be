"""A Gaussian fitted to points of which some coordinates are missing (nan), at random.

The missing coordinates are the hidden variables: given the others they are Gaussian, and EM fills in their means and
adds their covariances. Filling in the means alone would find a covariance that is too small.
Source: Little and Rubin, Statistical Analysis with Missing Data (2002), sec. 11.2.
"""

import numpy as np

from numerics import em


def regression(Sigma, seen):
    """B = Sigma_hs Sigma_ss^-1, the weights of the coordinates seen in those that are not.    ->  (h, s)

    Sigma (d, d), seen (d,) of bool with s of them true, h = d - s
    """
    return np.linalg.solve(Sigma[np.ix_(seen, seen)], Sigma[np.ix_(seen, ~seen)]).T


def conditional_mean(x, mu, Sigma, seen):
    """mu_h + B (x_s - mu_s) = E[x_h | x_s].    x (..., s), mu (d,), Sigma (d, d), seen (d,) of bool  ->  (..., h)"""
    return mu[~seen] + (x - mu[seen]) @ regression(Sigma, seen).T


def conditional_covariance(Sigma, seen):
    """Sigma_hh - B Sigma_sh = Cov[x_h | x_s].    Sigma (d, d), seen (d,) of bool  ->  (h, h)"""
    return Sigma[np.ix_(~seen, ~seen)] - regression(Sigma, seen) @ Sigma[np.ix_(seen, ~seen)]


def fill(x, mu, Sigma, seen):
    """One row with its gaps filled.    x (d,), mu (d,), Sigma (d, d), seen (d,) of 0 and 1  ->  (d,)"""
    there, filled = np.asarray(seen, dtype=bool), np.array(x)
    filled[~there] = conditional_mean(x[there], mu, Sigma, there)
    return filled


def doubt(Sigma, seen):
    """The covariance of one row: 0 where it was seen.    Sigma (d, d), seen (d,) of 0 and 1  ->  (d, d)"""
    there, spread = np.asarray(seen, dtype=bool), np.zeros_like(Sigma)
    spread[np.ix_(~there, ~there)] = conditional_covariance(Sigma, there)
    return spread


def patterns(X):
    """Which coordinates are seen together, and in which rows.    X (N, d) with nan  ->  list of (d,), (N,) of bool"""
    kinds, kind = np.unique(~np.isnan(X), axis=0, return_inverse=True)
    return [(seen, kind.ravel() == k) for k, seen in enumerate(kinds)]


def expect(X, mu, Sigma):
    """X with its conditional means filled in, and the sum of the conditional covariances.    ->  (N, d), (d, d)"""
    filled, spread = X.copy(), np.zeros_like(Sigma)
    for seen, rows in patterns(X):
        filled[np.ix_(rows, ~seen)] = conditional_mean(X[np.ix_(rows, seen)], mu, Sigma, seen)
        spread[np.ix_(~seen, ~seen)] += np.sum(rows) * conditional_covariance(Sigma, seen)
    return filled, spread


def coefficients(Y, G, F, c, H, V):
    """B of the regression y = B h + c, the inputs h guessed in N rows and known in M.    ->  (b, a)

    Y (N, b), H (N, a) the guessed inputs, V (a, a) how unsure they are; G (M, b), F (M, a) complete; c (b,)
    """
    products = (Y - c).T @ H + (G - c).T @ F
    return np.linalg.solve(H.T @ H + len(H) * V + F.T @ F, products.T).T


def mean(filled):
    """mu = sum_i E[x_i] / N.    filled (N, d)  ->  (d,)"""
    return np.sum(filled, axis=0) / len(filled)


def covariance(filled, spread, mu):
    """Sigma = (sum_i (E[x_i] - mu)(E[x_i] - mu)' + Cov[x_i]) / N.    filled (N, d), spread, mu (d,)  ->  (d, d)"""
    away = filled - mu
    return (away.T @ away + spread) / len(filled)


def log_likelihood(X, mu, Sigma):
    """sum_i log N(x_i seen | mu seen, Sigma seen).    X (N, d) with nan, mu (d,), Sigma (d, d)  ->  ()"""
    total = 0.0
    for seen, rows in patterns(X):
        S, away = Sigma[np.ix_(seen, seen)], X[np.ix_(rows, seen)] - mu[seen]
        log_det = np.linalg.slogdet(S)[1]
        total -= len(away) * (np.sum(seen) * np.log(2 * np.pi) + log_det) / 2
        total -= np.sum(away * np.linalg.solve(S, away.T).T) / 2
    return total


def fit(X, steps=5000, tolerance=1e-12):
    """EM from the mean and the variances of what is seen.    X (N, d) with nan  ->  em.Fit with (mu, Sigma)

    Domain: each coordinate is seen in two rows with different values. Where two coordinates are never seen together,
    their covariance is known only through the others, or not at all.
    """

    def maximise(hidden, _):
        mu = mean(hidden[0])
        return mu, covariance(*hidden, mu)

    start = np.nanmean(X, axis=0), np.diag(np.nanvar(X, axis=0))
    return em.climb(lambda theta: (expect(X, *theta), log_likelihood(X, *theta)), maximise, start, steps, tolerance)
