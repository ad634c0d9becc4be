"""EM climbs, for a hidden class and for a hidden vector; and every planted error is refuted at its line."""

import importlib

import numpy as np
import pytest

from chainrule import (
    Categorical,
    Exponential,
    Gaussian,
    I,
    Model,
    Normal,
    Poisson,
    choice,
    diag,
    dims,
    expectation_maximisation,
    index,
    let,
    log,
    logsumexp,
    matrix,
    ones,
    scalar,
    softmax,
    total,
    vector,
    zeros,
)
from chainrule.code import numpy_function
from chainrule.errors import NotationError
from chainrule.evidence import Evidence
from chainrule.judge import judge
from chainrule.notation.nodes import Let
from chainrule.notation.statements import derive, equals
from tests.models.test_fit import value

mixture = importlib.import_module("derivations.mixture")
factors = importlib.import_module("derivations.factor_analysis")
regressions = importlib.import_module("derivations.mixture_of_regressions")
RNG = np.random.default_rng(11)


def standing(item):
    return [verdict.evidence for verdict in judge(item)]


# --- the climb ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["exponentials", "coins"])
def test_a_step_of_each_model_is_shown_to_climb(name):
    em = getattr(mixture, name)
    assert list(em.climbing) == ["elbo", "tight", "ascent"]
    assert all(min(standing(item)) >= Evidence.CITED for item in em.climbing.values())
    assert em["ascent"] is em.ascent and em["elbo"] is em.elbo


def planted():
    """Wrong accounts of the bound and of the climb: what is wrong, and a chain whose last line has to be refuted."""
    for name in ("exponentials", "coins", "spherical"):
        em = getattr(mixture, name)
        first = em.elbo.first
        (joint,) = first.atoms(Let)
        q = matrix("q", *joint.shape, stochastic_rows=True, positive=True)
        r = softmax(joint, axis=1)
        bound = total(q * (joint - log(q)))
        yield f"{name}: the joint for its log-sum-exp", total(joint), bound - total(q * log(r / q))
        yield f"{name}: classes for examples", first, bound - total(q * log(softmax(joint, axis=0) / q))
        yield f"{name}: the entropy forgotten", first, total(r * joint)
        yield f"{name}: the divergence turned round", first, bound + total(q * log(r / q))
        yield f"{name}: one log-sum-exp for all", logsumexp(joint), total(r * (joint - log(r)))


PLANTED = list(planted())


@pytest.mark.parametrize(("what", "first", "wrong"), PLANTED, ids=[p[0] for p in PLANTED])
def test_a_wrong_bound_is_refuted(what, first, wrong):
    assert standing(derive(first, equals(wrong)))[0] is Evidence.REFUTED, what


def climbs():
    """Wrong gains: the likelihood of the wrong moment, the posterior of the wrong parameters."""
    J, J_new = (let("J", matrix("A", *dims("N K"))), let("J_new", matrix("B", *dims("N K"))))
    r, s = softmax(J, axis=1), softmax(J_new, axis=1)
    before, after = total(logsumexp(J, axis=1)), total(logsumexp(J_new, axis=1))
    gain = total(r * J_new) - total(r * J)
    yield "the likelihood before the update, twice", before - before, gain - total(r * log(s / r))
    yield "the likelihood before the update for that after", before - after, gain - total(r * log(s / r))
    yield "the posterior at the new parameters", after - before, total(s * (J_new - J)) - total(r * log(s / r))
    yield "the divergence from the wrong side", after - before, gain - total(s * log(r / s))
    yield "Q with the old weights for the old, new for the new", after - before, total(s * J_new) - total(r * J)


@pytest.mark.parametrize(("what", "first", "wrong"), list(climbs()), ids=lambda v: v if isinstance(v, str) else "")
def test_a_wrong_climb_is_refuted(what, first, wrong):
    assert standing(derive(first, equals(wrong)))[0] is Evidence.REFUTED, what


# --- a hidden vector --------------------------------------------------------------------------------------
def test_the_posterior_and_the_m_step_of_factor_analysis_are_shown():
    for em in (factors.factors, factors.components):
        assert em.posterior.kind == "lowest" and not em.held
        assert all(fit.highest and not fit.open for fit in em.fits)
        assert em.expected.place.part == "expected" and standing(em.expected) == [Evidence.PROVED]


