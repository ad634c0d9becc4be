"""Baum and Welch's step from a declaration: against all paths written out, against the witness, and climbing."""

import importlib
from itertools import pairwise, product

import numpy as np
import pytest
from scipy.stats import poisson

from chainrule import (
    Markov,
    Model,
    Normal,
    Poisson,
    choice,
    dims,
    expectation_maximisation,
    index,
    matrix,
    scalar,
    vector,
)
from chainrule.code import numpy_function
from chainrule.errors import NotationError
from chainrule.evidence import Evidence
from chainrule.judge import judge

chapter = importlib.import_module("derivations.baum_welch")
RNG = np.random.default_rng(4)
PI, A, LAM = np.array([0.6, 0.4]), np.array([[0.9, 0.1], [0.3, 0.7]]), np.array([1.0, 6.0])
COUNTS = np.array([0, 5, 7, 1, 2, 8])


def value(formula, **symbols):
    names = sorted((v for v in chapter.counts.model.parameters), key=lambda v: v.name)
    return numpy_function(formula, arguments=[chapter.n, *names])(COUNTS, *(symbols[v.name] for v in names))


def paths():
    """The probability of every path together with what is seen."""
    for path in product(range(2), repeat=len(COUNTS)):
        p = PI[path[0]] * np.prod([A[i, j] for i, j in pairwise(path)])
        yield path, p * np.prod(poisson(LAM[list(path)]).pmf(COUNTS))


def test_the_e_step_is_that_of_all_paths():
    gamma, xi, whole = np.zeros((6, 2)), np.zeros((6, 2, 2)), 0.0
    for path, p in paths():
        whole += p
        for t, k in enumerate(path):
            gamma[t, k] += p
            if t:
                xi[t, path[t - 1], k] += p
    here = {"pi": PI, "A": A, "lam": LAM}
    em = chapter.counts
    np.testing.assert_allclose(value(em.marginals, **here), gamma / whole, rtol=1e-12)
    np.testing.assert_allclose(value(em.pairs, **here), xi / whole, rtol=1e-12, atol=1e-16)
    np.testing.assert_allclose(value(em.start, **here), gamma[0] / whole, rtol=1e-12)


def run(em, *data):
    space: dict = {"np": np, "special": importlib.import_module("scipy.special")}
    exec(em.python, space)
    return space["em_step"](*data)


def test_one_step_is_the_witness_and_steps_climb():
    from numerics import hidden_markov as by_hand
    from numerics.mixtures_of import POISSON

    x, _ = by_hand.sample(RNG, 300, PI, A, lambda rng, states: rng.poisson(LAM[states]))
    pi, moves, lam = np.array([0.5, 0.5]), np.full((2, 2), 0.5) + 0.2 * np.eye(2) - 0.1, np.array([2.0, 4.0])
    reached = []
    for _ in range(15):
        log_b = POISSON.log_density(x, lam)
        gamma, xi, likelihood = by_hand.posteriors(log_b, pi, moves)
        reached.append(likelihood)
        wanted = by_hand.first_state(gamma), by_hand.transitions(xi), by_hand.poisson_rates(x, gamma)
        pi, moves, lam = run(chapter.counts, x, pi, moves, lam)
        for found, right in zip((pi, moves, lam), wanted, strict=True):
            np.testing.assert_allclose(found, right, rtol=1e-9, atol=1e-12)
    assert np.min(np.diff(reached)) > -1e-9 and reached[-1] > reached[0] + 1


def test_every_m_step_is_shown_highest():
    for em in (chapter.counts, chapter.letters, chapter.points):
        assert all(fit.highest and not fit.open for fit in em.fits) and not em.held
    item = chapter.counts["lam.lowest"]
    assert min(v.evidence for v in judge(item)) >= Evidence.CITED


def test_the_law_of_a_path_is_the_product_of_its_moves():
    T, K = dims("T K")
    z, pi, move = matrix("z", T, K, one_hot_rows=True), vector("pi", K, simplex=True), matrix("A", K, K)
    f = numpy_function(Markov(pi, move).log_density(z), arguments=[z, pi, move])
    rows = Markov.sample(RNG, PI, A, 9)
    states = rows.argmax(axis=1)
    wanted = np.log(PI[states[0]]) + sum(np.log(A[i, j]) for i, j in pairwise(states))
    assert f(rows, PI, A) == pytest.approx(wanted, rel=1e-12)


def test_what_states_share_is_found_with_all_of_them():
    T, K = dims("T K")
    t, z, x = index("t", T), choice("z", T, K), vector("x", T)
    pi, move = vector("pi", K, simplex=True), matrix("A", K, K, stochastic_rows=True)
    mu, sigma_sq = vector("mu", K), scalar("sigma_sq", positive=True)
    em = expectation_maximisation(Model((mu, sigma_sq), {x[t]: Normal(mu[z[t]], sigma_sq)}, {z[t]: Markov(pi, move)}))
    data, gamma, centres = RNG.normal(size=8), RNG.dirichlet(np.ones(2), 8), np.array([0.0, 1.0])
    shared = em.shared[0].estimates["sigma_sq"].value
    names = {x: data, em.gamma: gamma, mu: centres}
    found = numpy_function(shared, arguments=list(names))(*names.values())
    assert found == pytest.approx(np.sum(gamma * (data[:, None] - centres) ** 2) / 8, rel=1e-12)
    assert set(em.steps) == {"mu", "sigma_sq"}


def test_what_is_seen_more_than_once_a_moment_is_refused():
    T, K, d = dims("T K d")
    t, j, z, X = index("t", T), index("j", d), choice("z", T, K), matrix("X", T, d, nonnegative=True)
    pi, move = vector("pi", K, simplex=True), matrix("A", K, K, stochastic_rows=True)
    lam = vector("lam", K, positive=True)
    with pytest.raises(NotationError, match="once a moment"):
        expectation_maximisation(Model((lam,), {X[t, j]: Poisson(lam[z[t]])}, {z[t]: Markov(pi, move)}))


def test_moves_are_declared_to_be_probabilities():
    T, K = dims("T K")
    t, z, n = index("t", T), choice("z", T, K), vector("n", T, nonnegative=True)
    pi, move, lam = vector("pi", K, simplex=True), matrix("A", K, K), vector("lam", K, positive=True)
    with pytest.raises(NotationError, match="stochastic"):
        Model((lam, move), {n[t]: Poisson(lam[z[t]])}, {z[t]: Markov(pi, move)})
