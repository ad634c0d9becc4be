"""Every rule of curvature, held against chords between random points; and relatives that are no bowls are never proved.

Beside each formula stands the same function in NumPy, which knows nothing of the rules: a formula called convex has to
lie below its chords, a concave one above, an affine one on them, entry by entry. For each false relative a chord is
found that it crosses; and formulas are drawn at random, to see that the rules hold together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from scipy.special import logsumexp as lse

from chainrule import (
    I,
    Sum,
    abs_,
    claim,
    composition,
    convex,
    cos,
    diag,
    diagof,
    dims,
    dot,
    each,
    exp,
    index,
    kron,
    let,
    log,
    logdet,
    logsumexp,
    matrix,
    maximum,
    norm,
    over,
    rational,
    relu,
    scalar,
    sigmoid,
    softmax,
    softplus,
    sqnorm,
    sqrt,
    tanh,
    total,
    trace,
    vector,
)
from chainrule.evidence import Evidence
from chainrule.forms.lower import Lowering
from chainrule.judge import judge
from chainrule.kernel.curvature import Curvature
from chainrule.kernel.normal import Normal
from chainrule.kernel.order import Order
from chainrule.notation.nodes import Node, Var

n, m = dims("n m")
SIZES = {"n": 3, "m": 4}
x, u, S = vector("x", n), vector("x", n, positive=True), matrix("S", n, n, positive_definite=True)
X = matrix("X", n, n)
A, b = matrix("A", m, n), vector("b", m)
P, M = matrix("P", n, n, psd=True), matrix("M", n, n)
W = matrix("W", m, n, nonnegative=True)
a, c = scalar("a", nonnegative=True), scalar("c", positive=True)
r = scalar("r")
p = vector("p", n, simplex=True)
i = index("i", n)
World = dict[str, Any]
Witness = Callable[[Any, World], Any]


@dataclass(frozen=True)
class Case:
    """A formula in a variable, the same in NumPy, and its curvature."""

    name: str
    formula: Node
    variable: Var
    witness: Witness
    word: str = "convex"


def softplus_(z: Any) -> Any:
    return np.logaddexp(0, z)


def relu_(z: Any) -> Any:
    return np.maximum(z, 0)


RULES = (
    Case("a constant", sqnorm(b), x, lambda x, w: w["b"] @ w["b"], "constant"),
    Case("the variable", x, x, lambda x, w: x, "affine"),
    Case("a matrix times it", A @ x - b, x, lambda x, w: w["A"] @ x - w["b"], "affine"),
    Case("a name", let("z", A @ x), x, lambda x, w: w["A"] @ x, "affine"),
    Case("a row", (A @ x).T, x, lambda x, w: w["A"] @ x, "affine"),
    Case("an entry", x[i], x, lambda x, w: x, "affine"),
    Case("a diagonal matrix", diag(x), x, lambda x, w: np.diag(x), "affine"),
    Case("a trace", trace(M @ X), X, lambda x, w: np.trace(w["M"] @ x), "affine"),
    Case("a diagonal", diagof(X @ M), X, lambda x, w: np.diag(x @ w["M"]), "affine"),
    Case("a Kronecker product with a constant", kron(M, X), X, lambda x, w: np.kron(w["M"], x), "affine"),
    Case("a list of entries", each(2 * x[j] for j in over(n)), x, lambda x, w: 2 * x, "affine"),
    Case("turned round", -sqnorm(x), x, lambda x, w: -x @ x, "concave"),
    Case("a sum with a line", sqnorm(x) + dot(p, x), x, lambda x, w: x @ x + w["p"] @ x),
    Case("a sum of two", total(exp(x)) + norm(x), x, lambda x, w: np.sum(np.exp(x)) + np.linalg.norm(x)),
    Case("a nonnegative multiple", a * sqnorm(x), x, lambda x, w: w["a"] * x @ x),
    Case("a negative multiple", -2 * sqnorm(x), x, lambda x, w: -2 * x @ x, "concave"),
    Case("divided by a positive number", sqnorm(x) / c, x, lambda x, w: x @ x / w["c"]),
    Case("nonnegative weights from the left", W @ exp(x), x, lambda x, w: w["W"] @ np.exp(x)),
    Case("a sum with weights", dot(p, exp(x)), x, lambda x, w: w["p"] @ np.exp(x)),
    Case("a sum over an index", Sum(p[j] * exp(x[j]) for j in over(n)), x, lambda x, w: w["p"] @ np.exp(x)),
    Case("a product with itself", (A @ x - b) * (A @ x - b), x, lambda x, w: (w["A"] @ x - w["b"]) ** 2),
    Case("an even power of a line", (A @ x - b) ** 4, x, lambda x, w: (w["A"] @ x - w["b"]) ** 4),
    Case("an even power of a nonnegative bowl", softplus(x) ** 2, x, lambda x, w: softplus_(x) ** 2),
    Case("a larger power of a nonnegative bowl", exp(x) ** rational(3, 2), x, lambda x, w: np.exp(x) ** 1.5),
    Case("a smaller power", u ** rational(1, 3), u, lambda x, w: x ** (1 / 3), "concave"),
    Case("a negative power", u**-2, u, lambda x, w: x**-2.0),
    Case("one over a concave function", 1 / sqrt(u), u, lambda x, w: 1 / np.sqrt(x)),
    Case("one over a positive line", 1 / (total(u) + c), u, lambda x, w: 1 / (np.sum(x) + w["c"])),
    Case(
        "a square over a line",
        sqnorm(A @ u - b) / total(u),
        u,
        lambda x, w: np.sum((w["A"] @ x - w["b"]) ** 2) / np.sum(x),
    ),
    Case("a quadratic form", (x - p).T @ P @ (x - p), x, lambda x, w: (x - w["p"]) @ w["P"] @ (x - w["p"])),
    Case("an inner product with itself", dot(x - p, x - p), x, lambda x, w: (x - w["p"]) @ (x - w["p"])),
    Case("exp of a bowl", exp(sqnorm(x)), x, lambda x, w: np.exp(x @ x)),
    Case("softplus of a bowl", softplus(norm(x) - 1), x, lambda x, w: softplus_(np.linalg.norm(x) - 1)),
    Case("relu of a bowl", relu(sqnorm(x) - 1), x, lambda x, w: relu_(x @ x - 1)),
    Case("log of a line", log(u), u, lambda x, w: np.log(x), "concave"),
    Case("sqrt of a concave function", sqrt(log(1 + u)), u, lambda x, w: np.sqrt(np.log(1 + x)), "concave"),
    Case("the size of a line", abs_(A @ x - b), x, lambda x, w: np.abs(w["A"] @ x - w["b"])),
    Case("the size of a nonnegative bowl", abs_(exp(x)), x, lambda x, w: np.exp(x)),
    Case("log-sum-exp of bowls", logsumexp(x**2), x, lambda x, w: lse(x**2)),
    Case("the largest of bowls", maximum(A @ x - b), x, lambda x, w: np.max(w["A"] @ x - w["b"])),
    Case("a norm", norm(A @ x - b), x, lambda x, w: np.linalg.norm(w["A"] @ x - w["b"])),
    Case("a norm of nonnegative bowls", norm(relu(x)), x, lambda x, w: np.linalg.norm(relu_(x))),
    Case("a sum of squares of nonnegative bowls", sqnorm(softplus(x)), x, lambda x, w: np.sum(softplus_(x) ** 2)),
    Case("log det", logdet(S + I(n)), S, lambda x, w: np.linalg.slogdet(x + np.eye(3))[1], "concave"),
)  # fmt: skip

FALSE = (
    Case("a product of two lines", x * (1 - x), x, lambda x, w: x * (1 - x)),
    Case("a multiple of either sign", r * sqnorm(x), x, lambda x, w: w["r"] * x @ x),
    Case("weights of either sign", M @ exp(x), x, lambda x, w: w["M"] @ np.exp(x)),
    Case("a difference of bowls", sqnorm(x) - 2 * norm(x), x, lambda x, w: x @ x - 2 * np.linalg.norm(x)),
    Case("a square of a bowl that is negative", (sqnorm(x) - 1) ** 2, x, lambda x, w: (x @ x - 1) ** 2),
    Case("the size of a bowl that is negative", abs_(sqnorm(x) - 1), x, lambda x, w: np.abs(x @ x - 1)),
    Case("a norm of bowls that are negative", norm(x**2 - 1), x, lambda x, w: np.linalg.norm(x**2 - 1)),
    Case("a cube", x**3, x, lambda x, w: x**3),
    Case("a form of any matrix", x.T @ M @ x, x, lambda x, w: x @ w["M"] @ x),
    Case("two lines in one form", dot(x, M @ x), x, lambda x, w: x @ w["M"] @ x),
    Case("exp of a concave function", exp(-sqnorm(x)), x, lambda x, w: np.exp(-x @ x)),
    Case("relu of a concave function", relu(1 - sqnorm(x)), x, lambda x, w: relu_(1 - x @ x)),
    Case("log of a bowl", log(1 + sqnorm(x)), x, lambda x, w: np.log(1 + x @ x)),
    Case("sqrt of a size", sqrt(norm(x)), x, lambda x, w: np.sqrt(np.linalg.norm(x))),
    Case("a smaller power of a size", abs_(x) ** rational(1, 2), x, lambda x, w: np.abs(x) ** 0.5),
    Case("one over a bowl", 1 / (1 + sqnorm(x)), x, lambda x, w: 1 / (1 + x @ x)),
    Case("a square over a bowl", sqnorm(x) / (1 + sqnorm(x)), x, lambda x, w: x @ x / (1 + x @ x)),
    Case("a line over a line", dot(p, u) / total(u), u, lambda x, w: w["p"] @ x / np.sum(x)),
    Case("log det, not turned round", logdet(S), S, lambda x, w: np.linalg.slogdet(x)[1]),
    Case("the smallest entry", -maximum(-x), x, lambda x, w: np.min(x)),
    Case("log-sum-exp of concave functions", logsumexp(-(x**2)), x, lambda x, w: lse(-(x**2))),
    Case("a sigmoid", total(sigmoid(x)), x, lambda x, w: np.sum(1 / (1 + np.exp(-x)))),
    Case("a hyperbolic tangent", total(tanh(x)), x, lambda x, w: np.sum(np.tanh(x))),
    Case("a cosine", total(cos(x)), x, lambda x, w: np.sum(np.cos(x))),
    Case("a softmax", dot(p, softmax(x)), x, lambda x, w: w["p"] @ np.exp(x - lse(x))),
    Case("a sum of logarithms", total(log(u)), u, lambda x, w: np.sum(np.log(x))),
    Case(
        "the squared loss through a sigmoid",
        sqnorm(sigmoid(x) - 1),
        x,
        lambda x, w: np.sum((1 / (1 + np.exp(-x)) - 1) ** 2),
    ),
    Case("two layers", sqnorm(relu(A @ x) - b), x, lambda x, w: np.sum((relu_(w["A"] @ x) - w["b"]) ** 2)),
    Case("two unknown factors", sqnorm(X @ X - M), X, lambda x, w: np.sum((x @ x - w["M"]) ** 2)),
    Case("a difference of two entries' products", trace(X @ X), X, lambda x, w: np.trace(x @ x)),
)  # fmt: skip

STEPS: tuple[tuple[Callable[[Node], Node], Callable[[Any], Any]], ...] = (
    (lambda z: exp(z / 4), lambda z: np.exp(z / 4)),
    (softplus, softplus_),
    (relu, relu_),
    (abs_, np.abs),
    (lambda z: z**2, lambda z: z**2),
    (lambda z: -z, lambda z: -z),
    (lambda z: 1 - z, lambda z: 1 - z),
    (lambda z: log(1 + relu(z)), lambda z: np.log(1 + relu_(z))),
    (lambda z: 1 / (1 + exp(z / 4)), lambda z: 1 / (1 + np.exp(z / 4))),
    (lambda z: sqrt(1 + z**2), lambda z: np.sqrt(1 + z**2)),
    (lambda z: z + maximum(z), lambda z: z + np.max(z)),
    (lambda z: z - norm(z), lambda z: z - np.linalg.norm(z)),
    (lambda z: z * logsumexp(-z), lambda z: z * lse(-z)),
    (lambda z: z / (1 + sqnorm(z)), lambda z: z / (1 + z @ z)),
)
"""What a random formula is made of, and the same in NumPy."""


def _drawn(rng: np.random.Generator) -> Case:
    formula: Node = A.T @ b + x
    made: list[Callable[[Any], Any]] = []
    for k in rng.integers(len(STEPS), size=rng.integers(1, 5)):
        formula = STEPS[k][0](formula)
        made.append(STEPS[k][1])

    def witness(point: Any, world: World) -> Any:
        z = world["A"].T @ world["b"] + point
        for step in made:
            z = step(z)
        return z

    return Case("drawn", formula, x, witness)


def _world(rng: np.random.Generator) -> World:
    k, l = SIZES["n"], SIZES["m"]
    root = rng.standard_normal((k, k))
    weights = rng.random(k)
    return {
        "A": rng.standard_normal((l, k)),
        "b": rng.standard_normal(l),
        "P": root @ root.T,
        "M": rng.standard_normal((k, k)),
        "W": rng.random((l, k)),
        "a": rng.random(),
        "c": rng.random() + 0.1,
        "r": rng.standard_normal(),
        "p": weights / weights.sum(),
    }


def _point(variable: Var, rng: np.random.Generator) -> np.ndarray:
    k, scale = SIZES["n"], rng.choice([0.3, 1.0, 3.0])
    if variable == S:
        root = rng.standard_normal((k, k))
        return scale * (root @ root.T + 0.1 * np.eye(k))
    drawn = scale * rng.standard_normal((k,) * variable.ndim)
    return np.abs(drawn) + 0.05 if variable == u else drawn


def _over_chords(case: Case, trials: int) -> np.ndarray:
    """f at a mixed point less the chord there, entry by entry, over its own size; nonpositive for a bowl."""
    rng = np.random.default_rng(7)
    found = []
    for _ in range(trials):
        world, x0, x1, t = _world(rng), _point(case.variable, rng), _point(case.variable, rng), rng.random()
        ends = [np.asarray(case.witness(point, world), float) for point in (x0, x1)]
        chord = (1 - t) * ends[0] + t * ends[1]
        size = 1 + np.abs(ends[0]) + np.abs(ends[1])
        found.append(np.ravel((case.witness((1 - t) * x0 + t * x1, world) - chord) / size))
    return np.concatenate(found)


def _order() -> Order:
    return Order(Normal(), lambda formula: Lowering()(formula).node)


@pytest.mark.parametrize("case", RULES, ids=lambda case: case.name)
def test_a_rule_says_what_it_should(case: Case) -> None:
    assert Curvature((case.variable,), _order()).of(case.formula) == case.word


@pytest.mark.parametrize("case", RULES, ids=lambda case: case.name)
def test_what_a_rule_says_is_so(case: Case) -> None:
    above = _over_chords(case, 400)
    if case.word in ("convex", "affine", "constant"):
        assert above.max() <= 1e-12
    if case.word in ("concave", "affine", "constant"):
        assert above.min() >= -1e-12
    if case.word in ("convex", "concave"):
        assert np.abs(above).max() > 1e-6, "a line would have done: the case does not test its rule"


@pytest.mark.parametrize("case", FALSE, ids=lambda case: case.name)
def test_a_false_relative_crosses_a_chord(case: Case) -> None:
    assert _over_chords(case, 4000).max() > 1e-6


@pytest.mark.parametrize("case", FALSE, ids=lambda case: case.name)
def test_a_false_relative_is_never_proved(case: Case) -> None:
    assert not Curvature((case.variable,), _order()).convex(case.formula)
    if case.formula.shape == ():
        (verdict,) = judge(claim(convex(case.formula, case.variable), composition))
        assert verdict.evidence in (Evidence.REFUTED, Evidence.OPEN, Evidence.SAMPLED)


def test_drawn_formulas_are_what_they_are_called() -> None:
    rng, called = np.random.default_rng(11), []
    for _ in range(300):
        case = _drawn(rng)
        word = Curvature((x,), _order()).of(case.formula)
        called.append(word)
        if word == "unknown":
            continue
        above = _over_chords(case, 40)
        assert word == "concave" or above.max() <= 1e-9, f"{case.formula} is called {word}"
        assert word == "convex" or above.min() >= -1e-9, f"{case.formula} is called {word}"
    assert min(called.count(word) for word in ("convex", "concave", "affine", "unknown")) >= 3
