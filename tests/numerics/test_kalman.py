"""The Kalman filter and smoother against conditioning one joint Gaussian; the M step against everything nearby."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from numerics import kalman


@pytest.fixture
def system():
    rng = np.random.default_rng(5)

    def positive(n):
        half = rng.standard_normal((n, n))
        return half @ half.T + 0.5 * np.eye(n)

    A = np.array([[0.9, 0.3], [-0.2, 0.7]])
    return kalman.System(A, positive(2), rng.standard_normal((3, 2)), positive(3), rng.standard_normal(2), positive(2))


@pytest.fixture
def x(system):
    return kalman.sample(np.random.default_rng(0), 6, *system)[0]


def joint(T, A, Q, C, R, m0, V0):
    """Mean and covariance of (z_1, ..., z_T, x_1, ..., x_T), written out."""
    m, d = len(m0), len(C)
    mean, cov = np.zeros(T * m), np.zeros((T * m, T * m))
    at = lambda t: slice(t * m, (t + 1) * m)
    mean[at(0)], cov[at(0), at(0)] = m0, V0
    for t in range(1, T):
        mean[at(t)] = A @ mean[at(t - 1)]
        cov[at(t), : t * m] = A @ cov[at(t - 1), : t * m]
        cov[: t * m, at(t)] = cov[at(t), : t * m].T
        cov[at(t), at(t)] = A @ cov[at(t - 1), at(t - 1)] @ A.T + Q
    seen = np.kron(np.eye(T), C)
    both = np.block([[cov, cov @ seen.T], [seen @ cov, seen @ cov @ seen.T + np.kron(np.eye(T), R)]])
    return np.concatenate([mean, seen @ mean]), both, T * m, d


def conditioned(x, upto, system):
    """Mean and covariance of all states given x_1, ..., x_upto."""
    mean, cov, n, d = joint(len(x), *system)
    given = slice(n, n + upto * d)
    K = np.linalg.solve(cov[given, given], cov[given, :n]).T
    return mean[:n] + K @ (x[:upto].ravel() - mean[given]), cov[:n, :n] - K @ cov[given, :n]


def test_the_filter_conditions_on_the_past(system, x):
    m, V, _ = kalman.filtered(x, *system)
    for t in range(len(x)):
        mean, cov = conditioned(x, t + 1, system)
        np.testing.assert_allclose(m[t], mean[2 * t : 2 * t + 2], rtol=1e-9)
        np.testing.assert_allclose(V[t], cov[2 * t : 2 * t + 2, 2 * t : 2 * t + 2], rtol=1e-9)


def test_the_smoother_conditions_on_everything(system, x):
    z, V, lag = kalman.smoothed(x, *system)
    mean, cov = conditioned(x, len(x), system)
    np.testing.assert_allclose(z.ravel(), mean, rtol=1e-9)
    for t in range(len(x)):
        here, after = slice(2 * t, 2 * t + 2), slice(2 * t + 2, 2 * t + 4)
        np.testing.assert_allclose(V[t], cov[here, here], rtol=1e-9, atol=1e-12)
        if t + 1 < len(x):
            np.testing.assert_allclose(lag[t], cov[after, here], rtol=1e-8, atol=1e-12)


def test_the_likelihood_is_that_of_the_joint_gaussian(system, x):
    mean, cov, n, _ = joint(len(x), *system)
    wanted = multivariate_normal(mean[n:], cov[n:, n:]).logpdf(x.ravel())
    assert kalman.log_likelihood(x, *system) == pytest.approx(wanted, rel=1e-11)


def test_josephs_form_is_the_short_one(system):
    P, C, R = system.V0, system.C, system.R
    short = (np.eye(2) - kalman.gain(P, C, R) @ C) @ P
    np.testing.assert_allclose(kalman.update_covariance(P, C, R), short, rtol=1e-10)


def expected(x, z, V, lag, theta):
    """E[log p(x, z)] under the smoothed posterior, by its definition and not by the sums of the M step."""
    A, Q, C, R, m0, V0 = theta

    def term(S, spread):
        return -(np.linalg.slogdet(2 * np.pi * S)[1] + np.trace(np.linalg.solve(S, spread))) / 2

    total = term(V0, V[0] + np.outer(z[0] - m0, z[0] - m0))
    for t in range(len(x)):
        e = x[t] - C @ z[t]
        total += term(R, np.outer(e, e) + C @ V[t] @ C.T)
        if t > 0:
            e, L = z[t] - A @ z[t - 1], lag[t - 1]
            total += term(Q, np.outer(e, e) + V[t] - A @ L.T - L @ A.T + A @ V[t - 1] @ A.T)
    return total


def test_nothing_near_the_m_step_is_better(system, x):
    hidden = kalman.smoothed(x, *system)
    found = kalman.maximise(x, *hidden)
    best = expected(x, *hidden, found)
    rng = np.random.default_rng(1)
    for name in found._fields:
        for _ in range(15):
            old = getattr(found, name)
            noise = 10 ** rng.uniform(-3, -1.5) * rng.standard_normal(old.shape)
            if name in ("Q", "R", "V0"):  # stays positive definite
                half = np.linalg.cholesky(old) + noise * np.sqrt(np.trace(old))
                moved = half @ half.T
            else:
                moved = old + noise
            assert expected(x, *hidden, found._replace(**{name: moved})) < best, name


def test_em_climbs(system):
    x, _ = kalman.sample(np.random.default_rng(2), 60, *system)
    from_truth = kalman.fit(x, system=system, steps=30)
    assert len(from_truth.history) > 5 and np.diff(from_truth.history).min() > -1e-8
    from_data = kalman.fit(x, m=2, steps=60)
    assert np.diff(from_data.history).min() > -1e-8
    assert from_data.history[-1] > from_data.history[0] + 10
    assert kalman.log_likelihood(x, *from_data.parameters) == from_data.history[-1]


def test_a_level_in_noise_is_followed():
    local = kalman.System(np.eye(1), 0.1 * np.eye(1), np.eye(1), np.eye(1), np.zeros(1), np.eye(1))
    x, z = kalman.sample(np.random.default_rng(3), 300, *local)
    smooth, past = kalman.smoothed(x, *local)[0], kalman.filtered(x, *local)[0]
    assert np.mean((smooth - z) ** 2) < np.mean((past - z) ** 2) < np.mean((x - z) ** 2)


def test_one_moment_has_nothing_to_smooth(system, x):
    z, V, lag = kalman.smoothed(x[:1], *system)
    m, P, _ = kalman.filtered(x[:1], *system)
    assert lag.shape == (0, 2, 2)
    np.testing.assert_array_equal(z, m)
    np.testing.assert_array_equal(V, P)
