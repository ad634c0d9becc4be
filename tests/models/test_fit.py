"""Maximum likelihood and EM against SciPy's fits and against their own objective, perturbed."""

import importlib

import numpy as np
import pytest
import scipy.stats as st

from chainrule import (
    Categorical,
    InverseGamma,
    Model,
    Normal,
    Pareto,
    Uniform,
    choice,
    dims,
    expectation_maximisation,
    index,
    maximum_likelihood,
    scalar,
    total,
    vector,
)
from chainrule.code import numpy_source
from chainrule.evidence import Evidence
from chainrule.judge import judge
from chainrule.notation.nodes import Let, Var
from chainrule.notation.statements import derive, equals

mle = importlib.import_module("derivations.maximum_likelihood")
mixture = importlib.import_module("derivations.mixture")
RNG = np.random.default_rng(7)
TIMES = RNG.gamma(3.0, 2.0, 200)


def value(formula, **symbols):
    """The generated code of a formula, run."""
    names = sorted((v for v in formula.atoms(Var)), key=lambda v: v.name)
    space: dict = {"np": np}
    exec(numpy_source(formula, "f", names), space)
    return space["f"](*(symbols[v.name] for v in names))


SCIPY = {
    "exponential": ("rate", lambda x: 1 / st.expon.fit(x, floc=0)[1]),
    "rayleigh": ("sigma_sq", lambda x: st.rayleigh.fit(x, floc=0)[1] ** 2),
    "normal": ("sigma_sq", lambda x: st.norm.fit(x)[1] ** 2),
    "log_normal": ("sigma_sq", lambda x: st.lognorm.fit(x, floc=0)[0] ** 2),
    "uniform": ("high", lambda x: sum(st.uniform.fit(x))),
    "from_zero": ("theta", lambda x: st.uniform.fit(x, floc=0)[1]),
    "whole_pareto": ("least", lambda x: st.pareto.fit(x, floc=0)[2]),
}


@pytest.mark.parametrize("name", SCIPY)
def test_the_estimate_is_scipys(name):
    parameter, fit = SCIPY[name]
    estimate = getattr(mle, name).estimates[parameter].value
    found = value(estimate, x=TIMES, t=TIMES)
    assert found == pytest.approx(fit(TIMES), rel=1e-12)


def test_every_model_of_the_chapter_is_shown_highest():
    fits = [v for v in vars(mle).values() if type(v).__name__ == "Fit"]
    assert len(fits) == 29 and all(f.highest and not f.open for f in fits)


@pytest.mark.parametrize("name", ["full", "shared", "diagonal", "spherical", "exponentials", "coins", "rayleighs"])
def test_the_m_step_is_shown_highest(name):
    em = getattr(mixture, name)
    assert all(f.highest and not f.open for f in em.fits)


def test_the_m_step_of_every_covariance_is_the_witness():
    from numerics import mixture as by_hand

    X, r = RNG.normal(size=(30, 3)), RNG.dirichlet(np.ones(2), size=30)
    mu = by_hand.means(X, r)
    checks = (
        ("full", "Sigma", by_hand.covariances_full(X, r, mu)),
        ("shared", "Sigma", by_hand.covariance_tied(X, r, mu)),
        ("diagonal", "v", by_hand.variances_diagonal(X, r, mu)),
        ("spherical", "sigma_sq", by_hand.variances_spherical(X, r, mu)),
        ("full", "pi", r.mean(axis=0)),
        ("full", "mu", mu),
    )
    for name, parameter, expected in checks:
        step = getattr(mixture, name).steps[parameter].value
        np.testing.assert_allclose(value(step, X=X, r=r), expected, rtol=1e-12, atol=1e-14)


def test_items_of_one_model_have_places_of_their_own():
    """The report numbers lines by place, and says by it what a reason leans on."""
    for found in (mle.normal, mixture.full):
        places = {item.place for item in found.values()}
        assert len(places) == len(found)
        leaned = {f.place for d in found.values() for line in getattr(d, "lines", ()) for f in line.reason.facts}
        assert {p for p in leaned if p.part} <= places


def test_parameters_that_ask_for_each_other_are_held():
    """A mean for all classes and a variance for each: no closed M-step, but two that hold each other."""
    N, K = dims("N K")
    i, x, z = index("i", N), vector("x", N), choice("z", N, K)
    pi, m, sigma_sq = vector("pi", K, simplex=True), scalar("m"), vector("sigma_sq", K, positive=True)
    seen = {x[i]: Normal(m, sigma_sq[z[i]])}
    em = expectation_maximisation(Model((pi, m, sigma_sq), seen, hidden={z[i]: Categorical(pi)}))
    assert em.held == ("m", "sigma_sq") and not mixture.shared.held
    data, r, v = RNG.normal(size=9), RNG.dirichlet(np.ones(2), size=9), np.array([0.5, 2.0])
    by_hand = np.sum(r * data[:, None] / v) / np.sum(r / v)
    assert value(em.steps["m"].value, x=data, r=r, sigma_sq=v) == pytest.approx(by_hand, rel=1e-13)
    spread = np.sum(r * (data[:, None] - 0.3) ** 2, axis=0) / r.sum(axis=0)
    np.testing.assert_allclose(value(em.steps["sigma_sq"].value, x=data, r=r, m=0.3), spread, rtol=1e-13)


