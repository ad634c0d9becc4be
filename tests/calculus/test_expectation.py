"""Expected values: the two ways to work one out agree, x is bound, and what is no polynomial is refused."""

from __future__ import annotations

import numpy as np
import pytest
from sympy.core.symbol import Str

import chainrule as cr
from chainrule.calculus import differentiate
from chainrule.code import numpy_function, symbols
from chainrule.errors import NotationError, ShapeError, Undefined, Unsupported
from chainrule.evidence import Evidence
from chainrule.forms.lower import lower
from chainrule.judge import judge
from chainrule.notation.nodes import Expect, free_symbols
from chainrule.worlds.arithmetic import Rationals
from chainrule.worlds.evaluate import evaluate
from chainrule.worlds.world import world_of

n, K = cr.dims("n K")
x, m, b = cr.vector("x", n), cr.vector("m", n), cr.vector("b", n)
A, V = cr.matrix("A", n, n), cr.matrix("V", n, n, psd=True)
z, mu, t = cr.scalar("z"), cr.scalar("mu"), cr.scalar("t")
sigma_sq = cr.scalar("sigma_sq", positive=True)


def proved(first: object, last: object) -> bool:
    return judge(cr.derive(first, cr.equals(last, cr.expectation)))[0].evidence is Evidence.PROVED