def test_a_step_of_factor_analysis_is_the_witness():
    from numerics import factor_analysis as by_hand

    X, W, mu, psi = RNG.normal(size=(40, 4)), RNG.normal(size=(4, 2)), RNG.normal(size=4), RNG.uniform(0.5, 2, 4)
    em = factors.factors
    Z = value(em.posterior_mean, X=X, W=W, mu=mu, psi=psi)
    V = value(em.posterior_covariance, W=W, psi=psi)
    np.testing.assert_allclose(Z, by_hand.posterior_means(X, W, mu, psi), rtol=1e-12)
    loadings = value(em.steps["W"].value, X=X, mu=mu, Z_bar=Z, V=V)
    noise = value(em.steps["psi"].value, X=X, mu=mu, Z_bar=Z, V=V)
    np.testing.assert_allclose(loadings, by_hand.loadings(X, mu, Z, V), rtol=1e-11)
    np.testing.assert_allclose(noise, by_hand.noise(X, mu, Z, loadings), rtol=1e-11)
    before = by_hand.log_likelihood(X, W, mu, psi)
    assert by_hand.log_likelihood(X, loadings, mu, noise) > before


def test_a_mean_that_is_not_known_is_held_with_the_loadings():
    f = factors
    model = Model((f.W, f.mu, f.psi), {f.X[f.i]: Gaussian(f.W @ f.Z[f.i] + f.mu, diag(f.psi))}, f.hidden)
    assert expectation_maximisation(model).held == ("W", "mu")


def test_a_spread_that_is_not_the_same_for_all_has_an_axis_for_the_examples():
    """y[i] = w z[i] + noise with a known precision t[i] for each example."""
    (N,) = dims("N")
    i, y, z, t = index("i", N), vector("y", N), vector("z", N), vector("t", N, positive=True)
    w = scalar("w")

    em = expectation_maximisation(Model((w,), {y[i]: Normal(w * z[i], 1 / t[i])}, {z[i]: Normal(0, 1)}))
    data, precision = RNG.normal(size=7), RNG.uniform(0.5, 2, 7)
    V = value(em.posterior_covariance, t=precision, w=1.5)
    m = value(em.posterior_mean, y=data, t=precision, w=1.5)
    np.testing.assert_allclose(V, 1 / (1 + precision * 1.5**2), rtol=1e-13)
    np.testing.assert_allclose(m, V * precision * 1.5 * data, rtol=1e-13)
    found = value(em.steps["w"].value, y=data, t=precision, z_bar=m, V=V)
    assert found == pytest.approx(np.sum(precision * data * m) / np.sum(precision * (m**2 + V)), rel=1e-12)
    assert min(e for item in em.values() for e in standing(item)) >= Evidence.CITED


def test_what_is_no_quadratic_is_refused():
    (N,) = dims("N")
    i, t, u, a = index("i", N), vector("t", N, positive=True), vector("u", N, positive=True), scalar("a", positive=True)
    with pytest.raises(NotationError, match="no quadratic"):
        expectation_maximisation(Model((a,), {t[i]: Exponential(u[i])}, {u[i]: Exponential(a)}))


def test_two_hidden_things_are_refused():
    N, K = dims("N K")
    i, z, u, x = index("i", N), choice("z", N, K), vector("u", N), vector("x", N)
    pi, mu = vector("pi", K, simplex=True), vector("mu", K)

    with pytest.raises(NotationError, match="one thing an example is hidden"):
        seen = {x[i]: Normal(mu[z[i]] + u[i], 1)}
        expectation_maximisation(Model((pi, mu), seen, {z[i]: Categorical(pi), u[i]: Normal(0, 1)}))


def posteriors():
    """Wrong posteriors: put into the gradient of the log joint they leave something."""
    f = factors
    x, q = vector("x", f.d), f.q
    inner = f.W.T @ diag(1 / f.psi)
    A = I(q) + inner @ f.W
    yield "the mean of the points forgotten", A.I @ inner @ x
    yield "the prior forgotten", (inner @ f.W).I @ inner @ (x - f.mu)
    yield "the noise forgotten", A.I @ f.W.T @ (x - f.mu)
    yield "not divided", inner @ (x - f.mu)
    yield "the noise turned over", A.I @ f.W.T @ diag(f.psi) @ (x - f.mu)


