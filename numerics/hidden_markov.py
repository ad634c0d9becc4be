"""Hidden Markov models: a mixture in which the component of one moment depends on that of the moment before.

pi (K,) is the distribution of the first state, A[j, k] the probability of going from j to k. What is seen enters
through log_b[t, k] = log p(x_t | z_t = k) alone, so that any family of `mixtures_of` may be emitted. All products are
sums of logarithms.
Source: Rabiner (1989); Bishop, PRML (2006), sec. 13.2.
"""

from typing import NamedTuple

import numpy as np

from numerics import em, mixture, mixtures_of

GAUSSIAN = mixtures_of.Family(
    mixture.log_gaussian, lambda X, r: (mu := mixture.means(X, r), mixture.covariances_full(X, r, mu))
)
"""Emissions N(mu_k, Sigma_k) of X (T, d); mixtures_of has POISSON, CATEGORICAL, NORMAL and others."""


class Chain(NamedTuple):
    """First state pi (K,), transitions A (K, K), and the parameters of the emissions, a tuple."""

    pi: np.ndarray
    A: np.ndarray
    theta: tuple


def log_sum(a):
    """log sum_j exp(a[..., j]), shifted by the largest; of nothing but -inf it is -inf.    a (..., K)  ->  (...)"""
    top = np.max(a, axis=-1)
    top = np.where(np.isfinite(top), top, 0)
    with np.errstate(divide="ignore"):
        return top + np.log(np.sum(np.exp(a - top[..., None]), axis=-1))


def log_of(p):
    """log p, -inf where p = 0: a state or a transition that is impossible."""
    with np.errstate(divide="ignore"):
        return np.log(p)


# --- the E step ----------------------------------------------------------------------------------------
def forward_step(log_alpha, log_b, A):
    """log alpha_t[k] = log b_t[k] + log sum_j alpha_{t-1}[j] A_jk.    log_alpha (K,), log_b (K,), A (K, K)  ->  (K,)"""
    return log_b + log_sum(log_alpha + log_of(A).T)


def backward_step(log_beta, log_b, A):
    """log beta_{t-1}[j] = log sum_k A_jk b_t[k] beta_t[k].    log_beta (K,), log_b (K,), A (K, K)  ->  (K,)"""
    return log_sum(log_of(A) + log_b + log_beta)


def forward(log_b, pi, A):
    """log alpha_t[k] = log p(x_1, ..., x_t, z_t = k).    log_b (T, K), pi (K,), A (K, K)  ->  (T, K)

    Source: Bishop, eq. 13.36.
    """
    log_alpha = [log_of(pi) + log_b[0]]
    for t in range(1, len(log_b)):
        log_alpha.append(forward_step(log_alpha[-1], log_b[t], A))
    return np.stack(log_alpha)


def backward(log_b, A):
    """log beta_t[k] = log p(x_{t+1}, ..., x_T | z_t = k).    log_b (T, K), A (K, K)  ->  (T, K)

    Source: Bishop, eq. 13.38.
    """
    log_beta = [np.zeros_like(log_b[-1])]
    for t in range(len(log_b) - 1, 0, -1):
        log_beta.append(backward_step(log_beta[-1], log_b[t], A))
    return np.stack(log_beta[::-1])


def log_likelihood(log_b, pi, A):
    """log p(x_1, ..., x_T) = log sum_k alpha_T[k].    log_b (T, K), pi (K,), A (K, K)  ->  ()"""
    return log_sum(forward(log_b, pi, A)[-1])


def marginals(log_alpha, log_beta):
    """gamma_t[k] = p(z_t = k | x) = alpha_t[k] beta_t[k] / p(x).    (T, K) twice  ->  gamma (T, K)"""
    return em.posterior(log_alpha + log_beta)


def pairs(log_alpha, log_beta, log_b, A):
    """xi_t[j, k] = p(z_t = j, z_{t+1} = k | x) = alpha_t[j] A_jk b_{t+1}[k] beta_{t+1}[k] / p(x).    ->  (T-1, K, K)

    log_alpha (T, K), log_beta (T, K), log_b (T, K), A (K, K).  Source: Bishop, eq. 13.43.
    """
    ahead = log_b[1:] + log_beta[1:]
    joint = log_alpha[:-1, :, None] + log_of(A) + ahead[:, None, :]
    return np.exp(joint - log_sum(log_alpha[-1]))


# --- the M step ----------------------------------------------------------------------------------------
def first_state(gamma):
    """pi_k = gamma_1[k], of one sequence.    gamma (T, K)  ->  pi (K,).  Source: Bishop, eq. 13.18."""
    return gamma[0]


def transitions(xi):
    """A_jk = sum_t xi_t[j, k] / sum_tl xi_t[j, l].    xi (T-1, K, K)  ->  A (K, K).  Source: Bishop, eq. 13.19.

    Domain: each state is left with positive probability.
    """
    counts = np.sum(xi, axis=0)
    return counts / np.sum(counts, axis=1)[:, None]


