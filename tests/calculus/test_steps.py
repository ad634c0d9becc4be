"""Derivations one law at a time: every line follows from the line before it, and the last is the derivative."""

import pytest

from chainrule.calculus.readback import derivative
from chainrule.calculus.reverse import differentiate
from chainrule.calculus.steps import steps
from chainrule.forms.lower import Lowering
from chainrule.laws import all_laws
from chainrule.notation.dims import dims
from chainrule.notation.nodes import Deriv
from chainrule.notation.statements import derive, equals
from chainrule.notation.statements import differentiate as by_differentiation
from chainrule.notation.vocabulary import grad, jacobian, matrix, norm, scalar, sqnorm, vector
from chainrule.printing import text
from chainrule.search.equal import equal
from tests.calculus.test_readback import TARGETS

n, p = dims("n p")
X, y, w, lam = matrix("X", n, p), vector("y", n), vector("w", p), scalar("lam", positive=True)
x = vector("x", n)


def written(deriv):
    return [(text(formula), law) for formula, law in steps(deriv)]


def test_ridge_line_by_line():
    assert written(grad(sqnorm(y - X @ w) + lam * sqnorm(w), w)) == [
        ("grad(sqnorm(y - X @ w), w) + grad(lam * sqnorm(w), w)", "linearity"),
        ("2 * vjp(y - X @ w, w, y - X @ w) + grad(lam * sqnorm(w), w)", "squared norm"),
        ("grad(lam * sqnorm(w), w) - 2 * vjp(X @ w, w, y - X @ w)", "linearity"),
        ("grad(lam * sqnorm(w), w) - 2 * X.T @ (y - X @ w)", "matrix product"),
        ("lam * grad(sqnorm(w), w) - 2 * X.T @ (y - X @ w)", "entrywise product"),
        ("-2 * X.T @ (y - X @ w) + 2 * lam * w", "squared norm"),
    ]


def test_norm_line_by_line():
    assert written(grad(norm(x), x)) == [
        ("grad(sqnorm(x), x) / (2 * norm(x))", "sqrt"),
        ("x / norm(x)", "squared norm"),
    ]


def test_a_jacobian_term_by_term():
    lines = written(jacobian(X @ w - w.T @ w * x, w))
    assert lines[0] == ("jacobian(X @ w, w) - jacobian(w.T @ w * x, w)", "linearity")
    assert lines[-1][0] == "X - 2 * x @ w.T"


@pytest.mark.parametrize("deriv", [d for d, _ in TARGETS], ids=text)
def test_every_line_follows_from_the_one_before(deriv):
    lines = steps(deriv)
    before = Lowering(differentiate)(deriv).node
    for formula, law in lines:
        here = Lowering(differentiate)(formula).node
        assert equal(before, here), (text(formula), law)
        before = here
    assert lines == [] or lines[-1][0] == derivative(deriv)


def test_the_lines_make_a_derivation():
    deriv = grad(sqnorm(y - X @ w), w)
    chain = derive(deriv, *(equals(formula, by_differentiation) for formula, _ in steps(deriv)))
    assert not chain.last.has(Deriv)
    assert len(chain.lines) == 3


def test_laws_are_called_by_their_names():
    known = {law.name for law in all_laws()} | {"algebra", "identity", "gradient of a gradient"}
    for deriv, _ in TARGETS:
        for _, law in steps(deriv):
            assert set(law.split(", ")) <= known, law