@pytest.mark.parametrize(("what", "wrong"), list(posteriors()), ids=lambda v: v if isinstance(v, str) else "")
def test_a_wrong_posterior_mean_is_refuted(what, wrong):
    em = factors.factors
    slope = em.posterior.gradient.last.at(em.posterior.variable, wrong)
    assert standing(derive(slope, equals(0)))[0] is Evidence.REFUTED, what


def spreads():
    """Wrong posterior covariances: times the curvature they are not I."""
    f = factors
    inner = f.W.T @ diag(1 / f.psi) @ f.W
    yield "the curvature for its inverse", I(f.q) + inner
    yield "the covariance of x for the noise", (I(f.q) + f.W.T @ f.W).I
    yield "the prior's", I(f.q)


@pytest.mark.parametrize(("what", "wrong"), list(spreads()), ids=lambda v: v if isinstance(v, str) else "")
def test_a_wrong_posterior_covariance_is_refuted(what, wrong):
    em = factors.factors
    assert standing(derive(wrong @ em.posterior.curvature.last, equals(I(factors.q))))[0] is Evidence.REFUTED, what


def hidden_vector_steps():
    """Wrong M-steps of factor analysis: put into the gradient of Q they leave something."""
    f = factors
    em, Z, V = f.factors, f.factors.mean, f.factors.spread
    away = f.X - ones(f.N) @ f.mu.T
    loadings, noise = (next(s for fit in em.fits for s in fit.steps if s.variable.name == n) for n in ("W", "psi"))
    yield "how unsure the factors are forgotten", loadings, away.T @ Z @ (Z.T @ Z).I
    yield "one spread for N", loadings, away.T @ Z @ (Z.T @ Z + V).I
    yield "the mean of the points forgotten", loadings, f.X.T @ Z @ (Z.T @ Z + f.N * V).I
    yield "the same, in the noise", noise, noise.point.value.at(f.mu, zeros(f.d))
    yield "the spread forgotten in the noise", noise, noise.point.value.at(V, V * 0)
    yield "N - 1 for N in the noise", noise, noise.point.value * f.N / (f.N - 1)
    yield "the old loadings forgotten", noise, noise.point.value.at(f.W, zeros(f.d, f.q))
    one = next(s for fit in f.components.fits for s in fit.steps if s.variable.name == "sigma_sq")
    yield "the sum over coordinates for their mean", one, one.point.value * f.d
    yield "the spread forgotten in the one noise", one, one.point.value.at(f.components.spread, V * 0)


HIDDEN = list(hidden_vector_steps())


@pytest.mark.parametrize(("what", "step", "wrong"), HIDDEN, ids=[h[0] for h in HIDDEN])
def test_a_wrong_m_step_of_a_hidden_vector_is_refuted(what, step, wrong):
    assert standing(derive(step.gradient.last.at(step.variable, wrong), equals(0)))[0] is Evidence.REFUTED, what


# --- regressions ------------------------------------------------------------------------------------------
def lines():
    """Wrong M-steps of a mixture of regressions."""
    r = regressions
    em, X, y = r.lines, r.X, r.y
    w = em.w
    slope, spread = em.of_class.of(r.w), em.of_class.of(r.sigma_sq)
    yield "all examples alike", slope, (X.T @ X).I @ X.T @ y
    yield "the weight on one side only", slope, (X.T @ X).I @ X.T @ (w * y)
    yield "the weight squared", slope, (X.T @ diag(w**2) @ X).I @ X.T @ (w**2 * y)
    yield "all examples alike, in the variance", spread, spread.point.value.at(w, w * 0 + 1)
    yield "N for n_k in the variance", spread, spread.point.value * total(w) / r.N


@pytest.mark.parametrize(("what", "step", "wrong"), list(lines()), ids=lambda v: v if isinstance(v, str) else "")
def test_a_wrong_line_is_refuted(what, step, wrong):
    assert standing(derive(step.gradient.last.at(step.variable, wrong), equals(0)))[0] is Evidence.REFUTED, what


