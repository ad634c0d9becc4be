"""Dual numbers against differences in 1200 bits: two ways to a derivative that share nothing but the formula."""

import numpy as np
import pytest
from flint import arb, fmpq
from sympy.core.symbol import Str

import chainrule as cr
from chainrule import dims, grad, hessian, jacobian, matrix, scalar, sqnorm, tensor, vector, vjp
from chainrule.errors import Undefined, Unsupported
from chainrule.notation.nodes import FUNCTIONS, Apply
from chainrule.worlds.arithmetic import Rationals, at_precision, precision
from chainrule.worlds.differences import directional
from chainrule.worlds.evaluate import Evaluator, evaluate
from chainrule.worlds.world import exact, world_of

n, m = dims("n m")
a = scalar("a")
x, z = vector("x", n), vector("z", n)
A, B = matrix("A", n, n), matrix("B", n, m)
WORLD = world_of(
    {
        a: fmpq(2, 5),
        x: [fmpq(1, 3), fmpq(-1, 2)],
        z: [2, fmpq(3, 2)],
        A: [[3, 1], [fmpq(1, 2), 2]],
        B: [[1, -2, fmpq(1, 2)], [fmpq(2, 3), 1, 4]],
    }
)


def close(u, v):
    """Equal to 30 digits where both are balls of far more."""
    with precision(400):
        return all(
            abs(arb(p) - arb(q)) < arb(10) ** -30 * (1 + abs(arb(q))) for p, q in zip(u.flat, v.flat, strict=True)
        )


def along(derivative, direction):
    """The derivative (axes of f, then of x) applied to a direction."""
    k = direction.ndim
    with precision(400):
        return np.tensordot(
            derivative, direction, axes=(list(range(derivative.ndim - k, derivative.ndim)), list(range(k)))
        )


def boxed(value):
    out = np.empty(np.shape(value), dtype=object)
    out[...] = value
    return out


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("at", [fmpq(2, 5), fmpq(-1, 3)], ids=str)
@pytest.mark.parametrize("order", [1, 2])
def test_every_function(function, at, order):
    f = Apply(Str(function), a)
    world = world_of({a: at})
    if function in ("log", "sqrt", "lgamma", "digamma", "trigamma", "polygamma2") and at < 0:
        with pytest.raises(Undefined):
            at_precision(lambda b: evaluate(grad(f, a), world, b))
        return
    dual = at_precision(lambda b: evaluate((grad if order == 1 else hessian)(f, a), world, b))
    assert close(dual, directional(f, world, a, 1, order))


FORMULAS = {
    "power": (sqnorm(x) ** 3, x),
    "root": (sqnorm(x) ** cr.rational(3, 2), x),
    "power with a symbol": (sqnorm(z) ** a, a),
    "quotient": (x / sqnorm(x), x),
    "softmax": (cr.softmax(x), x),
    "logsumexp": (cr.logsumexp(x), x),
    "norm": (cr.norm(x), x),
    "maximum": (cr.maximum(x * x), x),
    "inverse": (A.I, A),
    "inverse, deep": (cr.trace(cr.inv(A.T @ A + cr.I(n)) @ A), A),
    "det": (cr.det(A), A),
    "logdet": (cr.logdet(A), A),
    "kron": (sqnorm(cr.kron(A, B)), B),
    "diag": (cr.dot(x, cr.diag(x) @ cr.diagof(A @ cr.diag(x))), x),
    "outer": (cr.outer(x, x) @ z, x),
    "bilinear": (cr.dot(x, A @ z), A),
    "index": (cr.Sum(cr.exp(x[i] * z[j]) for i in cr.over(n) for j in cr.over(n)), x),
    "each": (cr.each(x[i] * cr.sin(x[j]) for i in cr.over(n) for j in cr.over(n)), x),
    "named": (cr.let("s", cr.dot(x, x)) * cr.tanh(cr.let("s", cr.dot(x, x))), x),
    "of a derivative": (grad(cr.exp(cr.dot(x, A @ x)), x), x),
    "of a vjp": (cr.dot(x, vjp(x * x * z, x, z)), x),
    "at a value": (grad(cr.exp(cr.dot(x, x)), x).at(x, A @ x + z), x),
}


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("order", [1, 2])
def test_formulas(name, order):
    f, var = FORMULAS[name]
    v = exact(np.arange(1, 1 + WORLD.values[var].size).reshape(WORLD.values[var].shape))
    d = jacobian(f, var) if order == 1 else jacobian(jacobian(f, var), var)
    dual = at_precision(lambda b: evaluate(d, WORLD, b))
    for _ in range(order):
        dual = boxed(along(dual, v))
    assert close(dual, directional(f, WORLD, var, v, order))


