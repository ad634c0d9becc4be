"""Kalman's filter and smoother: a hidden Markov model whose state is a vector and whose every law is Gaussian.

z_1 ~ N(m0, V0),  z_{t+1} = A z_t + N(0, Q),  x_t = C z_t + N(0, R).    z (T, m), x (T, d)
Source: Kalman (1960); Rauch, Tung and Striebel (1965); Shumway and Stoffer (1982); Bishop, PRML (2006), sec. 13.3.
"""

from typing import NamedTuple

import numpy as np

from numerics import em


class System(NamedTuple):
    """A (m, m), Q (m, m), C (d, m), R (d, d), m0 (m,), V0 (m, m)."""

    A: np.ndarray
    Q: np.ndarray
    C: np.ndarray
    R: np.ndarray
    m0: np.ndarray
    V0: np.ndarray


# --- the filter ----------------------------------------------------------------------------------------
def predict_mean(m, A):
    """A m = E[z_{t+1} | x_1..t].    m (m,), A (m, m)  ->  (m,)"""
    return A @ m


def predict_covariance(V, A, Q):
    """A V A' + Q = Cov[z_{t+1} | x_1..t].    V (m, m), A (m, m), Q (m, m)  ->  (m, m)"""
    return A @ V @ A.T + Q


def gain(P, C, R):
    """K = P C' (C P C' + R)^-1.    P (m, m), C (d, m), R (d, d)  ->  (m, d).  Source: Bishop, eq. 13.92."""
    return np.linalg.solve(C @ P @ C.T + R, C @ P).T


def update_mean(m, P, x, C, R):
    """m + K (x - C m) = E[z_t | x_1..t], for the predicted m and P.    m (m,), P (m, m), x (d,)  ->  (m,)"""
    return m + gain(P, C, R) @ (x - C @ m)


def update_covariance(P, C, R):
    """(I - K C) P (I - K C)' + K R K' = Cov[z_t | x_1..t].    P (m, m), C (d, m), R (d, d)  ->  (m, m)

    It equals (I - K C) P, and stays positive definite in floating point (Joseph's form).
    """
    K = gain(P, C, R)
    kept = np.eye(len(P)) - K @ C
    return kept @ P @ kept.T + K @ R @ K.T


def innovation(m, P, x, C, R):
    """log N(x | C m, C P C' + R) = log p(x_t | x_1..t-1).    m (m,), P (m, m), x (d,), C (d, m), R (d, d)  ->  ()"""
    S, e = C @ P @ C.T + R, x - C @ m
    return -(len(x) * np.log(2 * np.pi) + np.linalg.slogdet(S)[1] + e @ np.linalg.solve(S, e)) / 2


def filtered(x, A, Q, C, R, m0, V0):
    """Means (T, m) and covariances (T, m, m) of z_t given x_1..t, and log p(x_t | x_1..t-1) (T,).    x (T, d)"""
    m, P, means, covariances, logs = m0, V0, [], [], []
    for x_t in x:
        logs.append(innovation(m, P, x_t, C, R))
        means.append(update_mean(m, P, x_t, C, R))
        covariances.append(update_covariance(P, C, R))
        m, P = predict_mean(means[-1], A), predict_covariance(covariances[-1], A, Q)
    return np.stack(means), np.stack(covariances), np.stack(logs)


def log_likelihood(x, A, Q, C, R, m0, V0):
    """log p(x_1, ..., x_T), the sum of the innovations' log-densities.    x (T, d)  ->  ()"""
    return np.sum(filtered(x, A, Q, C, R, m0, V0)[2])


# --- the smoother --------------------------------------------------------------------------------------
def back_gain(V, A, Q):
    """J = V A' (A V A' + Q)^-1, for the filtered V.    V (m, m), A (m, m), Q (m, m)  ->  (m, m)

    Source: Bishop, eq. 13.102.
    """
    return np.linalg.solve(predict_covariance(V, A, Q), A @ V).T


def smooth_mean(m, V, after, A, Q):
    """m + J (after - A m) = E[z_t | x_1..T], `after` that of z_{t+1}.    m (m,), V (m, m), after (m,)  ->  (m,)"""
    return m + back_gain(V, A, Q) @ (after - A @ m)


def smooth_covariance(V, after, A, Q):
    """V + J (after - A V A' - Q) J' = Cov[z_t | x_1..T], `after` that of z_{t+1}.    all (m, m)  ->  (m, m)"""
    J = back_gain(V, A, Q)
    return V + J @ (after - predict_covariance(V, A, Q)) @ J.T


def lag_one(V, after, A, Q):
    """after J' = Cov[z_{t+1}, z_t | x_1..T], for the filtered V of z_t and the smoothed `after` of z_{t+1}.  -> (m, m)

    Source: Bishop, eq. 13.104.
    """
    return after @ back_gain(V, A, Q).T


