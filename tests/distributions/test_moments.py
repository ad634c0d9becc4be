"""Integrals over a support: wrong densities and wrong moments are refuted, and no tail is believed without a proof."""

import pytest
from flint import acb, arb

import chainrule as cr
from chainrule.distributions.family import COUNT, POSITIVE, REAL, UNIT, family
from chainrule.errors import NotationError
from chainrule.evidence import Evidence
from chainrule.judge import judge
from chainrule.notation.nodes import as_node
from chainrule.worlds.arithmetic import precision
from chainrule.worlds.complex import Complex
from chainrule.worlds.integral import Integrand
from chainrule.worlds.world import world_of

x, m, c, d = cr.scalar("x"), cr.scalar("m"), cr.scalar("c"), cr.scalar("d")
a, b, n = (cr.scalar(name, positive=True) for name in "abn")
p = cr.scalar("p", unit_interval=True)


def law(formula, domain, support, at, **more):
    made = family("Planted", domain=domain, support=support, sample=None, source="nowhere", **more)(formula)
    return made(*at)


TWO = {"a": POSITIVE, "b": POSITIVE}
LOCATED = {"m": REAL, "b": POSITIVE}
WRONG_DENSITIES = {
    "normal without the root of its variance": law(
        lambda x, m, b: -cr.log(2 * cr.pi * b) - (x - m) ** 2 / (2 * b), LOCATED, REAL, (m, b)
    ),
    "normal without its half": law(
        lambda x, m, b: -cr.log(2 * cr.pi * b) / 2 - (x - m) ** 2 / b, LOCATED, REAL, (m, b)
    ),
    "Laplace over one half": law(lambda x, m, b: -cr.log(b) - cr.abs_(x - m) / b, LOCATED, REAL, (m, b)),
    "gamma by its scale": law(
        lambda x, a, b: a * cr.log(b) - cr.lgamma(a) + (a - 1) * cr.log(x) - x / b, TWO, POSITIVE, (a, b)
    ),
    "gamma with the exponent of a": law(
        lambda x, a, b: a * cr.log(b) - cr.lgamma(a) + a * cr.log(x) - b * x, TWO, POSITIVE, (a, b)
    ),
    "gamma with Gamma(a + 1)": law(
        lambda x, a, b: a * cr.log(b) - cr.lgamma(a + 1) + (a - 1) * cr.log(x) - b * x, TWO, POSITIVE, (a, b)
    ),
    "inverse gamma with the exponent of gamma": law(
        lambda x, a, b: a * cr.log(b) - cr.lgamma(a) - a * cr.log(x) - b / x, TWO, POSITIVE, (a + 1, b)
    ),
    "Weibull without its shape": law(
        lambda x, a, b: -cr.log(b) + (a - 1) * cr.log(x) - x**a / b, TWO, POSITIVE, (a, b)
    ),
    "log-normal without 1/x": law(
        lambda x, m, b: -cr.log(2 * cr.pi * b) / 2 - (cr.log(x) - m) ** 2 / (2 * b), LOCATED, POSITIVE, (m, b)
    ),
    "inverse Gaussian with x^2": law(
        lambda x, a, b: (cr.log(b) - cr.log(2 * cr.pi * x**2)) / 2 - b * (x - a) ** 2 / (2 * a**2 * x),
        TWO, POSITIVE, (a, b),
    ),
    "Pareto with one power less": law(
        lambda x, a, b: cr.log(a) + a * cr.log(b) - a * cr.log(x), TWO, POSITIVE, (a + 1, b),
        ends=lambda a, b: (b, None),
    ),
    "beta with the exponents of a and b": law(
        lambda x, a, b: cr.lgamma(a + b) - cr.lgamma(a) - cr.lgamma(b) + a * cr.log(x) + b * cr.log(1 - x),
        TWO, UNIT, (a, b), ends=lambda a, b: (as_node(0), as_node(1)),
    ),
    "von Mises without I_0": law(
        lambda x, m, b: b * cr.cos(x - m) - cr.log(2 * cr.pi), LOCATED, REAL, (m, b),
        ends=lambda m, b: (-cr.pi, cr.pi),
    ),
    "uniform on twice the interval": law(
        lambda x, m, b: -cr.log(2 * b), LOCATED, REAL, (m, b), ends=lambda m, b: (m, m + b)
    ),
    "Poisson without the factorial's one": law(
        lambda x, a: x * cr.log(a) - a - cr.lgamma(x + 2), {"a": POSITIVE}, COUNT, (a,)
    ),
    "binomial without its choice": law(
        lambda x, a, p: x * cr.log(p) + (a - x) * cr.log(1 - p), {"a": POSITIVE, "p": UNIT}, COUNT, (n, p),
        ends=lambda a, p: (as_node(0), a),
    ),
    "geometric from 0": law(
        lambda x, p: cr.log(p) + (x - 1) * cr.log(1 - p), {"p": UNIT}, COUNT, (p,), ends=lambda p: (as_node(0), None)
    ),
}  # fmt: skip
WRONG_MOMENTS = {
    "gamma by its scale": cr.averages(cr.Gamma(a, b), x, x, a * b),
    "the variance of gamma": cr.averages(cr.Gamma(a, b), x, (x - a / b) ** 2, a / b),
    "the square for the variance": cr.averages(cr.Normal(m, b), x, x**2, b),
    "the deviation for the variance": cr.averages(cr.Normal(m, b), x, (x - m) ** 2, b**2),
    "the variance of Laplace": cr.averages(cr.Laplace(m, b), x, (x - m) ** 2, b**2),
    "the mean of log-normal": cr.averages(cr.LogNormal(m, b), x, x, cr.exp(m)),
    "the median of exponential": cr.averages(cr.Exponential(a), x, x, cr.log(2) / a),
    "the mode of Rayleigh": cr.averages(cr.Rayleigh(b), x, x, cr.sqrt(b)),
    "the variance of inverse Gaussian": cr.averages(cr.InverseGaussian(a, b), x, (x - a) ** 2, a**3 * b),
    "the variance of uniform": cr.averages(
        cr.Uniform(m, m + b), x, (x - m - b / 2) ** 2, b**2 / 6
    ),
    "the mode of beta": cr.averages(cr.Beta(a + 1, b + 1), x, x, a / (a + b)),
    "the variance of Poisson": cr.averages(cr.Poisson(a), x, x**2, a),
    "the variance of binomial": cr.averages(cr.Binomial(n, p), x, (x - n * p) ** 2, n * p),
    "the failures of geometric": cr.averages(cr.Geometric(p), x, x, (1 - p) / p),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_DENSITIES)
