"""Gamma and Bessel functions: what holds of them is shown, what nearly holds is refuted, nothing is had for free."""

import numpy as np
import pytest
from scipy import special
from sympy.core.symbol import Str

import chainrule as cr
from chainrule.code.source import numpy_function, numpy_module, portable_source
from chainrule.errors import NotationError, Unsupported
from chainrule.evidence import Evidence
from chainrule.judge import judge
from chainrule.notation.nodes import Apply
from chainrule.typed import FormulaError, read_formula

a = cr.scalar("a", positive=True)
x = cr.scalar("x")

PROVED = [
    cr.derive(cr.grad(cr.lgamma(a), a), cr.equals(cr.digamma(a), cr.differentiate)),
    cr.derive(cr.hessian(cr.lgamma(a), a), cr.equals(cr.trigamma(a), cr.differentiate)),
    cr.derive(cr.grad(cr.polygamma(6, a * a), a), cr.equals(2 * a * cr.polygamma(7, a**2), cr.differentiate)),
    cr.derive(
        cr.hessian(cr.log_bessel0(a), a),
        cr.equals(1 - cr.bessel_ratio(a) / a - cr.bessel_ratio(a) ** 2, cr.differentiate),
    ),
    cr.claim(cr.positive(cr.trigamma(a)), cr.positivity),
    cr.claim(cr.positive(cr.polygamma(3, a)), cr.positivity),
    cr.claim(cr.convex(cr.lgamma(a), a), cr.composition),
    cr.claim(cr.concave(cr.digamma(a), a), cr.composition),
    cr.claim(cr.convex(cr.trigamma(a), a), cr.composition),
    cr.claim(cr.concave(cr.polygamma(4, a), a), cr.composition),
    cr.claim(cr.convex(cr.log_bessel0(x), x), cr.composition),
]
REFUTED = [
    cr.derive(cr.grad(cr.lgamma(a), a), cr.equals(cr.digamma(a + 1), cr.differentiate)),
    cr.derive(cr.grad(cr.digamma(a), a), cr.equals(cr.digamma(a), cr.differentiate)),
    cr.derive(cr.grad(cr.trigamma(a), a), cr.equals(-cr.polygamma(2, a), cr.differentiate)),
    cr.derive(cr.grad(cr.polygamma(2, a), a), cr.equals(cr.polygamma(2, a) / a, cr.differentiate)),
    cr.derive(cr.grad(cr.lgamma(a), a), cr.equals(cr.log(a), cr.differentiate)),
    cr.derive(cr.lgamma(a + 1), cr.equals(cr.lgamma(a) - cr.log(a))),
    cr.derive(cr.grad(cr.log_bessel0(a), a), cr.equals(1 / cr.bessel_ratio(a), cr.differentiate)),
    cr.derive(
        cr.grad(cr.bessel_ratio(a), a),
        cr.equals(1 + cr.bessel_ratio(a) / a - cr.bessel_ratio(a) ** 2, cr.differentiate),
    ),
    cr.derive(cr.grad(cr.bessel_ratio(a), a), cr.equals(1 - cr.bessel_ratio(a) ** 2, cr.differentiate)),
    cr.claim(cr.positive(cr.digamma(a)), cr.positivity),
    cr.claim(cr.nonnegative(cr.lgamma(a)), cr.positivity),
    cr.claim(cr.positive(cr.polygamma(2, a)), cr.positivity),
    cr.claim(cr.convex(cr.digamma(a), a), cr.composition),
    cr.claim(cr.concave(cr.lgamma(a), a), cr.composition),
    cr.claim(cr.convex(cr.bessel_ratio(a), a), cr.composition),
]


@pytest.mark.parametrize("item", PROVED, ids=range(len(PROVED)))
def test_what_holds_is_proved(item):
    assert [v.evidence for v in judge(item)] == [Evidence.PROVED]


@pytest.mark.parametrize("item", REFUTED, ids=range(len(REFUTED)))
def test_what_nearly_holds_is_refuted(item):
    assert [v.evidence for v in judge(item)] == [Evidence.REFUTED]


@pytest.mark.parametrize("f", [cr.lgamma, cr.digamma, cr.trigamma, lambda t: cr.polygamma(5, t)])
def test_a_positive_argument_is_asked_for(f):
    (verdict,) = judge(cr.derive(cr.grad(f(x) - f(x), x), cr.equals(0, cr.differentiate)))
    assert verdict.evidence is Evidence.SAMPLED and "x is positive" in " ".join(verdict.obligations)


def test_the_slope_of_the_bessel_ratio_asks_for_what_it_divides_by():
    (verdict,) = judge(
        cr.derive(
            cr.grad(cr.bessel_ratio(x), x),
            cr.equals(1 - cr.bessel_ratio(x) / x - cr.bessel_ratio(x) ** 2, cr.differentiate),
        )
    )
    assert verdict.evidence is Evidence.SAMPLED and "x is nonzero" in " ".join(verdict.obligations)


def test_orders_are_whole_and_have_one_name_each():
    assert cr.polygamma(0, a) == cr.digamma(a) and cr.polygamma(1, a) == cr.trigamma(a)
    for order in (-1, True, 1.5, "2"):
        with pytest.raises(NotationError, match="order"):
            cr.polygamma(order, a)
    for name in ("polygamma", "polygamma1", "polygamma02", "polygamma-1", "polygamma²"):
        with pytest.raises(NotationError, match="unknown function"):
            Apply(Str(name), a)


def test_code_is_that_of_scipy():
    t = np.array([0.3, 1.0, 7.5, 200.0])
    v = cr.vector("v", *cr.dims("n"), positive=True)
    expected = {
        cr.lgamma(v): special.gammaln(t), cr.digamma(v): special.digamma(t), cr.trigamma(v): special.polygamma(1, t),
        cr.polygamma(4, v): special.polygamma(4, t), cr.bessel_ratio(v): special.ive(1, t) / special.ive(0, t),
        cr.log_bessel0(v): np.log(special.ive(0, t)) + t,
    }  # fmt: skip
    for formula, values in expected.items():
        np.testing.assert_allclose(numpy_function(formula)(t), values, rtol=1e-13)
        assert "from scipy import special" in numpy_module(formula)
        with pytest.raises(Unsupported, match="special"):
            portable_source(formula)


def test_code_keeps_its_digits_far_out():
    far = np.array([800.0, 1e5])
    v = cr.vector("v", *cr.dims("n"), positive=True)
    assert np.all(np.isfinite(numpy_function(cr.log_bessel0(v))(far)))
    np.testing.assert_allclose(numpy_function(cr.bessel_ratio(v))(far), 1 - 1 / (2 * far), rtol=1e-6)


def test_typed_formulas_have_them():
    read = read_formula("polygamma(2, s) + gammaln(s) + polygamma(1, s)", "s: scalar")
    s = read.symbols["s"]
    assert read.node == cr.polygamma(2, s) + cr.lgamma(s) + cr.trigamma(s)
    with pytest.raises(FormulaError, match="order"):
        read_formula("polygamma(s, s)", "s: scalar")