def smoothed(x, A, Q, C, R, m0, V0):
    """Means (T, m), covariances (T, m, m) and lag-one covariances (T-1, m, m) of z given all of x.    x (T, d)"""
    m, V, _ = filtered(x, A, Q, C, R, m0, V0)
    means, covariances, lags = [m[-1]], [V[-1]], []
    for t in range(len(x) - 2, -1, -1):
        lags.append(lag_one(V[t], covariances[-1], A, Q))
        means.append(smooth_mean(m[t], V[t], means[-1], A, Q))
        covariances.append(smooth_covariance(V[t], covariances[-1], A, Q))
    lag = np.stack(lags[::-1]) if lags else np.zeros((0, *A.shape))
    return np.stack(means[::-1]), np.stack(covariances[::-1]), lag


# --- the M step, from the smoothed z (T, m), V (T, m, m), lag (T-1, m, m) ----------------------------------
def second(z, V):
    """sum_t E[z_t z_t'] = sum_t V_t + z_t z_t'.    z (T, m), V (T, m, m)  ->  (m, m)"""
    return np.sum(V, axis=0) + z.T @ z


def cross(z, lag):
    """sum_t E[z_{t+1} z_t'] = sum_t lag_t + z_{t+1} z_t'.    z (T, m), lag (T-1, m, m)  ->  (m, m)"""
    return np.sum(lag, axis=0) + z[1:].T @ z[:-1]


def transition(z, V, lag):
    """A = (sum_t E[z_{t+1} z_t']) (sum_t E[z_t z_t'])^-1, t = 1..T-1.    ->  (m, m).  Source: Bishop, eq. 13.113."""
    return np.linalg.solve(second(z[:-1], V[:-1]), cross(z, lag).T).T


def transition_noise(z, V, lag, A):
    """Q = sum_t E[(z_{t+1} - A z_t)(z_{t+1} - A z_t)'] / (T - 1).    ->  (m, m).  Source: Bishop, eq. 13.114."""
    across = A @ cross(z, lag).T
    return (second(z[1:], V[1:]) - across - across.T + A @ second(z[:-1], V[:-1]) @ A.T) / (len(z) - 1)


def observation(x, z, V):
    """C = (sum_t x_t z_t') (sum_t E[z_t z_t'])^-1.    x (T, d)  ->  (d, m).  Source: Bishop, eq. 13.115."""
    return np.linalg.solve(second(z, V), z.T @ x).T


def observation_noise(x, z, V, C):
    """R = sum_t E[(x_t - C z_t)(x_t - C z_t)'] / T.    x (T, d), C (d, m)  ->  (d, d).  Source: Bishop, eq. 13.116."""
    across = C @ z.T @ x
    return (x.T @ x - across - across.T + C @ second(z, V) @ C.T) / len(x)


def maximise(x, z, V, lag):
    """All of the M step; m0 and V0 are the smoothed mean and covariance of z_1.    ->  System"""
    A, C = transition(z, V, lag), observation(x, z, V)
    Q, R = transition_noise(z, V, lag, A), observation_noise(x, z, V, C)
    return System(A, (Q + Q.T) / 2, C, (R + R.T) / 2, z[0], V[0])


# --- the fit -------------------------------------------------------------------------------------------
def start(x, m):
    """The m leading directions of x as C, a state that stays for a while.    x (T, d), m <= d  ->  System"""
    values, vectors = np.linalg.eigh(np.atleast_2d(np.cov(x.T)))
    C = vectors[:, ::-1][:, :m] * np.sqrt(values[::-1][:m])
    return System(0.9 * np.eye(m), 0.2 * np.eye(m), C, np.diag(np.var(x, axis=0)) / 2, np.zeros(m), np.eye(m))


def fit(x, m=None, system=None, steps=500, tolerance=1e-8):
    """EM from `system`, or from m leading directions of x.    x (T, d), T > 2  ->  em.Fit with a System

    A change of basis of z changes nothing that is seen. V0 of a single sequence shrinks towards 0, and with it the
    likelihood rises for long: the steps, not the tolerance, may end the fit, which says so.
    """

    def expect(theta):
        return smoothed(x, *theta), log_likelihood(x, *theta)

    first = start(x, m) if system is None else system
    return em.climb(expect, lambda hidden, _: maximise(x, *hidden), first, steps, tolerance)


def sample(rng, T, A, Q, C, R, m0, V0):
    """T moments of the system.    ->  x (T, d), z (T, m)"""
    z = [rng.multivariate_normal(m0, V0)]
    for _ in range(T - 1):
        z.append(A @ z[-1] + rng.multivariate_normal(np.zeros(len(A)), Q))
    z = np.stack(z)
    return z @ C.T + rng.multivariate_normal(np.zeros(len(R)), R, T), z