def test_what_has_no_closed_form_is_a_score_and_a_hessian():
    from numerics import mixture_of_regressions as by_hand

    em = regressions.curves
    assert em.of_class.open == ("w",)
    X, b, r, w = RNG.normal(size=(30, 3)), RNG.integers(0, 2, 30), RNG.uniform(size=30), RNG.normal(size=3)
    space = {"np": np}
    exec(em.of_class.python, space)
    labels, column, row = 2 * b - 1, r[:, None], w[None, :]
    score, bent = by_hand.weighted_gradient(X, labels, column, row)[0], by_hand.weighted_hessian(X, column, row)[0]
    np.testing.assert_allclose(space["score"](X, b, r, w), score, rtol=1e-12)
    np.testing.assert_allclose(space["hessian"](X, b, r, w), bent, rtol=1e-12)


# --- the step as code -------------------------------------------------------------------------------------
def run(em, *data):
    space = {"np": np}
    exec(em.python, space)
    return space["em_step"](*data)


def test_one_step_is_one_function():
    from numerics import mixture as by_hand

    X, pi, mu = RNG.normal(size=(30, 3)), RNG.dirichlet(np.ones(2)), RNG.normal(size=(2, 3))
    half = RNG.normal(size=(2, 3, 3))
    Sigma = half @ np.swapaxes(half, 1, 2) + np.eye(3)
    r = by_hand.responsibilities(X, pi, mu, Sigma)
    means = by_hand.means(X, r)
    expected = r.mean(axis=0), means, by_hand.covariances_full(X, r, means)
    for found, wanted in zip(run(mixture.full, X, pi, mu, Sigma), expected, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-14)


def test_parameters_that_hold_each_other_take_turns_and_climb():
    from numerics import factor_analysis as by_hand

    f = factors
    model = Model((f.W, f.mu, f.psi), {f.X[f.i]: Gaussian(f.W @ f.Z[f.i] + f.mu, diag(f.psi))}, f.hidden)
    em = expectation_maximisation(model)
    X, theta = RNG.normal(size=(60, 4)), (RNG.normal(size=(4, 2)), RNG.normal(size=4), RNG.uniform(0.5, 2, 4))
    reached = [by_hand.log_likelihood(X, *theta)]
    for _ in range(20):
        theta = run(em, X, *theta)
        reached.append(by_hand.log_likelihood(X, *theta))
    assert min(np.diff(reached)) > 0


def test_data_may_have_the_usual_name_of_the_responsibilities():
    """The weights of the M-step once were r whatever the data were called: data r were weighted by themselves."""
    N, K = dims("N K")
    i, z, pi = index("i", N), choice("z", N, K), vector("pi", K, simplex=True)
    lam, x, r = vector("lam", K, positive=True), np.array([1.0, 4.0, 2.0]), np.array([[0.5, 0.5], [0.25, 0.75], [1, 0]])
    for name in ("k", "r"):
        data = vector(name, N, nonnegative=True)
        model = Model(parameters=(pi, lam), hidden={z[i]: Categorical(pi)}, seen={data[i]: Poisson(lam[z[i]])})
        poissons = expectation_maximisation(model)
        step = numpy_function(poissons.steps["lam"].value, arguments=[data, poissons.r])
        np.testing.assert_allclose(step(x, r), r.T @ x / r.sum(axis=0))


def test_loadings_are_found_whatever_the_covariance_of_the_noise():
    """C^-1 stood on the left of both terms, once with its axes turned round, and was taken for two matrices."""
    N, a, b = dims("N a b")
    i, H, Y, B = index("i", N), matrix("H", N, a), matrix("Y", N, b), matrix("B", b, a)
    C = matrix("C", b, b, positive_definite=True)
    em = expectation_maximisation(Model((B, C), {Y[i]: Gaussian(B @ H[i], C)}, {H[i]: Gaussian(zeros(a), I(a))}))
    assert not em.held and all(fit.highest for fit in em.fits)
    y, h, V = RNG.normal(size=(9, 3)), RNG.normal(size=(9, 2)), np.diag([0.5, 0.25])
    found = value(em.steps["B"].value, Y=y, H_bar=h, V=V)
    np.testing.assert_allclose(found, np.linalg.solve(h.T @ h + 9 * V, h.T @ y).T, rtol=1e-12)
