"""A hidden number whose posterior is of the family of its prior: read off, shown, run, and refused where it is not."""

import importlib

import numpy as np
import pytest

from chainrule import (
    Beta,
    Exponential,
    Gamma,
    InverseGamma,
    Model,
    Normal,
    Pareto,
    Poisson,
    Rayleigh,
    dims,
    exp,
    expectation_maximisation,
    index,
    log,
    matrix,
    scalar,
    sin,
    vector,
)
from chainrule.code import numpy_function
from chainrule.errors import NotationError, Unsupported
from chainrule.evidence import Evidence
from chainrule.judge import judge
from chainrule.models.combination import combination, combined, written
from chainrule.models.natural import natural
from chainrule.notation.statements import derive, equals

student = importlib.import_module("derivations.student_t")
RNG = np.random.default_rng(2)
u = scalar("u", positive=True)
a, b = scalar("a", positive=True), scalar("b", positive=True)


def standing(item):
    return min(verdict.evidence for verdict in judge(item))


# --- combinations ---------------------------------------------------------------------------------------
FORMULAS = [
    (a + u) ** 2 / u,
    log(a / u**3),
    (u + 1) * (u - a) - log(1 + u),
    a * u * exp(2 * u) + b / (a * u),
    (2 / u) ** -2 - (a - u) * 3,
]


@pytest.mark.parametrize("f", FORMULAS, ids=str)
def test_a_combination_is_the_formula(f):
    parts = combination(f, u)
    again = combined(parts, {p: written(p) for p in parts})
    assert all(u not in c.atoms(type(u)) for c in parts.values())
    assert standing(derive(f, equals(again))) is Evidence.PROVED


@pytest.mark.parametrize("f", [1 / (a + u), log(a + u), sin(a * u), exp(a * u)], ids=str)
def test_what_is_no_combination_is_refused(f):
    with pytest.raises(Unsupported, match="u"):
        combination(f, u)


# --- families -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("family", [Gamma, InverseGamma, Beta, Exponential], ids=lambda f: f.name)
def test_the_mean_of_each_function_is_that_of_draws(family):
    u = scalar("u", **dict.fromkeys(family.support.properties, True))
    found = natural(family, u, {"u"})
    values = [2.5, 3.5][: len(found.theta)]
    draws = family.sample(RNG, *values, 400_000)
    for product, mean in found.means(found.theta).items():
        seen = numpy_function(written(product), arguments=[u])(draws)
        wanted = numpy_function(mean, arguments=list(found.theta))(*values)
        assert wanted == pytest.approx(np.mean(seen), abs=5 * np.std(seen) / len(draws) ** 0.5)
    assert all(standing(score) is Evidence.PROVED for score in found.scores)


@pytest.mark.parametrize("family", [Normal, Rayleigh, Pareto], ids=lambda f: f.name)
def test_families_of_another_kind_are_not_taken_for_one(family):
    """A normal law has coefficients that are not linear in its parameters; the support of Pareto's moves with one."""
    assert natural(family, u, {"u"}) is None


# --- models ---------------------------------------------------------------------------------------------
def test_one_step_of_student_is_the_witness():
    from numerics import student_t as by_hand

    x = RNG.standard_t(3, 50)
    space = {"np": np}
    exec(student.line.python, space)
    mu, sigma_sq = space["em_step"](x, 0.5, 2.0, 4.0)
    wanted = by_hand.step(x, by_hand.Student(0.5, 2.0, 4.0), learn=False)
    np.testing.assert_allclose([mu, sigma_sq], wanted[:2], rtol=1e-12)


def test_the_degrees_of_freedom_are_open_and_newtons():
    from numerics import student_t as by_hand

    fit = student.line.fits[2]
    assert fit.open == ("nu",)
    space = {"np": np}
    exec("from scipy import special\n" + fit.python, space)
    args = RNG.uniform(0.5, 2, 9), RNG.normal(size=9)
    score, names = space["score"], space["score"].__code__.co_varnames
    given = {"u_bar": args[0], "log_u": args[1], "nu": 3.0}
    found = score(*(given[n] for n in names[: score.__code__.co_argcount]))
    assert -found == pytest.approx(by_hand.freedom_score(3.0, *args), rel=1e-12)


def test_a_posterior_of_another_family_is_refused():
    """Times with an exponential prior of their rate: the posterior is a gamma law, and the prior is not named one."""
    (N,) = dims("N")
    i, t, v = index("i", N), vector("t", N, positive=True), vector("v", N, positive=True)
    with pytest.raises(NotationError, match="no quadratic"):
        expectation_maximisation(Model((a,), {t[i]: Exponential(v[i])}, {v[i]: Exponential(a)}))
    em = expectation_maximisation(Model((a,), {t[i]: Exponential(v[i])}, {v[i]: Gamma(1, a)}))
    assert standing(em["posterior"]) is Evidence.PROVED


def test_more_plates_than_the_hidden_number_has_are_refused():
    N, d = dims("N d")
    i, j, X = index("i", N), index("j", d), matrix("X", N, d, nonnegative=True)
    v = vector("v", N, positive=True)
    with pytest.raises(NotationError, match="drawn once for each i"):
        expectation_maximisation(Model((a, b), {X[i, j]: Poisson(v[i])}, {v[i]: Gamma(a, b)}))


def test_data_may_have_the_name_of_the_symbols():
    (N,) = dims("N")
    i, v = index("i", N), vector("v", N, positive=True)
    data = vector("v_bar", N, nonnegative=True)
    em = expectation_maximisation(Model((a, b), {data[i]: Poisson(v[i])}, {v[i]: Gamma(a, b)}))
    assert data not in em.guess and len(em.guess) == 2
