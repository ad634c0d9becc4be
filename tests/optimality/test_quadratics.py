"""Gradients affine in the unknown: solved by what it is multiplied with, and lowest by completing the square."""

import numpy as np
import pytest

from chainrule import I, diag, dims, dot, let, matrix, minimise, ones, outer, scalar, sqnorm, total, trace, vector
from chainrule.code import numpy_function
from chainrule.evidence import Evidence
from tests.optimality.standing import asked, point, standing

n, p, q = dims("n p q")
X, y, w = matrix("X", n, p), vector("y", n), vector("w", p)
F = matrix("F", n, p, full_column_rank=True)
W, Y = matrix("W", p, q), matrix("Y", n, q)
G = matrix("G", q, q, positive_definite=True)
P = matrix("P", p, p, positive_definite=True)
T = matrix("T", p, p, psd=True)
Q, c = matrix("Q", p, q, positive=True), vector("c", q, positive=True)
e, Z = vector("e", p, positive=True), matrix("Z", p, q)
d, lam = vector("d", n, positive=True), scalar("lam", positive=True)
a, mu = vector("a", n), vector("mu", p)

residual = y - F @ w
PROBLEMS = {
    "least squares": (sqnorm(y - F @ w), w, "(F.T @ F).I @ F.T @ y"),
    "half of it": (sqnorm(y - F @ w) / 2, w, "(F.T @ F).I @ F.T @ y"),
    "weighted": (residual.T @ diag(d) @ residual, w, "(F.T @ diag(d) @ F).I @ F.T @ (y * d)"),
    "ridge": (sqnorm(y - X @ w) + lam * sqnorm(w), w, "A.I @ X.T @ y"),
    "Tikhonov": (sqnorm(y - F @ w) + w.T @ T @ w, w, "A.I @ F.T @ y"),
    "several outputs": (sqnorm(F @ W - Y), W, "(F.T @ F).I @ F.T @ Y"),
    "ridge, several outputs": (sqnorm(X @ W - Y) + lam * sqnorm(W), W, "A.I @ X.T @ Y"),
    "correlated outputs": (trace((F @ W - Y) @ G @ (F @ W - Y).T), W, "(F.T @ F).I @ F.T @ Y"),
    "ridge's dual": (lam * sqnorm(a) / 2 + sqnorm(X.T @ a) / 2 - dot(a, y), a, "A.I @ y"),
    "a mean": (trace((X - ones(n) @ mu.T) @ P @ (X - ones(n) @ mu.T).T) / 2, mu, "total(X, axis=0) / n"),
    "entry by entry": (total(d * (a - y) ** 2) / 2 + lam * sqnorm(a) / 2, a, "d * y / (d + lam)"),
    "entries of a matrix": (total(Q * (W - Z) ** 2) / 2 + sqnorm(W) / 2, W, "Q * Z / A"),
    "rows and columns": (total(outer(e, c) * (Z - W) ** 2) / 2, W, "Z"),
    "a name inside": (sqnorm(let("r", y - F @ w)), w, "(F.T @ F).I @ F.T @ y"),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_solved_and_proved_lowest(name):
    objective, x, expected = PROBLEMS[name]
    found = minimise(objective, x)
    assert found.kind == "lowest", found.why
    assert not found.given and not found.why
    assert point(found) == expected
    stands = standing(found)
    assert min(stands.values()) is Evidence.PROVED, stands
    assert {"gradient", "stationary", "lowest"} <= set(stands)


def test_only_the_symmetric_part_counts_for_a_symmetric_unknown():
    S, M = matrix("S", n, n, symmetric=True), matrix("M", n, n)
    found = minimise(sqnorm(S - M) / 2, S)
    assert point(found) == "(M + M.T) / 2"
    assert min(standing(found).values()) is Evidence.PROVED


def test_without_full_rank_the_inverse_is_asked_for():
    found = minimise(sqnorm(y - X @ w), w)
    assert asked(found) == ["invertible X.T @ X"]
    assert min(standing(found).values()) is Evidence.PROVED


def test_an_unknown_between_two_matrices_is_left_alone():
    found = minimise(trace(W.T @ P @ W) / 2 + trace(W @ G @ W.T) / 2 - trace(W.T @ matrix("Z", p, q)), W)
    assert found.point is None and "A X + X B" in found.why


def test_the_code_is_the_textbook_solution():
    found = minimise(sqnorm(y - X @ w) + lam * sqnorm(w), w)
    rng = np.random.default_rng(1)
    values = {"X": rng.normal(size=(7, 3)), "y": rng.normal(size=7), "lam": 0.3}
    made = numpy_function(found.point, "minimiser", [X, y, lam])(*values.values())
    design = np.vstack([values["X"], np.sqrt(0.3) * np.eye(3)])
    expected = np.linalg.lstsq(design, np.concatenate([values["y"], np.zeros(3)]), rcond=None)[0]
    assert np.allclose(made, expected)
    assert (
        "def minimiser(X, y, lam):" in minimise(sqnorm(y - X @ w) + lam * sqnorm(w), w, symbols=(X, y, w, lam)).python
    )


def test_a_divisor_that_is_a_sum_has_a_name_that_is_free():
    A = vector("A", n)
    found = minimise(sqnorm(A - X @ w) + lam * sqnorm(w), w)
    assert point(found) == "B.I @ X.T @ A"
    assert found.solvable[0].statement.of.value == X.T @ X + lam * I(p)


def test_a_definite_matrix_of_weights_may_have_negative_entries():
    weights, Z, B = matrix("W", p, p, positive_definite=True), matrix("Z", p, p), matrix("B", p, p)
    found = minimise(total(weights * (Z - B) ** 2), Z)
    assert found.kind == "stationary" and found.lowest is None and found.unique is None
