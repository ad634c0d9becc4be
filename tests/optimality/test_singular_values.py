"""A price on the singular values shrinks them: derived, proved by the dual norm; what only looks so is refuted."""

import numpy as np
import pytest

from chainrule import (
    algebra,
    assume,
    at_least,
    at_most,
    derive,
    diag,
    dims,
    equals,
    grad,
    let,
    matrix,
    minimise,
    norm,
    nuclear,
    relu,
    scalar,
    sqnorm,
    total,
    vector,
)
from chainrule.code import numpy_source
from chainrule.errors import ShapeError, Unsupported
from chainrule.evidence import Evidence
from chainrule.judge import judge
from tests.optimality.standing import asked, point, standing

m, n, r = dims("m n r")
X, V = matrix("X", m, n), matrix("V", m, n)
U, W = matrix("U", m, r, orthonormal_columns=True), matrix("W", n, r, orthonormal_columns=True)
s, t = vector("s", r, nonnegative=True), vector("t", r)
lam, mu = scalar("lam", positive=True), scalar("mu", nonnegative=True)
svd = assume(V, equals(U @ diag(s) @ W.T))
D = let("D", U @ diag(s) @ W.T)

SHRUNK = {
    "given": (sqnorm(X - V) / 2 + lam * nuclear(X), svd),
    "by name": (sqnorm(X - D) / 2 + lam * nuclear(X), ()),
    "with a square": (3 * sqnorm(X - D) + lam * nuclear(X) + mu * sqnorm(X), ()),
}


@pytest.mark.parametrize("name", SHRUNK)
def test_proved_lowest(name):
    objective, given = SHRUNK[name]
    found = minimise(objective, X, given=given)
    assert (found.kind, point(found)) == ("lowest", "U @ diag(z) @ W.T")
    assert len(asked(found)) == len(given if isinstance(given, tuple) else (given,))
    stands = standing(found)
    assert stands.pop("lowest") is Evidence.CITED
    assert min(stands.values()) is Evidence.PROVED, stands


def test_the_nearest_matrix_of_a_small_sum_is_shrunk_by_its_price():
    b = scalar("b", positive=True)
    found = minimise(sqnorm(X - D) / 2, X, subject_to=assume(nuclear(X), at_most(b)))
    assert found.kind == "lowest" and asked(found)[0] == "nuclear(X_star) <= b"
    at_any_price = next(item for name, item in found.items() if name == "lowest at any price")
    assert min(v.evidence for v in judge(at_any_price)) is Evidence.CITED


def test_a_sign_that_is_not_known_is_asked_for():
    found = minimise(sqnorm(X - U @ diag(t) @ W.T) / 2 + lam * nuclear(X), X)
    assert asked(found) == ["nonnegative t"]


@pytest.mark.parametrize(
    ("objective", "why"),
    [
        (sqnorm(X - V) / 2 + lam * nuclear(X), "by its singular values"),
        (sqnorm(X - V) / 2 + lam * nuclear(X - V), "stand alone"),
        (sqnorm(X - V) / 2 + lam * nuclear(X) ** 2, "stand alone"),
        (sqnorm(V @ X.T) / 2 + lam * nuclear(X), "stand alone"),
    ],
)
def test_no_other_price_is_taken_for_one(objective, why):
    found = minimise(objective, X)
    assert found.point is None and why in found.why


WRONG = {
    "half the price": U @ diag(relu(s - lam / 2)) @ W.T,
    "not cut off": U @ diag(s - lam) @ W.T,
    "raised": U @ diag(s + lam) @ W.T,
    "not shrunk": D,
    "nothing": 0 * D,
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_shrinking_is_refuted(name):
    objective = sqnorm(X - D) / 2 + lam * nuclear(X)
    verdict = judge(derive(objective, at_least(objective.at(X, WRONG[name]))))[0]
    assert verdict.evidence is Evidence.REFUTED


@pytest.mark.parametrize(
    "line",
    [
        derive(nuclear(X), equals(norm(X), algebra)),
        derive(nuclear(U @ diag(t) @ W.T), equals(total(t), algebra)),
        derive(nuclear(X + V), at_least(nuclear(X) + nuclear(V))),
        derive(nuclear(2 * X), equals(nuclear(X), algebra)),
    ],
)
def test_what_is_not_true_of_singular_values_is_refuted(line):
    assert judge(line)[0].evidence is Evidence.REFUTED


def test_a_matrix_and_its_transpose_have_the_same():
    assert judge(derive(nuclear(X), equals(nuclear(X.T), algebra)))[0].evidence is Evidence.PROVED


def test_the_code_is_the_sum_of_the_singular_values():
    names = {"np": np}
    exec(numpy_source(lam * nuclear(X)), names)
    x = np.random.default_rng(0).normal(size=(4, 3))
    assert abs(names["f"](2.0, x) - 2 * np.linalg.norm(x, "nuc")) < 1e-12


def test_it_is_of_matrices_and_has_no_derivative():
    with pytest.raises(ShapeError, match="those of a matrix"):
        nuclear(s)
    with pytest.raises(Unsupported, match="no law"):
        numpy_source(grad(nuclear(X), X))