def test_a_wrong_density_is_refuted_with_its_parameters(name):
    planted = WRONG_DENSITIES[name]
    (verdict,) = judge(cr.averages(planted, x, 1, 1))
    assert verdict.evidence is Evidence.REFUTED, verdict.why
    assert verdict.counterexample is not None and verdict.counterexample.values
    assert verdict.counterexample.right == "1.00000000000"


@pytest.mark.parametrize("name", WRONG_MOMENTS)
def test_a_wrong_moment_is_refuted(name):
    (verdict,) = judge(WRONG_MOMENTS[name])
    assert verdict.evidence is Evidence.REFUTED, verdict.why


def test_a_moment_that_does_not_exist_is_not_shown():
    heavy = cr.Pareto(cr.rational(3, 2), b)
    (verdict,) = judge(cr.averages(heavy, x, x**2, 7))
    assert verdict.evidence is Evidence.OPEN
    (mean,) = judge(cr.averages(heavy, x, x, 3 * b))
    assert mean.evidence is Evidence.SAMPLED


def test_a_tail_is_not_believed_without_a_proof():
    cauchy = cr.StudentT(1, 0, 1)
    (verdict,) = judge(cr.averages(cauchy, x, 1, 1))
    assert verdict.evidence is Evidence.OPEN and "not shown log-concave" in verdict.why
    (mixed,) = judge(cr.averages(cr.NegativeBinomial(a, p), x, 1, 1))
    assert mixed.evidence is Evidence.OPEN and "not bounded" in mixed.why


def test_a_density_without_a_real_value_shows_nothing():
    """log(x - 5) below 5 is no real number: what exp makes of its complex value is no density."""
    odd = law(lambda x, b: cr.log(x - 5) - cr.log(b), {"b": POSITIVE}, REAL, (b,), ends=lambda b: (as_node(0), b))
    (verdict,) = judge(cr.averages(odd, x, 1, 1))
    assert verdict.evidence is Evidence.OPEN


def test_a_weight_that_is_no_polynomial_has_no_bound():
    (verdict,) = judge(cr.averages(cr.Gamma(a, b), x, cr.log(x), cr.digamma(a) - cr.log(b)))
    assert verdict.evidence is Evidence.OPEN and "polynomial" in verdict.why


def test_what_cannot_be_integrated_is_refused():
    (size,) = cr.dims("k")
    with pytest.raises(NotationError, match="one number"):
        cr.averages(cr.Categorical(cr.vector("pi", size, simplex=True)), cr.vector("v", size), 1, 1)
    with pytest.raises(NotationError, match="stands in a parameter"):
        cr.averages(cr.Normal(x, b), x, x, x)


def test_the_ball_holds_the_integral():
    """The tail that is cut off is in the ball: the normal integral is 1, and so is the ball's middle, to its width."""
    found = Integrand(cr.Normal(m, b).log_density(x), x, as_node(1), (None, None), False).enclosed(
        world_of({m: 3, b: 2}), True
    )
    with precision(200):
        assert found.contains(1) and 0 < found.rad() < arb(10) ** -30


def test_no_branch_is_crossed():
    """On a ball that touches the cut of log, the kink of |x| or a pole of Gamma there is no value."""
    across, left = acb(arb(0, 1), arb(0, 1)), acb(-1)
    assert not Complex(True).apply("log", across).is_finite()
    assert not Complex(True).apply("abs", across).is_finite()
    assert not Complex(True).apply("lgamma", across).is_finite()
    assert not Complex(False).apply("log", left).is_finite()
    assert Complex(False).apply("abs", left) == 1
