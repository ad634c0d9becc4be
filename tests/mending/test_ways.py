"""A refuted line is mended by what the judge proves: a slip undone, less said, or more asked."""

from __future__ import annotations

import time

import pytest

from chainrule import (
    I,
    algebra,
    at_least,
    claim,
    derive,
    differentiate,
    dims,
    equals,
    expand,
    grad,
    matrix,
    positive_definite,
    positivity,
    scalar,
    sqnorm,
    trace,
    vector,
)
from chainrule.evidence import Evidence
from chainrule.judge import judge
from chainrule.mending import ways
from chainrule.mending.asking import mores, moved
from chainrule.mending.neighbours import neighbours
from chainrule.notation.statements import Claim, Derivation

n, p = dims("n p")
A, B, X = matrix("A", n, n), matrix("B", n, n), matrix("X", n, p)
x, b, y, w = vector("x", n), vector("b", n), vector("y", n), vector("w", p)
lam = scalar("lam")
residual = y - X @ w

CASES: list[tuple[Derivation | Claim, list[str]]] = [
    (derive(grad(sqnorm(residual), w), equals(2 * X.T @ residual, differentiate)), ["write  -2 * X.T @ (y - X @ w)"]),
    (derive(grad(sqnorm(residual), w), equals(-X.T @ residual, differentiate)), ["write  -2 * X.T @ (y - X @ w)"]),
    (
        derive(grad(x.T @ A @ x, x) - 2 * b, equals(2 * A @ x - 2 * b, differentiate)),
        ["write  (A + A.T) @ x - 2 * b", 'say  A = matrix("A", n, n, symmetric=True)'],
    ),
    (derive((A + B) @ (A + B), equals(A @ A + 2 * A @ B + B @ B, expand)), ["say  assume(A @ B, equals(B @ A))"]),
    (derive((A @ B).T, equals(A.T @ B.T)), ["write  B.T @ A.T", "say  assume(A @ B, equals(B @ A))"]),
    (
        claim(positive_definite(X.T @ X), positivity),
        ["claim  positive_semidefinite(X.T @ X)", 'say  X = matrix("X", n, p, full_column_rank=True)'],
    ),
    (claim(positive_definite(X.T @ X + lam * I(p)), positivity), ['say  lam = scalar("lam", positive=True)']),
    (derive(sqnorm(x + b), equals(sqnorm(x) + sqnorm(b), expand)), ["say  assume(b.T @ x, equals(0))"]),
    (derive(x.T @ A @ x, at_least(0)), ['say  A = matrix("A", n, n, psd=True)']),
    (derive(x.T @ y, equals(x.T @ y + sqnorm(x), algebra)), ["write  <= x.T @ y + sqnorm(x)"]),
    (derive(trace(A @ B), equals(trace(A) * trace(B))), []),
]  # fmt: skip


@pytest.mark.parametrize(("item", "mended"), CASES, ids=lambda v: str(v)[:40] if isinstance(v, list) else "")
def test_what_is_offered(item: Derivation | Claim, mended: list[str]) -> None:
    line = 1 if isinstance(item, Derivation) else 0
    assert judge(item, "wrong")[0].evidence is Evidence.REFUTED
    found = ways(item, line)
    assert [str(way) for way in found] == mended
    for way in found:
        assert way.verdict.evidence is Evidence.PROVED
        assert judge(way.item, "again")[0].evidence is Evidence.PROVED


def test_only_the_line_itself_is_mended() -> None:
    item = derive(A @ B, equals(B @ A), equals(B @ A + A - A))
    assert [str(way) for way in ways(item, 1)] == ["write  A @ B", "say  assume(A @ B, equals(B @ A))"]


def test_facts_move_with_the_symbols() -> None:
    fact = claim(positive_definite(X.T @ X + lam * I(p)), positivity)
    wrong = derive(sqnorm(w), equals(w.T @ X.T @ X @ w, fact))
    ((_, stronger),) = [(m, i) for m, i in mores(wrong) if str(m) == 'X = matrix("X", n, p, orthonormal_columns=True)']
    assert isinstance(stronger, Derivation)
    (line,) = stronger.lines
    (moved_fact,) = line.reason.facts
    assert isinstance(moved_fact, Claim) and moved_fact.statement.of != fact.statement.of
    assert judge(stronger, "x")[0].evidence is not Evidence.REFUTED
    assert moved(wrong, {}).conclusion == wrong.conclusion


def test_neighbours_have_the_shape_and_come_once() -> None:
    formula = -2 * X.T @ residual + lam * w
    found = [made for made, _, _ in neighbours(formula)]
    assert len(found) == len(set(found)) > 20
    assert all(made.shape == formula.shape and made != formula for made in found)
    assert {2 * X.T @ residual + lam * w, -X.T @ residual + lam * w, -2 * X.T @ residual - lam * w} <= set(found)


def test_the_search_has_a_clock() -> None:
    item = derive(trace(A @ B @ A @ B), equals(trace(A) * trace(B) * trace(A @ A)))
    start = time.monotonic()
    ways(item, 1, seconds=0.2)
    assert time.monotonic() - start < 2


def test_a_right_line_behind_a_wrong_one_is_left_alone() -> None:
    chain = derive(
        sqnorm(residual),
        equals(sqnorm(y) - 2 * y.T @ X @ w + sqnorm(X @ w), expand),
        equals(sqnorm(y) + 2 * y.T @ X @ w + sqnorm(X @ w), algebra),
        equals(sqnorm(y - X @ w), algebra),
    )
    assert [v.evidence for v in judge(chain, "chain")] == [Evidence.PROVED, Evidence.REFUTED, Evidence.REFUTED]
    (slip,) = ways(chain, 2)
    assert slip.since is None and slip.instead is not None
    (left,) = ways(chain, 3)
    assert left.since == 1 and str(left) == "leave it: it follows from line 1"
