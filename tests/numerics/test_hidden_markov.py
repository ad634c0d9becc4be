"""Hidden Markov models against the sum over all hidden paths, and against hmmlearn."""

from itertools import pairwise, product

import numpy as np
import pytest

from numerics import em, mixture, mixtures_of
from numerics import hidden_markov as hmm


@pytest.fixture
def small():
    rng = np.random.default_rng(4)
    pi, A = rng.dirichlet(np.ones(3)), rng.dirichlet(np.ones(3), 3)
    return rng.standard_normal((5, 3)) * 2 - 3, pi, A


def paths(log_b, pi, A):
    """Every path and its probability with the data."""
    T, K = log_b.shape
    for z in product(range(K), repeat=T):
        p = pi[z[0]] * np.prod([A[a, b] for a, b in pairwise(z)])
        yield z, p * np.exp(sum(log_b[t, k] for t, k in enumerate(z)))


def enumerated(log_b, pi, A):
    """gamma, xi and p(x), by adding up all paths."""
    T, K = log_b.shape
    gamma, xi, whole = np.zeros((T, K)), np.zeros((T - 1, K, K)), 0.0
    for z, p in paths(log_b, pi, A):
        whole += p
        gamma[range(T), z] += p
        xi[range(T - 1), z[:-1], z[1:]] += p
    return gamma / whole, xi / whole, whole


