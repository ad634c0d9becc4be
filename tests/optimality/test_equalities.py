"""Equations: Lagrange's multipliers found, the constraints kept, the point lowest among those that keep them."""

import pytest

from chainrule import assume, dims, dot, equals, log, matrix, minimise, scalar, sqnorm, total, vector
from chainrule.evidence import Evidence
from chainrule.printing import text
from tests.optimality.standing import asked, point, standing

n, m = dims("n m")
x, q, b, mu = vector("x", n), vector("q", n), vector("b", m), vector("mu", n)
A, K = matrix("A", m, n), matrix("K", n, m, full_column_rank=True)
P = matrix("P", n, n, positive_definite=True)
p, c = vector("p", n, positive=True), vector("c", n, positive=True)
r = scalar("r")

on_plane = assume(K.T @ x, equals(b))
sums_to_one = assume(total(x), equals(1))


def test_minimum_norm():
    found = minimise(sqnorm(x) / 2, x, subject_to=on_plane)
    assert point(found) == "K @ (K.T @ K).I @ b"
    assert not found.given and found.kind == "lowest"
    assert min(standing(found).values()) is Evidence.PROVED


def test_minimum_norm_without_full_rank_says_what_it_needs():
    found = minimise(sqnorm(x) / 2, x, subject_to=assume(A @ x, equals(b)))
    assert point(found) == "A.T @ (A @ A.T).I @ b"
    assert asked(found) == ["invertible A @ A.T"]
    assert min(standing(found).values()) is Evidence.PROVED


def test_a_quadratic_bowl():
    found = minimise(x.T @ P @ x / 2 - dot(q, x), x, subject_to=on_plane)
    assert text(found.multipliers[0].value) == "(K.T @ P.I @ K).I @ (b - K.T @ P.I @ q)"
    assert found.kind == "lowest"
    assert min(standing(found).values()) is Evidence.PROVED


def test_portfolio():
    found = minimise(x.T @ P @ x, x, subject_to=sums_to_one)
    assert point(found) == "total(P.I, axis=1) / total(P.I)"
    assert not found.given
    assert min(standing(found).values()) is Evidence.PROVED


def test_portfolio_with_a_return():
    found = minimise(x.T @ P @ x / 2, x, subject_to=(sums_to_one, assume(dot(mu, x), equals(r))))
    stands = standing(found)
    assert {"feasible", "feasible 2"} <= set(stands)
    assert min(stands.values()) is Evidence.PROVED
    assert len(asked(found)) == 1 and asked(found)[0].startswith("nonzero mu.T @ ")


@pytest.mark.parametrize(
    ("objective", "expected"),
    [
        (-dot(c, log(p)), "c / total(c)"),
        (dot(p, log(p)), "ones(n) / n"),
        (dot(p, log(p)) + dot(q, p), "exp(-q) / total(exp(-q))"),
    ],
    ids=["frequencies", "entropy", "Gibbs"],
)
def test_probabilities(objective, expected):
    found = minimise(objective, p, subject_to=assume(total(p), equals(1)))
    assert point(found) == expected
    assert not found.given
    stands = standing(found)
    assert stands.pop("lowest") is Evidence.CITED
    assert min(stands.values()) is Evidence.PROVED


def test_a_semidefinite_matrix_says_that_it_has_to_be_invertible():
    S = matrix("S", n, n, psd=True)
    found = minimise(x.T @ S @ x / 2, x, subject_to=sums_to_one)
    assert "invertible S" in asked(found)
