"""Formulas drawn at random: what is called convex, concave or affine is never crossed by a chord, in exact or ball
arithmetic; and what two chords refute is refuted at points that can be checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

from chainrule import (
    abs_,
    dims,
    dot,
    exp,
    log,
    logsumexp,
    matrix,
    maximum,
    norm,
    rational,
    relu,
    scalar,
    sigmoid,
    softplus,
    sqnorm,
    sqrt,
    total,
    trace,
    vector,
)
from chainrule.convexity.certificate import composed
from chainrule.diff.domain import domain
from chainrule.errors import ChainruleError
from chainrule.kernel.bends import UNKNOWN
from chainrule.notation.nodes import Node, Var
from chainrule.notation.statements import concave, convex
from chainrule.worlds.convexity import chords
from chainrule.worlds.examine import EXTREMES, tally
from chainrule.worlds.reading import read

n, m = dims("n m")
a, b, c, q = scalar("a"), scalar("b"), scalar("c", positive=True), scalar("q", positive=True)
x, u, A, y = vector("x", n), vector("u", n, positive=True), matrix("A", m, n), vector("y", m)
P, S = matrix("P", n, n, psd=True), matrix("S", n, n, positive_definite=True)
MOVING: tuple[tuple[Var, ...], ...] = ((a,), (a, b), (c,), (c, q), (a, c), (x,), (x, c), (u,), (u, q), (S,), (x, S))
ATOMS: tuple[Callable[[], Node], ...] = (
    *(lambda: a, lambda: b, lambda: c, lambda: q, lambda: total(u), lambda: dot(y, A @ x), lambda: sqnorm(A @ x - y)),
    *(lambda: norm(x), lambda: x.T @ P @ x, lambda: x.T @ S.I @ x, lambda: trace(P @ S), lambda: trace(S.I)),
    *(lambda: maximum(x), lambda: logsumexp(x), lambda: total(u * log(u)), lambda: total(abs_(x)), lambda: sqnorm(x)),
)
STEPS: tuple[Callable[[Node, Node], Node], ...] = (
    *(lambda f, g: f + g, lambda f, g: f - g, lambda f, g: f * g, lambda f, g: 2 * f, lambda f, g: -f),
    *(lambda f, g: f / g, lambda f, g: 1 / f, lambda f, g: f**2, lambda f, g: f**3, lambda f, g: f / 3),
    *(lambda f, g: exp(f / 4), lambda f, g: log(f), lambda f, g: sqrt(f), lambda f, g: relu(f), lambda f, g: abs_(f)),
    *(lambda f, g: softplus(f), lambda f, g: sigmoid(f), lambda f, g: log(exp(f) + exp(g)), lambda f, g: 1 + f),
    *(lambda f, g: f * log(f / g), lambda f, g: g * exp(f / g), lambda f, g: sqrt(f * g), lambda f, g: f**2 / g),
    *(lambda f, g: f + relu(g - f), lambda f, g: f**2 - relu(f - c) ** 2, lambda f, g: sqrt(f**2 + g**2)),
    *(lambda f, g: f * log(f), lambda f, g: f ** rational(1, 2), lambda f, g: f ** rational(3, 2), lambda f, g: f**-1),
)
DRAWN, WORLDS = 300, 6


def drawn(g: Random) -> Node:
    """A formula: atoms, and up to four steps."""
    found = [g.choice(ATOMS)() for _ in range(2)]
    for _ in range(g.randint(1, 4)):
        found.append(g.choice(STEPS)(found[-1], g.choice([*found, g.choice(ATOMS)()])))
    return found[-1]


def test_nothing_called_convex_is_crossed_by_a_chord() -> None:
    g, called = Random("curvature"), Counter[str]()
    while sum(called.values()) < DRAWN:
        f, variables = drawn(g), g.choice(MOVING)
        if not f.atoms(Var).intersection(variables):
            continue
        try:
            given = domain(f)
        except ChainruleError:
            continue
        if any(v in s.atoms(Var) for h in given for s in h.statement.formulas for v in variables):
            continue  # the domain itself is asked about in tests/wrong
        word = composed(f, variables, given).word
        called[word] += 1
        for claim in {
            "convex": [convex(f, *variables)],
            "concave": [concave(f, *variables)],
            "affine": [convex(f, *variables), concave(f, *variables)],
            "constant": [],
            UNKNOWN: [],
        }[word]:
            for chord in chords(claim, given):
                hypotheses = read(chord.relation.formulas, chord.given)
                found = tally(chord.relation, hypotheses, WORLDS, EXTREMES)
                assert found.failure is None, f"{f} is called {word} in {variables}"
    assert min(called[w] for w in ("convex", "concave", "affine")) >= 5, called
    assert called["convex"] >= 40, called