def estimates():
    """Wrong estimates, each with the name of the fit, the parameter and what was forgotten."""
    N, d = mle.N, mle.d
    normal, gaussian, exponential = mle.normal, mle.gaussian, mle.exponential
    yield "N - 1 for N", normal.of(mle.sigma_sq), normal.of(mle.sigma_sq).point.value * N / (N - 1)
    yield "no square root taken", exponential.of(mle.rate), 1 / exponential.of(mle.rate).point.value
    yield "a sum for a mean", normal.of(mle.m), normal.of(mle.m).point.value * N
    yield "a factor of the dimension", gaussian.of(mle.Sigma), gaussian.of(mle.Sigma).point.value * d
    yield "twice the variance", mle.rayleigh.of(mle.sigma_sq), 2 * mle.rayleigh.of(mle.sigma_sq).point.value
    yield "of all classes", mle.categorical.of(mle.pi), 1 - mle.categorical.of(mle.pi).point.value
    yield "failures counted as throws", mle.geometric.of(mle.p), N / (N / mle.geometric.of(mle.p).point.value + N)


@pytest.mark.parametrize(("what", "step", "wrong"), list(estimates()), ids=lambda v: v if isinstance(v, str) else "")
def test_a_wrong_estimate_is_refuted_where_the_score_should_vanish(what, step, wrong):
    first = step.gradient.last.at(step.variable, wrong)
    push = step.stationary.last if step.multipliers else 0
    verdict = judge(derive(first, equals(push), given=()))[0]
    assert verdict.evidence is Evidence.REFUTED, what


def weighted():
    """Wrong M-steps of one class: the point, put into the weighted score, has to leave something."""
    n, w = mixture.N, mixture.full.w
    for name, parameter in (("full", "Sigma"), ("full", "mu"), ("diagonal", "v"), ("spherical", "sigma_sq")):
        step = next(s for s in getattr(mixture, name).of_class.steps if s.variable.name == parameter)
        right = step.point.value
        yield f"{name} {parameter}: N for n_k", step, right * total(w) / n
        yield f"{name} {parameter}: the weight forgotten", step, right.at(w, w * 0 + 1)
        yield f"{name} {parameter}: the weight squared", step, right.at(w, w**2)
        yield f"{name} {parameter}: not divided", step, right * total(w)
    for name, parameter in (("exponentials", "rate"), ("coins", "p"), ("rayleighs", "sigma_sq")):
        step = next(s for s in getattr(mixture, name).of_class.steps if s.variable.name == parameter)
        yield f"{name}: the weight forgotten", step, step.point.value.at(w, w * 0 + 1)
        yield f"{name}: upside down", step, 1 / (1 + step.point.value)


@pytest.mark.parametrize(("what", "step", "wrong"), list(weighted()), ids=lambda v: v if isinstance(v, str) else "")
def test_a_wrong_m_step_is_refuted(what, step, wrong):
    verdict = judge(derive(step.gradient.last.at(step.variable, wrong), equals(0)))[0]
    assert verdict.evidence is Evidence.REFUTED, what


def test_the_data_hold_the_end_of_their_support():
    """Both ends at once, whichever parameter is named first; and an estimate inside asks that the data allow it."""
    N = dims("N")[0]
    i, x, t = index("i", N), vector("x", N), vector("t", N, positive=True)
    least, alpha, b = scalar("least", positive=True), scalar("alpha", positive=True), scalar("b", positive=True)
    for order in ((least, alpha), (alpha, least)):
        fit = maximum_likelihood(Model(parameters=order, seen={t[i]: Pareto(alpha, least)}))
        assert fit.highest and value(fit.estimates["least"].value, t=TIMES) == TIMES.min()
        exponent = value(fit.estimates["alpha"].value, t=TIMES)
        assert exponent == pytest.approx(st.pareto.fit(TIMES, floc=0, fscale=TIMES.min())[0], rel=1e-12)
    held = maximum_likelihood(Model(parameters=(b,), seen={x[i]: Uniform(0, b)}, prior={b: InverseGamma(2, 3)}))
    (step,) = held.steps
    bounded = [a for a in step.given if x in set().union(*(f.atoms(Var) for f in a.statement.formulas))]
    assert step.point is not None and any(step.point in f.atoms(Let) for a in bounded for f in a.statement.formulas)
