"""What holds for the invertible matrices holds for all, where both sides are smooth and nothing else is asked."""

from __future__ import annotations

import pytest

from chainrule import (
    I,
    Sum,
    abs_,
    assume,
    by,
    delta,
    derive,
    det,
    differentiate,
    dims,
    equals,
    exp,
    grad,
    index,
    inv,
    jacobian,
    let,
    log,
    matrix,
    maximum,
    nonzero,
    norm,
    over,
    scalar,
    sqrt,
    trace,
    vector,
)
from chainrule.evidence import Evidence
from chainrule.judge import judge
from chainrule.judge.context import Context
from chainrule.kernel.density import moved_freely, smooth
from chainrule.notation.nodes import Node, Var, as_node

n, p = dims("n p")
R, H, K = matrix("R", n, n), matrix("H", n, n), matrix("K", n, n)
S = matrix("S", n, n, symmetric=True)
x = vector("x", n)
t, a = scalar("t"), scalar("a")
i, j = index("i", n), index("j", n)
cofactors = Sum(grad(det(R), R)[i, k] * R[j, k] for k in over(n))
R_t = let("R_t", R + t * H)


@pytest.mark.parametrize(
    "f",
    [R, det(R), trace(R @ H), R[i, j] ** 3, exp(R), grad(det(R), R), R / a, jacobian(det(R_t), t).at(t, 0),
     inv(H) @ R, det(R @ R + H), abs_(a) * R, cofactors],
)  # fmt: skip
def test_smooth(f: Node) -> None:
    assert smooth(f, R)


@pytest.mark.parametrize(
    "f",
    [R.I, H / det(R), log(det(R)), sqrt(trace(R)), abs_(R), maximum(R), norm(R), det(R) ** -1, det(R) ** a,
     grad(abs_(trace(R)), R), jacobian(log(t), t).at(t, trace(R)), grad(trace(R.I), R)],
)  # fmt: skip
def test_not_smooth_or_not_known_to_be(f: Node) -> None:
    assert not smooth(f, R)


@pytest.mark.parametrize(
    ("formula", "symbol"),
    [(R, R), (2 * R.T, R), (R + 0 * H, R), (R + t * S, R), (R - H @ K, R), (a * R, None), (R @ H, None), (R - R, None),
     (R + S @ R, None), (R + R.T, None), (S, None), (R * I(n), None), (R + exp(R), None), (R + det(R) * I(n), None)],
)  # fmt: skip
def test_what_moves_freely(formula: Node, symbol: Var | None) -> None:
    """R + R' is symmetric, R o I diagonal, and a R is singular where a = 0, whatever R is."""
    context = Context((), False)
    assert moved_freely(context.normal(context.dag(formula))) == symbol


def test_cofactors_of_any_matrix() -> None:
    (verdict,) = judge(derive(cofactors, equals(delta(i, j) * det(R), differentiate)))
    assert verdict.evidence is Evidence.PROVED
    assert "the invertible matrices are dense" in verdict.rests_on


def test_a_product_is_invertible_for_a_dense_set_of_its_factors() -> None:
    """X'R X for any R, and R H for any two."""
    X = matrix("X", n, n, invertible=True)
    form = derive(grad(det(X.T @ R @ X), X), equals(2 * det(X.T @ R @ X) * X.I.T, differentiate))
    chain = derive(trace(grad(det(R @ H), R).T @ R), equals(as_node(n) * det(R @ H), differentiate))
    assert [v.evidence for item in (form, chain) for v in judge(item)] == [Evidence.PROVED] * 2


def test_a_matrix_that_is_never_invertible_moves_nothing() -> None:
    """R is fixed where only H could move: R - R is 0, and an oblong product has no inverse at all."""
    X, Y = matrix("X", n, p), matrix("Y", p, n)
    claimed = derive(grad(det(X @ Y), X), equals(0, differentiate))
    (verdict,) = judge(claimed)
    assert verdict.evidence < Evidence.CITED


def test_an_inverse_in_the_statement_asks_for_itself() -> None:
    (verdict,) = judge(derive(grad(det(R), R), equals(det(R) * R.I.T, differentiate)))
    assert verdict.evidence is Evidence.SAMPLED and verdict.obligations


@pytest.mark.parametrize("hypothesis", [assume(R @ R, equals(0)), assume(det(R), equals(0))])
def test_a_hypothesis_may_leave_no_invertible_matrix(hypothesis) -> None:  # type: ignore[no-untyped-def]
    """Where R R = 0, multiply by the inverse of R and everything is 0; but the gradient is not."""
    line = derive(grad(det(R), R), equals(0, by(hypothesis, calculus=True)), given=hypothesis)
    (verdict,) = judge(line)
    assert verdict.evidence < Evidence.CITED


def test_a_hypothesis_on_another_symbol_is_none_of_its_business() -> None:
    other = assume(nonzero(x))
    (verdict,) = judge(derive(cofactors, equals(delta(i, j) * det(R), by(other, calculus=True)), given=other))
    assert verdict.evidence is Evidence.PROVED
