"""Reverse mode: all gradients in one pass, symmetric variables, what it refuses."""

import pytest

from chainrule.calculus.reverse import differentiate, gradients, jacobian
from chainrule.errors import Unsupported
from chainrule.forms import dag
from chainrule.forms.lower import Lowering, lower
from chainrule.notation.dims import dims
from chainrule.notation.vocabulary import (
    I,
    grad,
    hessian,
    matrix,
    sqnorm,
    tanh,
    total,
    trace,
    vector,
    vjp,
)
from chainrule.search.equal import equal

n, p = dims("n p")
x, y, w = vector("x", n), vector("y", n), vector("w", p)
A, B, X = matrix("A", n, n), matrix("B", n, n), matrix("X", n, p)
S = matrix("S", n, n, symmetric=True)


def taken(deriv):
    return lower(deriv, differentiate)


def test_one_pass_gives_what_one_at_a_time_gives():
    formula, variables = sqnorm(tanh(A @ tanh(B @ x)) - y), [A, B, x, y, w]
    lowering = Lowering()
    node, xs = lowering(formula).node, [lowering(v).node for v in variables]
    together = gradients(node, xs)
    assert together == [jacobian(node, v) for v in xs]
    assert together[-1].kind == "zero"
    assert together[-1].dims == (p,)


def test_the_same_variable_twice():
    node, v = lower(x.T @ A @ x), lower(x)
    one, two = gradients(node, [v, v])
    assert one is two is jacobian(node, v)


def test_each_node_is_passed_once():
    h = x
    for _ in range(12):
        h = tanh(A @ h) + h
    node = lower(sqnorm(h))
    made = gradients(node, [lower(A), lower(x)])
    assert len(dag.order(*made)) < 12 * 12


def test_the_derivative_of_a_variable_by_itself_is_the_identity():
    assert jacobian(lower(x), lower(x)) is lower(I(n))


def test_a_symmetric_variable_gets_the_projection():
    assert equal(taken(grad(trace(A @ S), S)), lower((A + A.T) / 2))
    assert not equal(taken(grad(trace(A @ S), S)), lower(A))


def test_the_vector_of_a_vjp_is_held_fixed():
    assert equal(taken(vjp(A @ x, x, x)), lower(A.T @ x))
    assert equal(taken(vjp(x * x, x, x)), lower(2 * x * x))


def test_the_axes_of_the_function_come_first():
    assert equal(taken(grad(total(X @ w), X)), lower(X * 0 + 1 * (x * 0 + 1) @ w.T))
    assert taken(hessian(sqnorm(X @ w), w)).dims == (p, p)


def test_the_laws_that_were_used_are_named():
    used: dict[str, None] = {}
    jacobian(lower(sqnorm(tanh(A @ x))), lower(x), used)
    assert set(used) == {"product rule", "tanh"}


def test_an_opaque_part_that_moves_is_refused_not_taken_for_constant():
    inner = dag.opaque("f(x)", (n,))
    moved = dag.make("opaque", ("g",), (), (lower(x), inner))
    with pytest.raises(Unsupported, match="no law"):
        jacobian(moved, lower(x))