# --- the best path -------------------------------------------------------------------------------------
def viterbi(log_b, pi, A):
    """The path z that maximises p(x, z), the first one at a tie, and log p(x, z).    ->  (T,) of 0..K-1, ()

    log_b (T, K), pi (K,), A (K, K).  Source: Bishop, sec. 13.2.5.
    """
    best, came_from = log_of(pi) + log_b[0], []
    for t in range(1, len(log_b)):
        reached = best[:, None] + log_of(A)
        came_from.append(np.argmax(reached, axis=0))
        best = log_b[t] + np.max(reached, axis=0)
    path = [np.argmax(best)]
    for back in came_from[::-1]:
        path.append(back[path[-1]])
    return np.array(path[::-1]), np.max(best)


# --- Baum and Welch's step -----------------------------------------------------------------------------
def poisson_marginals(x, pi, A, lam):
    """gamma_t[k] = p(z_t = k | x) of counts.    x (T,), pi (K,), A (K, K), lam (K,) > 0  ->  (T, K)"""
    return posteriors(mixtures_of.POISSON.log_density(x, lam), pi, A)[0]


def poisson_pairs(x, pi, A, lam):
    """xi_t[j, k] = p(z_{t-1} = j, z_t = k | x) of counts, 0 at the first moment.    ->  (T, K, K)"""
    xi = posteriors(mixtures_of.POISSON.log_density(x, lam), pi, A)[1]
    return np.concatenate([np.zeros((1, *A.shape)), xi])


def gaussian_marginals(X, pi, A, mu, Sigma):
    """gamma_t[k] = p(z_t = k | x).    X (T, d), pi (K,), A (K, K), mu (K, d), Sigma (K, d, d)  ->  (T, K)"""
    return posteriors(mixture.log_gaussian(X, mu, Sigma), pi, A)[0]


def poisson_rates(x, gamma):
    """lam_k = sum_t gamma_t[k] x_t / sum_t gamma_t[k].    x (T,), gamma (T, K)  ->  (K,)"""
    return gamma.T @ x / np.sum(gamma, axis=0)


def letter_chances(X, gamma):
    """q_kv = sum_t gamma_t[k] X_tv / sum_t gamma_t[k], one letter a row of X.    X (T, V), gamma (T, K)  ->  (K, V)"""
    return gamma.T @ X / np.sum(gamma, axis=0)[:, None]


# --- the fit -------------------------------------------------------------------------------------------
def posteriors(log_b, pi, A):
    """Marginals, pairs and the log-likelihood of one sequence.    ->  gamma (T, K), xi (T-1, K, K), ()"""
    log_alpha, log_beta = forward(log_b, pi, A), backward(log_b, A)
    return marginals(log_alpha, log_beta), pairs(log_alpha, log_beta, log_b, A), log_sum(log_alpha[-1])


def expect(sequences, family, chain):
    """The E step of several sequences.    ->  ((gamma of each), (xi of each)), the sum of their log-likelihoods"""
    found = [posteriors(family.log_density(x, *chain.theta), chain.pi, chain.A) for x in sequences]
    return ([g for g, _, _ in found], [xi for _, xi, _ in found]), sum(value for _, _, value in found)


def maximise(sequences, family, gammas, xis, before):
    """The M step of several sequences; a state that is never left keeps its row of `before`.    ->  Chain"""
    pi = np.mean([first_state(gamma) for gamma in gammas], axis=0)
    left = np.sum([np.sum(xi, axis=(0, 2)) for xi in xis], axis=0)
    A = np.where((left > 0)[:, None], transitions(np.concatenate(xis)), before)
    return Chain(pi, A, family.step(np.concatenate(sequences), np.concatenate(gammas)))


def start(sequences, family, K, rng):
    """Emissions from the clusters of k-means, a chain that is drawn and likes to stay.    ->  Chain"""
    x = np.concatenate(sequences)
    A = rng.dirichlet(np.ones(K), K) / 2 + np.eye(K) / 2
    return Chain(np.full(K, 1 / K), A, family.step(x, em.start(x, K, rng)))


def fit(sequences, family, K, restarts=5, seed=0):
    """The best of `restarts` runs of Baum and Welch's algorithm.    ->  em.Fit with a Chain

    sequences: a list of arrays (T,) or (T, d), each of two moments or more; the family of the emissions; K states.
    """
    rng = np.random.default_rng(seed)
    # where the objective is no number, the run ends
    with np.errstate(divide="ignore", invalid="ignore"):
        return em.best(
            em.climb(
                lambda chain: expect(sequences, family, chain),
                lambda hidden, chain: maximise(sequences, family, *hidden, chain.A),
                start(sequences, family, K, rng),
            )
            for _ in range(restarts)
        )


def sample(rng, T, pi, A, emit):
    """T states and what they emit; emit(rng, states) draws it.    pi (K,), A (K, K)  ->  x (T, ...), states (T,)"""
    states = [rng.choice(len(pi), p=pi)]
    for _ in range(T - 1):
        states.append(rng.choice(len(pi), p=A[states[-1]]))
    return emit(rng, np.array(states)), np.array(states)
