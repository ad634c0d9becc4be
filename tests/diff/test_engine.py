"""Derivatives of typed formulas: shapes, conventions, domains, steps, limits."""

import time

import pytest

from chainrule.diff import derived
from chainrule.diff.domain import plainly
from chainrule.diff.steps import steps
from chainrule.errors import NotationError, Unsupported
from chainrule.evidence import Evidence
from chainrule.limits import TooMuch, within
from chainrule.printing import predicate, text
from chainrule.typed import FormulaError, read_formula
from tests.diff.checking import compare, worlds
from tests.diff.generated import lines


def diff(source, wrt, order=1, declare=""):
    return derived(read_formula(source, declare), wrt, order)


@pytest.mark.parametrize(
    ("source", "wrt", "order", "shape"),
    [
        ("x'*A*x", "x", 1, "(n,)"), ("x'*A*x", "x", 2, "(n, n)"), ("A*x", "x", 1, "(n, p)"), ("exp(A*x)", "x",
        2, "(n, p, p)"),
        ("x'*A*x", "A", 2, "(n, n, n, n)"), ("a*x", "a", 1, "(n,)"), ("x'", "x", 1, "(n, n)"), ("A*X", "X", 1,
        "(n, m, p, m)"),
    ],
)  # fmt: skip
def test_axes_of_the_function_then_of_the_variable(source, wrt, order, shape):
    assert str(diff(source, wrt, order).result.shape) == shape


def test_a_symmetric_variable_takes_the_projection():
    assert text(diff("tr(A*S)", "S", declare="S: symmetric").result) == "(A + A.T) / 2"


def test_what_does_not_depend_on_it_has_derivative_zero():
    found = derived(read_formula("a*b", kinds={"a": "scalar", "b": "scalar", "x": "vector"}), "x")
    assert text(found.result) == "zeros(n)" or text(found.result) == "0"
    assert found.verdict.evidence is Evidence.PROVED


def test_an_unknown_variable_and_an_order_that_is_none():
    with pytest.raises(FormulaError, match="its symbols are: x"):
        diff("x'*x", "y")
    for order in (0, 3, True, "1", None):
        with pytest.raises(NotationError, match="the order is 1 or 2"):
            diff("x'*x", "x", order)


@pytest.mark.parametrize(
    ("source", "declare", "asked"),
    [
        ("sum(log(x))", "", ["positive(x)"]),
        ("sum(log(x))", "x: positive", []),
        ("norm2(x)", "", ["nonzero(sqnorm(x))"]),
        ("x'*inv(A)*x", "", ["invertible(A)"]),
        ("x'*inv(A)*x", "A: pd", []),
        ("exp(-norm2(x - y)^2/(2*a^2))", "", ["nonzero(a)"]),
        ("x'*x/(b*a)", "", ["nonzero(b)", "nonzero(a)"]),
        ("x'*A*x", "", []),
    ],
)
def test_the_domain_is_what_the_formula_asks_beyond_the_declared(source, declare, asked):
    found = diff(source, "x", declare=declare)
    assert [predicate(p, "text") for p in plainly(found.given)] == asked
    assert found.verdict.evidence is Evidence.PROVED, found.verdict.why


@pytest.mark.parametrize(
    ("source", "wrt", "order", "laws"),
    [
        ("norm2(X*w - y)^2 + lam*norm2(w)^2", "w", 1, {"linearity", "squared norm", "matrix product"}),
        ("sum(softplus(-y.*(X*w)))", "w", 1, {"softplus", "matrix product"}),
        ("logdet(A) + x'*inv(A)*x", "A", 1, {"log-determinant", "inverse"}),
        ("sum(exp(X*w))", "w", 2, set()),
    ],
)
def test_each_step_is_judged_and_the_last_is_the_derivative(source, wrt, order, laws):
    found = diff(source, wrt, order, "A: pd")
    taken = steps(found)
    assert taken.chain.first == found.goal
    assert taken.chain.last == found.result
    assert len(taken.chain.lines) >= 2
    assert {v.evidence for v in taken.verdicts} == {Evidence.PROVED}
    assert laws <= {line.reason.name for line in taken.chain.lines}


def test_what_takes_too_long_is_stopped():
    start = time.perf_counter()
    with pytest.raises(TooMuch, match=r"stopped after 0\.2 seconds"):
        within(0.2, lambda: sum(k * k for k in range(10**10)))
    assert time.perf_counter() - start < 2

    def deep(k: int) -> int:
        return 1 + deep(k + 1)

    with pytest.raises(TooMuch, match="nested too deep"):
        within(5, lambda: deep(0))
    assert within(1, lambda: 7) == 7


def test_a_kronecker_axis_that_cannot_be_met_is_said():
    with pytest.raises(Unsupported, match="Kronecker"):
        diff("kron(A, B)*x", "x")


GENERATED = lines(150, seed=11)


@pytest.mark.parametrize("k", range(0, len(GENERATED), 10))
def test_generated_formulas(k):
    for asked in GENERATED[k : k + 10]:
        found = derived(read_formula(asked["expr"], kinds=asked["vars"]), asked["wrt"], asked["order"])
        seen = list(worlds(found, 1))
        assert seen, asked
        compare(found, seen[0])
