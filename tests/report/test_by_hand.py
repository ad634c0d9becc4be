"""A refuted derivative in its small world: the function, its partial derivatives and their values."""

from __future__ import annotations

import pytest

import chainrule as cr
from chainrule.evidence import Counterexample
from chainrule.notation.nodes import Node
from chainrule.report.by_hand import by_hand
from chainrule.report.model import Math, Text

n, p = cr.dims("n p")
A, X = cr.matrix("A", n, n), cr.matrix("X", n, p)
b, x, y, w = cr.vector("b", n), cr.vector("x", n), cr.vector("y", n), cr.vector("w", p)
t = cr.scalar("t")


def said(text: Text) -> str:
    return "".join("".join(s.latex).replace("{}", " ") if isinstance(s, Math) else s.text for s in text)  # type: ignore[union-attr]


CASES: list[tuple[Node, Node, Counterexample, str]] = [
    (
        cr.grad(x.T @ A @ x, x) - 2 * b,
        2 * A @ x - 2 * b,
        Counterexample({"n": 2}, {"A": [["0", "1"], ["0", "0"]], "x": ["0", "1"], "b": ["0", "0"]}, [], []),
        r"In this world x^{\mathsf T} Ax = x_1 x_2, with the partial derivatives x_2 and x_1; here they are 1 and 0.",
    ),
    (
        cr.grad(cr.sqnorm(y - X @ w), w),
        2 * X.T @ (y - X @ w),
        Counterexample({"n": 1, "p": 1}, {"X": [["1"]], "y": ["1"], "w": ["1/2"]}, [], []),
        r"In this world \lVert y - Xw\rVert^2 = w_1^2 - 2 w_1 + 1, with the derivative 2 w_1 - 2; here it is -1.",
    ),
    (
        cr.grad(cr.exp(t) * t, t),
        cr.exp(t),
        Counterexample({}, {"t": "0"}, "1", "1"),
        r"In this world \exp(t) t = t \exp(t), with the derivative t \exp(t) + \exp(t); here it is 1.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "found", "shown"), CASES)
def test_the_function_and_its_derivatives(before: Node, after: Node, found: Counterexample, shown: str) -> None:
    assert said(by_hand(before, after, found)) == "Check it by hand. " + shown


def test_nothing_is_said_where_it_would_not_be_short_or_certain() -> None:
    world = Counterexample({"n": 5}, {"x": ["1"] * 5, "A": [["1"] * 5] * 5}, [], [])
    assert by_hand(cr.grad(x.T @ A @ x, x), x, world) == ()  # five entries
    assert by_hand(A @ x, x, world) == ()  # no derivative
    assert by_hand(cr.grad(cr.total(cr.relu(x)), x), x, Counterexample({"n": 1}, {"x": ["1"]}, [], [])) == ()
    assert by_hand(cr.grad(x.T @ b, x), x, Counterexample({"n": 1}, {"x": ["1"]}, [], [])) == ()  # b has no value
