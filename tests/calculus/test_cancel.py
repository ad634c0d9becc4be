"""What falls away inside a term, and what must not."""

import pytest

from chainrule.calculus.readback import read
from chainrule.calculus.simpler import kept, spread, unfolded
from chainrule.forms.lower import lower
from chainrule.printing import text
from chainrule.typed import read_formula

FALLS_AWAY = [
    ("x .* y ./ x", "", "y"),
    ("x.^3 ./ x.^2", "", "x"),
    ("sum(x ./ x)", "", "n"),
    ("y .* y .* x", "y: labels vector", "x"),
    ("y.^3 .* x", "x: vector, y: labels vector", "x * y"),
    ("y.^3 .* x", "x: vector, y: binary vector", "x * y"),
    ("step(x) .* relu(x)", "", "relu(x)"),
    ("step(x) .* step(x)", "", "step(x)"),
    ("sqrt(x) .* sqrt(x)", "", "x"),
    ("sqrt(x).^3", "", "sqrt(x) ** 3"),
    ("x ./ sqrt(x)", "", "sqrt(x)"),
    ("2*a/sqrt(2)", "", "sqrt(2) * a"),
    ("exp(x) ./ (1 + exp(x))", "", "sigmoid(x)"),
    ("1 ./ (1 + exp(-x))", "", "sigmoid(x)"),
    ("sum(softmax(x))", "", "1"),
    ("sum(p)*a", "p: simplex vector", "a"),
    ("inv(A)*A*x", "A: invertible", "x"),
    ("A*inv(A)*B", "A: invertible, B: matrix", "B"),
    ("tr(inv(A)*A)", "A: invertible", "n"),
    ("log(exp(x))", "", "x"),
    ("exp(log(x))", "", "x"),
]


def made(formula, declare, simpler):
    return text(read(simpler(lower(read_formula(formula, declare or "x: vector").node))))


@pytest.mark.parametrize(("formula", "declare", "wanted"), FALLS_AWAY)
@pytest.mark.parametrize("simpler", [kept, unfolded, spread])
def test_what_falls_away(formula, declare, wanted, simpler):
    assert made(formula, declare, simpler) == wanted


STAYS = [
    ("sqrt(x.^2)", "", "sqrt(x ** 2)"),
    ("log(x.^2)", "", "log(x ** 2)"),
    ("sign(x) .* sign(x)", "", "sign(x) ** 2"),
    ("abs(x) ./ x", "", "abs_(x) / x"),
    ("x .* x", "", "x ** 2"),
    ("y.^2 .* x", "y: vector", "x * y ** 2"),
    ("step(x) .* step(-x)", "", "step(x) * step(-x)"),
    ("step(x) .* relu(y)", "y: vector", "step(x) * relu(y)"),
    ("exp(x) ./ (2 + exp(x))", "", "exp(x) / (2 + exp(x))"),
    ("x'*softmax(x)", "", "x.T @ softmax(x)"),
    ("p'*p", "p: simplex vector", "sqnorm(p)"),
    ("inv(A)*A'*x", "A: invertible", "A.I @ A.T @ x"),
    ("A.*inv(A)", "A: invertible", "A * A.I"),
    ("sum(A.*inv(A))", "A: invertible", "total(A * A.I)"),
    ("diag(A)'*diag(inv(A))", "A: invertible", "diagof(A).T @ diagof(A.I)"),
]


@pytest.mark.parametrize(("formula", "declare", "wanted"), STAYS)
@pytest.mark.parametrize("simpler", [kept, unfolded, spread])
def test_what_stays(formula, declare, wanted, simpler):
    assert made(formula, declare, simpler) == wanted


OPENED = [
    ("x .* (y + z ./ x)", "x: vector", "x * y + z", "x * y + z"),
    ("A*(x + y) - A*x", "x: vector, y: vector", "A @ y", "A @ y"),
    ("1 ./ x - y ./ (x .* (x + y))", "x: vector", "1 / x - y / (x * (x + y))", "1 / x - y / (x * (x + y))"),
    ("1 ./ sqrt(x.^2 + a) - x.^2 ./ sqrt(x.^2 + a).^3", "x: vector, a: scalar", "", "a / sqrt(a + x ** 2) ** 3"),
]


@pytest.mark.parametrize(("formula", "declare", "as_kept", "as_spread"), OPENED)
def test_sums_are_multiplied_out_where_that_cancels(formula, declare, as_kept, as_spread):
    assert not as_kept or made(formula, declare, kept) == as_kept
    assert made(formula, declare, spread) == as_spread