def test_a_hessian_is_the_jacobian_of_the_gradient():
    f = cr.exp(cr.dot(x, A @ x)) + sqnorm(x) ** 2
    assert close(
        *(at_precision(lambda b, d=d: evaluate(d, WORLD, b)) for d in (hessian(f, x), jacobian(grad(f, x), x)))
    )


def test_nested_derivatives_do_not_mix_their_directions():
    b = scalar("b")
    inner = grad(a * b, b)  # = a
    world = world_of({a: 3, b: 5})
    assert evaluate(grad(a * inner, a), world, Rationals()).item() == 6  # d(a a)/da, not d(a)/da + ...


def test_vjp_holds_its_vector_fixed():
    world = world_of({x: [2, 3]})
    assert evaluate(vjp(x * x, x, x), world, Rationals()).tolist() == [8, 18]  # 2 x v at v = x, no more


S = matrix("S", n, n, symmetric=True)
SYMMETRIC = world_of({S: [[2, 1], [1, 3]], x: [1, 2], z: [3, 1]})


def test_the_gradient_of_a_symmetric_symbol_is_the_symmetric_projection():
    got = evaluate(grad(cr.dot(x, S @ z), S), SYMMETRIC, Rationals())
    raw = exact([[3, 1], [6, 2]])
    assert (got == (raw + raw.T) / exact(2).item()).all()


def test_the_hessian_of_a_symmetric_symbol_is_projected_in_both_pairs():
    h = evaluate(hessian(cr.det(S), S), SYMMETRIC, Rationals())
    assert h[0, 1, 0, 1] == fmpq(-1, 2) and h[0, 1, 1, 0] == fmpq(-1, 2) and h[0, 0, 1, 1] == 1
    v = exact([[1, 2], [2, -1]])
    second = directional(cr.det(S), SYMMETRIC, S, v, 2)
    assert close(second, boxed(along(boxed(along(h, v)), v)))


def test_batches_of_symmetric_symbols_are_projected_in_their_last_axes():
    T = tensor("T", m, n, n, symmetric=True)
    world = world_of({T: [[[1, 2], [2, 3]]], A: [[1, 5], [0, 2]]})
    k = cr.index("k", m)
    got = evaluate(grad(cr.Sum(cr.trace(A @ T[k]) for k in cr.over(m)), T), world, Rationals())
    assert got.tolist() == [[[1, fmpq(5, 2)], [fmpq(5, 2), 2]]]
    assert k.level == 0


def test_kinks_are_zero_and_counted():
    world = world_of({x: [0, 2]})
    e = Evaluator(world, Rationals())
    assert e.value(grad(cr.total(cr.relu(x)), x)).tolist() == [0, 1]
    assert e.arithmetic.kinks == 1
    e = Evaluator(world_of({x: [0, -2]}), Rationals())
    assert e.value(grad(cr.total(cr.abs_(x)), x)).tolist() == [0, -1]
    e = Evaluator(world_of({x: [2, 2]}), Rationals())
    assert e.value(grad(cr.maximum(x), x)).tolist() == [1, 0]  # the first of the largest
    assert e.arithmetic.kinks == 1
    e = Evaluator(world_of({x: [1, 2]}), Rationals())
    assert e.value(grad(cr.maximum(x), x)).tolist() == [0, 1] and e.arithmetic.kinks == 0


def test_the_determinant_of_a_singular_matrix_has_a_derivative_the_inverse_none():
    world = world_of({A: [[1, 2], [2, 4]]})
    assert evaluate(grad(cr.det(A), A), world, Rationals()).tolist() == [[4, -2], [-2, 1]]
    with pytest.raises(Undefined):
        evaluate(grad(cr.trace(A.I), A), world, Rationals())


def test_the_derivative_of_a_logarithm_is_rational():
    assert evaluate(grad(cr.logdet(A), A), WORLD, Rationals()).tolist() == evaluate(A.I.T, WORLD, Rationals()).tolist()
    with pytest.raises(Unsupported):
        evaluate(cr.logdet(A), WORLD, Rationals())
