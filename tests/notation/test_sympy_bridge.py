"""What goes to SymPy comes back, as the same formula where SymPy has a word for it and as an equal one elsewhere."""

from __future__ import annotations

import pytest
import sympy as sp

import chainrule as cr
from chainrule.errors import Unsupported
from chainrule.notation.nodes import Node
from chainrule.notation.sympy_bridge import from_sympy, to_sympy

n, p = cr.dims("n p")
a, b = cr.scalar("a"), cr.scalar("b", positive=True)
A, B, X = cr.matrix("A", n, n), cr.matrix("B", n, n), cr.matrix("X", n, p)
w, y = cr.vector("w", p), cr.vector("y", n)
half = cr.rational(1, 2)

SAME = [
    a - b, b - a, 2 * a + b / a, -(a * b), a**2, (a - b) ** 2, a / (b * a), half * a, cr.pi * a, cr.exp(-a) * cr.log(b),
    cr.sqrt(b), cr.abs_(a), cr.relu(a), cr.tanh(a) * cr.erf(b), A @ B.T, A.I @ B, (A @ B).I.T, cr.trace(A @ B),
    cr.det(A), X @ w - y, X.T @ (X @ w - y), y.T @ y, y @ y, A * B, A**2, cr.kron(A, B), cr.diag(y), cr.diagof(A),
    a * A + cr.I(n),    A / a, cr.tanh(A), -A, -(A @ y), cr.ones(n, p) + X, (A @ A.I) @ y, A - B, y @ X,
]  # fmt: skip


def nested(node: Node) -> Node:
    """The formula with a column's implied transpose written out, as it comes back."""
    return {y @ y: y.T @ y, y @ X: (y.T @ X).T}.get(node, node)


@pytest.mark.parametrize("node", SAME, ids=str)
def test_comes_back_the_same(node: Node) -> None:
    assert from_sympy(to_sympy(node)) == nested(node)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (cr.sigmoid(a), 1 / (1 + cr.exp(-a))),
        (cr.softplus(a), cr.log(1 + cr.exp(a))),
        (cr.logdet(A), cr.log(cr.det(A))),
        (cr.sqnorm(y - X @ w), (y - X @ w).T @ (y - X @ w)),
        (cr.norm(w), cr.sqrt(w.T @ w)),
        (cr.let("g", a * b), a * b),
        (A / B, A * B ** (-1)),
    ],
    ids=str,
)
def test_comes_back_as_an_equal_formula(node: Node, expected: Node) -> None:
    assert from_sympy(to_sympy(node)) == expected


def test_nothing_is_rewritten() -> None:
    assert to_sympy(A @ A.I) == sp.MatMul(to_sympy(A), sp.Inverse(to_sympy(A)), evaluate=False)
    assert to_sympy(a - a).args == (to_sympy(a), sp.Mul(-1, to_sympy(a), evaluate=False))


def test_symbols_keep_their_properties_and_names_can_be_given() -> None:
    assert to_sympy(b).is_positive
    assert not to_sympy(a).is_positive and to_sympy(a).is_real
    x = sp.Symbol("x", positive=True)
    assert from_sympy(x) == cr.scalar("x", positive=True)
    assert from_sympy(x + 1, {"x": a}) == 1 + a
    assert from_sympy(to_sympy(a / n), {"n": cr.as_node(n)}) == a / n


def test_a_scalar_expression_that_sympy_made() -> None:
    x = sp.Symbol("x", real=True)
    made = from_sympy(sp.diff(sp.exp(-(x**2)) * sp.sin(x), x))
    for at in (sp.Rational(1, 3), sp.Integer(-2)):
        value = sp.N(to_sympy(made).subs(x, at))
        assert abs(value - sp.N(sp.diff(sp.exp(-(x**2)) * sp.sin(x), x).subs(x, at))) < 1e-12


@pytest.mark.parametrize(
    "node",
    [cr.total(A), cr.softmax(w), cr.grad(cr.sqnorm(w), w), cr.step(a), cr.tensor("t", n, n, n), a + A,
     cr.Sum(w[i] for i in cr.over(p)), cr.logsumexp(w)],
    ids=str,
)  # fmt: skip
def test_without_a_counterpart_it_says_so(node: Node) -> None:
    with pytest.raises(Unsupported):
        to_sympy(node)


@pytest.mark.parametrize("expr", [sp.gamma(sp.Symbol("x")), sp.I, sp.oo, sp.Integral(sp.Symbol("x"))], ids=str)
def test_what_has_no_node_is_refused(expr: sp.Basic) -> None:
    with pytest.raises(Unsupported):
        from_sympy(expr)
