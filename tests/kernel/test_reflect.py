"""Products that a mirror takes to themselves are nonnegative; those that only look so are not called it."""

from __future__ import annotations

import pytest

from chainrule import I, dims, dot, matrix, sqnorm, total, trace, vector
from chainrule.evidence import Evidence
from chainrule.judge import judge
from chainrule.notation.nodes import Node
from chainrule.notation.statements import claim, nonnegative, positivity

n, m = dims("n m")
A, B, M, V = matrix("A", m, n), matrix("B", n, n), matrix("M", n, n), matrix("V", n, n, symmetric=True)
P, Q = matrix("P", n, n, psd=True), matrix("Q", n, n, psd=True)
S, T = matrix("S", n, n, positive_definite=True), matrix("T", n, n, positive_definite=True)
D, K = matrix("D", n, n, symmetric=True), matrix("K", n, n, skew=True)
x, y = vector("x", n), vector("y", n)

NONNEGATIVE = (
    total(A * A),
    trace(A.T @ A @ P),
    trace(S.I @ V @ S.I @ V),
    trace(S.I @ V @ S.I @ V @ S.I),
    trace(P @ B @ Q @ B.T),
    total(B * (P @ B)),
    total(x * (P @ x)),
    x.T @ S.I @ V @ T.I @ V @ S.I @ x,
    trace(P @ Q),
    trace(S.I @ T.I),
    total(V * V),
    trace(V @ V),
    dot(x, x) * trace(P @ Q),
    total(B * (P @ B @ Q)),
)
NOT = (
    trace(B @ B),
    trace(P @ Q @ S),
    trace(P @ D),
    trace(M @ P @ M),
    total(B * (D @ B)),
    x.T @ P @ y,
    trace(S.I @ V),
    trace(K @ K),
    total(B * (M @ B)),
    trace(D.T @ V @ P),
    trace(P @ V @ Q @ D),
    x.T @ P @ Q @ x,
    total(B * (P @ B @ D)),
    trace(B.T @ P @ M),
)


@pytest.mark.parametrize("formula", NONNEGATIVE, ids=str)
def test_a_sum_of_squares(formula: Node) -> None:
    (verdict,) = judge(claim(nonnegative(formula), positivity))
    assert verdict.evidence is Evidence.PROVED


@pytest.mark.parametrize("formula", NOT, ids=str)
def test_none(formula: Node) -> None:
    (verdict,) = judge(claim(nonnegative(formula), positivity))
    assert verdict.evidence is Evidence.REFUTED


def test_a_sum_of_such() -> None:
    (verdict,) = judge(claim(nonnegative(2 * trace(S.I @ V @ S.I @ V) + sqnorm(A) + trace(P @ (Q + I(n)))), positivity))
    assert verdict.evidence is Evidence.PROVED
