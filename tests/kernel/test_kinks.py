"""Formulas of relu, |x|, sign and step, drawn at random: those that the kernel calls equal are equal at every point of
a grid that has 0 in it, and it calls enough of them equal for that to mean something."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from random import Random

import pytest

import chainrule as cr
from chainrule.judge.context import Context
from chainrule.notation.nodes import Node
from chainrule.notation.statements import Relation

a, b = cr.scalar("a"), cr.scalar("b")
q, t = cr.scalar("q", positive=True), cr.scalar("t", labels=True)
POINTS = [
    dict(zip("abqt", values, strict=True))
    for values in product((-2, -1, 0, 1, 2), (-1, 0, 3), (Fraction(1, 2), 1, 2), (-1, 1))
]
GATES = {
    "relu": (cr.relu, lambda x: max(x, Fraction(0))),
    "abs": (cr.abs_, abs),
    "sign": (cr.sign, lambda x: Fraction((x > 0) - (x < 0))),
    "step": (cr.step, lambda x: Fraction(x > 0)),
}
Drawn = tuple[Node, tuple[Fraction, ...]]


def values(name: str) -> tuple[Fraction, ...]:
    return tuple(Fraction(point[name]) for point in POINTS)


ATOMS: list[Drawn] = [(a, values("a")), (b, values("b")), (q, values("q")), (t, values("t"))]


def drawn(rng: Random, depth: int) -> Drawn:
    """A formula, and its value at every point."""
    if depth == 0:
        return rng.choice(ATOMS)
    kind = rng.choice(["gate", "gate", "gate", "+", "-", "*", "minus"])
    x, at_x = drawn(rng, depth - 1)
    if kind == "gate":
        function, python = GATES[rng.choice(list(GATES))]
        return function(x), tuple(python(v) for v in at_x)
    if kind == "minus":
        return -x, tuple(-v for v in at_x)
    y, at_y = drawn(rng, rng.randrange(depth))
    if kind == "+":
        return x + y, tuple(v + u for v, u in zip(at_x, at_y, strict=True))
    if kind == "-":
        return x - y, tuple(v - u for v, u in zip(at_x, at_y, strict=True))
    return x * y, tuple(v * u for v, u in zip(at_x, at_y, strict=True))


def called_equal(x: Node, y: Node) -> bool:
    context = Context((), calculus=False)
    return context.rewriter.vanishes(context.difference(Relation(x, "=", y)))


def test_what_is_called_equal_is_equal_everywhere() -> None:
    rng, equal, alike = Random("kinks"), 0, 0
    made = [drawn(rng, 1 + k % 2) for k in range(70)]
    for (x, at_x), (y, at_y) in combinations(dict.fromkeys(made), 2):
        if called_equal(x, y):
            equal += 1
            assert at_x == at_y, f"{x} was called equal to {y}"
        alike += at_x == at_y
    assert equal >= 10 and equal >= alike / 2


@pytest.mark.parametrize("seed", range(3))
def test_the_two_halves_of_anything(seed: int) -> None:
    rng = Random(f"halves {seed}")
    for _ in range(20):
        x = rng.choice((a, b, a - b)) + rng.choice((a, b, q)) * rng.choice((a, b, q))
        assert called_equal(cr.relu(x) - cr.relu(-x), x)
        assert called_equal(cr.relu(x) + cr.relu(-x), cr.abs_(x))
        assert called_equal(cr.relu(x) * cr.relu(-x), cr.zeros())
        assert called_equal(cr.sign(x) * x, cr.abs_(x))
        assert called_equal(cr.relu(q * x), q * cr.relu(x))
        assert called_equal(cr.abs_(t * x), cr.abs_(x))
