"""Hand-written code read as mathematics: right where it is read, and left out where it is not certain."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.linalg import cho_factor, cho_solve
from scipy.special import expit, logsumexp

import chainrule as cr
from chainrule.evidence import Evidence, Verdict
from chainrule.notation.nodes import Node
from chainrule.notation.statements import Agreement
from chainrule.project import load
from chainrule.report import read_as_math
from chainrule.report.code_reader import reading
from chainrule.report.model import Math
from chainrule.settings import find

n, p = cr.dims("n p")
X, y, w, lam = cr.matrix("X", n, p), cr.vector("y", n), cr.vector("w", p), cr.scalar("lam", positive=True)
S = cr.matrix("S", p, p, positive_definite=True)
SYMBOLS: dict[str, Any] = {"X": X, "y": y, "w": w, "lam": lam, "S": S, "np": lam}


def meant(function: Callable[..., Any]) -> dict[str, Any]:
    return {name: SYMBOLS[name] for name in signature(function).parameters}


def ridge(X, y, lam):
    """A docstring."""
    k = X.shape[1]
    return np.linalg.solve(X.T @ X + lam * np.eye(k), X.T @ y)


def loss(X, y, w, lam):
    residual = y - X @ w
    return residual @ residual / (2 * len(y)) + lam * np.sum(np.abs(w))


def quadratic(w, S):
    return w @ S @ w + w.T @ w


def row_as_vector(X, y, w):
    return y @ X + w


def scaled(X, y):
    return X.T @ (y[:, None] * X)


def helper(z):
    return expit(z) * expit(-z)


def through_a_helper(X, w):
    return helper(X @ w)


def stable(X):
    top = X.max(axis=1)
    return top + np.log(np.sum(np.exp(X - top[:, None]), axis=1))


def normalised(X):
    E = np.exp(X)
    return E / E.sum(axis=1)[:, None]


def hinge(y):
    return np.sum(np.maximum(1 - y, 0))


def by_cholesky(S, w):
    return cho_solve(cho_factor(S), w)


def shrunk(S, w):
    g = S @ w
    return S - np.outer(g, w @ S) / (1 + w @ g)


def unpacked(X):
    n, p = X.shape
    return n * np.mean(X, axis=0) / p


READ: list[tuple[Callable[..., Any], Node]] = [
    (ridge, (X.T @ X + lam * cr.I(p)).I @ (X.T @ y)),
    (quadratic, w.T @ S @ w + w.T @ w),
    (row_as_vector, X.T @ y + w),
    (scaled, X.T @ (cr.diag(y) @ X)),
    (through_a_helper, cr.sigmoid(X @ w) * cr.sigmoid(-(X @ w))),
    (hinge, cr.total(cr.relu(1 - y))),
    (by_cholesky, S.I @ w),
    (unpacked, cr.as_node(n) * (cr.total(X, axis=0) / cr.as_node(n)) / cr.as_node(p)),
]


@pytest.mark.parametrize(("function", "formula"), READ, ids=lambda f: getattr(f, "__name__", ""))
def test_a_function_is_read(function: Callable[..., Any], formula: Node) -> None:
    found = reading(function, meant(function))
    assert found is not None and found.value == formula


@pytest.mark.parametrize(
    "function", [loss, stable, normalised, shrunk, *(f for f, _ in READ)], ids=lambda f: f.__name__
)
def test_the_reading_is_what_numpy_computes(function: Callable[..., Any]) -> None:
    from chainrule.code import numpy_function

    found = reading(function, meant(function))
    assert found is not None
    rng = np.random.default_rng(0)
    values = {"X": rng.normal(size=(4, 3)), "y": rng.normal(size=4), "w": rng.normal(size=3), "lam": 0.7}
    values["S"] = np.eye(3) + values["X"].T @ values["X"]
    named = {k: values[k] for k in signature(function).parameters}
    made = numpy_function(found.value, "made", [SYMBOLS[k] for k in named])
    np.testing.assert_allclose(made(**named), function(**named), rtol=1e-10)


def renamed(w):
    w = w / np.sum(w)
    return w


def sliced(X):
    return X[1:]


def branching(w, lam):
    return w if lam > 0 else -w


def keyword(w):
    return np.sum(w, keepdims=True)


def unknown(X):
    return np.linalg.pinv(X)


def looping(w):
    for _ in range(3):
        w = w + 1
    return w


def shadowed(w, np):
    return np.exp(w)


def mixed(X, w):
    return X * w[:, None]


def matrix_softmax(X):
    return logsumexp(X, axis=(0, 1))


def two_values(w):
    return w, w


NOT_READ = [renamed, sliced, branching, keyword, unknown, looping, shadowed, mixed, matrix_softmax, two_values]


@pytest.mark.parametrize("function", NOT_READ, ids=lambda f: f.__name__)
def test_what_is_not_certain_is_left_out(function: Callable[..., Any]) -> None:
    assert reading(function, meant(function)) is None


def test_a_reading_is_shown_only_if_it_is_the_formula() -> None:
    def wrong_sign(X, y, w):
        return X.T @ (y - X @ w)

    right, wrong = cr.agrees(X.T @ (y - X @ w), wrong_sign), cr.agrees(X.T @ (X @ w - y), wrong_sign)
    found = read_as_math.shown(right, Verdict(Evidence.SAMPLED))
    assert isinstance(found, tuple) and isinstance(found[0], Math)
    assert "".join(found[0].latex) == r"\mathtt{wrong\_sign}(X, y, w){}= X^{\mathsf T}(y - Xw)"
    assert read_as_math.shown(wrong, Verdict(Evidence.SAMPLED)) is None
    assert read_as_math.shown(right, Verdict(Evidence.REFUTED)) is None


def test_most_functions_of_the_book_are_read() -> None:
    root = Path(__file__).parents[2]
    settings = find(root)
    assert settings is not None
    short = [f for f in (root / "derivations").glob("*.py") if f.stem not in settings.long]
    project = load(root, short)
    every = [e.item for _, e in project.entries if isinstance(e.item, Agreement)]
    seen = [read_as_math.shown(item, Verdict(Evidence.SAMPLED)) for item in every]
    assert len(every) > 100 and sum(s is not None for s in seen) > 0.5 * len(every)