@pytest.mark.parametrize(("k", "moment"), [(0, 1), (1, 0), (2, 1), (3, 0), (4, 3), (5, 0), (6, 15), (7, 0), (8, 105)])
def test_central_moments_of_a_normal_number(k: int, moment: int) -> None:
    assert proved(cr.expect((z - mu) ** k + t, z, cr.Normal(mu, sigma_sq)), moment * sigma_sq ** (k // 2) + t)


def test_a_mean_with_an_index_is_developed_around_zero() -> None:
    M, S = cr.matrix("M", K, n), cr.tensor("S", K, n, n, psd=True)
    f = (x.T @ A @ x) * (b.T @ x)
    inside = cr.Sum(cr.expect(f, x, cr.Gaussian(M[k], S[k])) for k in cr.over(K))
    worked = cr.expect(f, x, cr.Gaussian(m, V))
    by_hand = (m.T @ A @ m + cr.trace(A @ V)) * (b.T @ m) + b.T @ V @ (A + A.T) @ m
    assert proved(worked, by_hand)
    assert proved(
        inside,
        cr.Sum(
            (M[k].T @ A @ M[k] + cr.trace(A @ S[k])) * (b.T @ M[k]) + b.T @ S[k] @ (A + A.T) @ M[k] for k in cr.over(K)
        ),
    )


def test_the_value_is_that_of_a_quadrature() -> None:
    """Three Gauss-Hermite nodes are exact up to degree 5."""
    f = (b.T @ x) ** 3 * (1 + b.T @ A @ x)
    node = cr.expect(f, x, cr.Gaussian(m, A @ A.T))
    rng = np.random.default_rng(3)
    data = {A: rng.integers(-3, 4, (2, 2)), b: rng.integers(-3, 4, 2), m: rng.integers(-3, 4, 2)}
    points, weights = np.polynomial.hermite_e.hermegauss(3)
    total = 0.0
    for i, j in np.ndindex(3, 3):
        at = data[m] + data[A] @ np.array([points[i], points[j]])
        value = (data[b] @ at) ** 3 * (1 + data[b] @ data[A] @ at)
        total += weights[i] * weights[j] / weights.sum() ** 2 * value
    exact = evaluate(node, world_of(data), Rationals()).item()
    assert float(exact) == pytest.approx(total, rel=1e-12)
    assert numpy_function(node)(*(data[s] for s in symbols(node))) == pytest.approx(total, rel=1e-10)


def test_derivatives_in_the_parameters_and_in_the_bound_symbol() -> None:
    f = cr.expect(cr.sqnorm(A @ x - b), x, mean=m, covariance=V)
    assert proved(cr.grad(f, m), 2 * A.T @ (A @ m - b))
    assert proved(cr.grad(f, V), A.T @ A)
    assert proved(cr.grad(f, A), 2 * (A @ (V + cr.outer(m, m)) - cr.outer(b, m)))
    assert proved(cr.grad(f, x), cr.zeros(n))


def test_the_symbol_is_bound() -> None:
    f = cr.expect(x.T @ A @ x + b.T @ x, x, mean=m, covariance=V)
    assert free_symbols(f) == {A, b, m, V}
    assert f.at(x, b) == f
    moved = f.at(b, x)  # the x outside is another than the one inside
    assert proved(moved, m.T @ A @ m + cr.trace(A @ V) + x.T @ m)
    assert not proved(moved, m.T @ A @ m + 2 * cr.trace(A @ V) + cr.sqnorm(m))
    world = world_of({A: [[2]], b: [5], m: [3], V: [[7]], x: [11]})
    assert evaluate(moved, world, Rationals()).item() == 2 * 9 + 2 * 7 + 33


@pytest.mark.parametrize(
    "f",
    [cr.exp(z), 1 / z, cr.relu(z), cr.abs_(z), cr.sqrt(z), z**9, cr.step(z) * z, cr.as_node(2) ** z],
)
def test_what_is_no_polynomial_is_refused(f: object) -> None:
    with pytest.raises(NotationError):
        cr.expect(f, z, cr.Normal(mu, sigma_sq))
    node = Expect(Str("normal"), f, z, mu, sigma_sq)
    with pytest.raises((Unsupported, Undefined)):
        lower(node, differentiate)
    with pytest.raises((Unsupported, Undefined)):
        evaluate(node, world_of({mu: 1, sigma_sq: 1}), Rationals())


def test_moments_alone_decide_degree_two() -> None:
    with pytest.raises(NotationError, match="degree 3"):
        cr.expect(z**3, z, mean=mu, covariance=sigma_sq)
    node = Expect(Str("moments"), z**3, z, mu, sigma_sq)
    with pytest.raises(Unsupported, match="do not decide"):
        lower(node, differentiate)


def test_a_symbol_of_which_something_is_declared_is_not_random() -> None:
    with pytest.raises(NotationError):
        cr.expect(sigma_sq**2, sigma_sq, mean=mu, covariance=t)
    with pytest.raises(NotationError):
        cr.expect(z**2, z, mean=z, covariance=sigma_sq)
    with pytest.raises(ShapeError):
        cr.expect(cr.sqnorm(x), x, mean=m, covariance=sigma_sq)
    with pytest.raises(NotationError):
        cr.expect(z, z)


def test_what_is_no_covariance_lowers_the_line() -> None:
    any_matrix = cr.matrix("B", n, n)
    (verdict,) = judge(
        cr.derive(
            cr.expect(cr.sqnorm(x), x, mean=m, covariance=any_matrix),
            cr.equals(cr.sqnorm(m) + cr.trace(any_matrix), cr.expectation),
        )
    )
    assert verdict.evidence < Evidence.CERTIFIED
    assert any("positive semidefinite" in o for o in verdict.obligations)
    with pytest.raises(Undefined):
        evaluate(cr.expect(z, z, mean=mu, covariance=t), world_of({mu: 1, t: -1}), Rationals())


def test_a_definition_that_speaks_of_a_free_symbol_is_not_captured() -> None:
    f = cr.expect(b.T @ x, x, mean=m, covariance=V)
    given = cr.assume(b, cr.equals(2 * x))  # the x outside
    right = cr.derive(f, cr.equals(2 * x.T @ m, cr.by(given, calculus=True)), given=given)
    wrong = cr.derive(f, cr.equals(2 * (cr.sqnorm(m) + cr.trace(V)), cr.by(given, calculus=True)), given=given)
    assert judge(right)[0].evidence is Evidence.PROVED
    assert judge(wrong)[0].evidence is Evidence.REFUTED


def test_without_calculus_it_stays_closed() -> None:
    f = cr.expect(z**2, z, mean=mu, covariance=sigma_sq)
    (verdict,) = judge(cr.derive(f, cr.equals(mu**2 + sigma_sq, cr.algebra)))
    assert verdict.evidence is not Evidence.PROVED
    assert "expectation does" in verdict.why
    assert lower(f).kind == "opaque"