@pytest.mark.parametrize("forbidden", [False, True])
def test_the_e_step_is_the_sum_over_all_paths(small, forbidden):
    log_b, pi, A = small
    if forbidden:  # from left to right: the path begins in the first state and never goes back
        pi, A = np.array([1.0, 0, 0]), np.triu(A) / np.triu(A).sum(axis=1, keepdims=True)
    gamma, xi, whole = enumerated(log_b, pi, A)
    found = hmm.posteriors(log_b, pi, A)
    np.testing.assert_allclose(found[0], gamma, rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(found[1], xi, rtol=1e-12, atol=1e-300)
    assert found[2] == pytest.approx(np.log(whole), rel=1e-13)
    assert hmm.log_likelihood(log_b, pi, A) == found[2]


def test_forward_and_backward_meet_at_every_moment(small):
    log_b, pi, A = small
    log_alpha, log_beta = hmm.forward(log_b, pi, A), hmm.backward(log_b, A)
    np.testing.assert_allclose(hmm.log_sum(log_alpha + log_beta), hmm.log_likelihood(log_b, pi, A), rtol=1e-13)
    xi = hmm.pairs(log_alpha, log_beta, log_b, A)
    np.testing.assert_allclose(xi.sum(axis=2), hmm.marginals(log_alpha, log_beta)[:-1], rtol=1e-12)


def test_viterbi_is_the_best_of_all_paths(small):
    for seed in range(10):
        log_b = np.random.default_rng(seed).standard_normal((5, 3)) * 2
        path, value = hmm.viterbi(log_b, *small[1:])
        best, p = max(paths(log_b, *small[1:]), key=lambda pair: pair[1])
        assert tuple(path) == best and value == pytest.approx(np.log(p), rel=1e-12)


def test_long_sequences_do_not_underflow(small):
    log_b = np.tile(small[0] - 500, (400, 1))
    gamma, xi, value = hmm.posteriors(log_b, *small[1:])
    assert np.isfinite(value) and value < -1e6
    np.testing.assert_allclose(gamma.sum(axis=1), 1, rtol=1e-12)
    np.testing.assert_allclose(xi.sum(axis=(1, 2)), 1, rtol=1e-7)


def test_nothing_near_the_m_step_is_better(small):
    log_b, pi, A = small
    gamma, xi, _ = hmm.posteriors(log_b, pi, A)
    first, steps = hmm.first_state(gamma), hmm.transitions(xi)
    best = np.sum(gamma[0] * np.log(first)), np.sum(xi * np.log(steps))
    rng = np.random.default_rng(0)
    for _ in range(20):
        other, others = (
            first * np.exp(0.05 * rng.standard_normal(3)),
            steps * np.exp(0.05 * rng.standard_normal((3, 3))),
        )
        assert np.sum(gamma[0] * np.log(other / other.sum())) < best[0]
        assert np.sum(xi * np.log(others / others.sum(axis=1, keepdims=True))) < best[1]


# --- fits ----------------------------------------------------------------------------------------------
A2 = np.array([[0.95, 0.05], [0.1, 0.9]])
EMITTED = {
    "poisson": (mixtures_of.POISSON, lambda rng, z: rng.poisson(np.array([2.0, 12.0])[z]).astype(float)),
    "categorical": (
        mixtures_of.CATEGORICAL,
        lambda rng, z: np.stack([rng.multinomial(1, [[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]][k]) for k in z]).astype(float),
    ),
    "gaussian": (hmm.GAUSSIAN, lambda rng, z: 3 * z[:, None] + rng.standard_normal((len(z), 2))),
    "normal": (mixtures_of.NORMAL, lambda rng, z: 4.0 * z + rng.standard_normal(len(z))),
}


@pytest.mark.parametrize("name", EMITTED)
def test_the_fit_climbs_and_finds_the_chain_again(name):
    family, emit = EMITTED[name]
    rng = np.random.default_rng(7)
    drawn = [hmm.sample(rng, 300, np.array([0.5, 0.5]), A2, emit) for _ in range(3)]
    found = hmm.fit([x for x, _ in drawn], family, 2, restarts=2)
    assert found.converged and np.diff(found.history).min() > -1e-8
    chain = found.parameters
    same, swapped = np.abs(chain.A - A2).max(), np.abs(chain.A[::-1, ::-1] - A2).max()
    assert min(same, swapped) < 0.08
    log_b = family.log_density(drawn[0][0], *chain.theta)
    path, z = hmm.viterbi(log_b, chain.pi, chain.A)[0], drawn[0][1]
    assert max(np.mean(path == z), np.mean(path != z)) > 0.9


def test_a_state_that_is_never_left_keeps_its_row():
    before = np.array([[0.5, 0.5], [0.3, 0.7]])
    xi, gamma = np.zeros((2, 2, 2)), np.array([[1.0, 0.0]] * 3)
    xi[:, 0, 0] = 1
    with np.errstate(invalid="ignore"):
        chain = hmm.maximise([np.arange(3.0)], mixtures_of.POISSON, [gamma], [xi], before)
    np.testing.assert_array_equal(chain.A, [[1, 0], [0.3, 0.7]])


def test_a_chain_without_memory_is_a_mixture():
    rng = np.random.default_rng(1)
    X, pi, mu = rng.standard_normal((20, 2)), np.array([0.3, 0.7]), rng.standard_normal((2, 2))
    Sigma = np.stack([np.eye(2), 2 * np.eye(2)])
    gamma, _, value = hmm.posteriors(mixture.log_gaussian(X, mu, Sigma), pi, np.stack([pi, pi]))
    np.testing.assert_allclose(gamma, mixture.responsibilities(X, pi, mu, Sigma), rtol=1e-12)
    assert value == pytest.approx(mixture.log_likelihood(X, pi, mu, Sigma), rel=1e-13)
    assert em.weights(gamma).shape == (2,)


# --- hmmlearn ------------------------------------------------------------------------------------------
def test_one_step_of_gaussian_emissions_is_that_of_hmmlearn():
    peer = pytest.importorskip("hmmlearn.hmm")
    rng = np.random.default_rng(2)
    X, _ = hmm.sample(rng, 80, np.array([0.5, 0.5]), A2, EMITTED["gaussian"][1])
    before = hmm.Chain(np.array([0.4, 0.6]), A2, (np.array([[0.5, 0], [2, 3.0]]), np.stack([np.eye(2), 2 * np.eye(2)])))
    model = peer.GaussianHMM(  # its default priors are not flat, and its estimates then not of maximum likelihood
        2, covariance_type="full", n_iter=1, init_params="", covars_prior=0.0, covars_weight=0.0, min_covar=0.0
    )
    model.startprob_, model.transmat_ = before.pi, before.A
    model.means_, model.covars_ = before.theta
    (gammas, xis), value = hmm.expect([X], hmm.GAUSSIAN, before)
    assert model.score(X) == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(model.predict_proba(X), gammas[0], rtol=1e-10, atol=1e-300)
    after = hmm.maximise([X], hmm.GAUSSIAN, gammas, xis, before.A)
    np.testing.assert_array_equal(
        model.decode(X)[1], hmm.viterbi(mixture.log_gaussian(X, *before.theta), before.pi, before.A)[0]
    )
    model.fit(X)
    np.testing.assert_allclose(after.pi, model.startprob_, rtol=1e-12)
    np.testing.assert_allclose(after.A, model.transmat_, rtol=1e-12)
    np.testing.assert_allclose(after.theta[0], model.means_, rtol=1e-12)
    np.testing.assert_allclose(after.theta[1], model.covars_, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("name", ["poisson", "categorical"])
def test_one_step_of_counts_and_labels_is_that_of_hmmlearn(name):
    peer = pytest.importorskip("hmmlearn.hmm")
    family, emit = EMITTED[name]
    x, _ = hmm.sample(np.random.default_rng(3), 80, np.array([0.5, 0.5]), A2, emit)
    theta = (np.array([3.0, 9.0]),) if name == "poisson" else (np.array([[0.5, 0.3, 0.2], [0.2, 0.2, 0.6]]),)
    (gammas, xis), value = hmm.expect([x], family, hmm.Chain(np.array([0.4, 0.6]), A2, theta))
    after = hmm.maximise([x], family, gammas, xis, A2)
    if name == "poisson":
        model, shown = peer.PoissonHMM(2, n_iter=1, init_params="", lambdas_prior=0.0, lambdas_weight=0.0), x[:, None]
        model.lambdas_ = theta[0][:, None]
    else:
        model, shown = peer.CategoricalHMM(2, n_iter=1, init_params=""), x.argmax(axis=1)[:, None]
        model.emissionprob_ = theta[0]
    model.startprob_, model.transmat_ = np.array([0.4, 0.6]), A2
    shown = shown.astype(int)
    assert model.score(shown) == pytest.approx(value, rel=1e-12)
    model.fit(shown)
    seen = model.lambdas_[:, 0] if name == "poisson" else model.emissionprob_
    np.testing.assert_allclose(after.A, model.transmat_, rtol=1e-12)
    np.testing.assert_allclose(after.theta[0], seen, rtol=1e-12)
