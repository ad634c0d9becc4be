"""How functions of one number bend and which way they run: what is convex, concave, increasing, decreasing, and where.

    f convex and increasing on an interval:  f(g) is convex for convex g with values there
    f convex and decreasing:                 for concave g;   f concave: the same with the words exchanged

Everything in this file is trusted; every row can be read off a graph.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from chainrule.notation.nodes import Node, polygamma_order

CONSTANT, AFFINE, CONVEX, CONCAVE, UNKNOWN = "constant", "affine", "convex", "concave", "unknown"
FLIPPED = {CONVEX: CONCAVE, CONCAVE: CONVEX}
EVERYWHERE, NONNEGATIVE, NONPOSITIVE, POSITIVE, NEGATIVE = "everywhere", "x >= 0", "x <= 0", "x > 0", "x < 0"
RISES, FALLS, NEITHER = "increasing", "decreasing", ""


@dataclass(frozen=True)
class Found:
    """The curvature of a formula, the rule that gives it, and what the rule was applied to."""

    formula: Node
    word: str
    rule: str = ""
    parts: tuple[Found, ...] = ()


def an(word: str) -> str:
    """an affine, a convex"""
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


@dataclass(frozen=True)
class Bend:
    """Where on the line a function is convex or concave, and whether it rises or falls there."""

    where: str
    word: str
    runs: str

    def through(self, inner: str) -> str:
        """The curvature of f(g) from that of g, whose values lie where this row speaks of."""
        if inner in (CONSTANT, AFFINE):
            return self.word
        fits = {RISES: self.word, FALLS: FLIPPED[self.word], NEITHER: ""}[self.runs]
        return self.word if inner == fits else UNKNOWN


_S_SHAPED = (Bend(NONNEGATIVE, CONCAVE, RISES), Bend(NONPOSITIVE, CONVEX, RISES))
_BOWL = (
    Bend(EVERYWHERE, CONVEX, NEITHER),
    Bend(NONNEGATIVE, CONVEX, RISES),
    Bend(NONPOSITIVE, CONVEX, FALLS),
)
_ODD = (Bend(NONNEGATIVE, CONVEX, RISES), Bend(NONPOSITIVE, CONCAVE, RISES))

FUNCTIONS: dict[str, tuple[Bend, ...]] = {
    "exp": (Bend(EVERYWHERE, CONVEX, RISES),),
    "softplus": (Bend(EVERYWHERE, CONVEX, RISES),),
    "relu": (Bend(EVERYWHERE, CONVEX, RISES),),
    "log": (Bend(EVERYWHERE, CONCAVE, RISES),),  # where it has a value: x > 0
    "sqrt": (Bend(EVERYWHERE, CONCAVE, RISES),),  # where it has a value: x >= 0
    "abs": _BOWL,
    "cosh": _BOWL,
    "sinh": _ODD,
    "tanh": _S_SHAPED,
    "sigmoid": _S_SHAPED,
    "atan": _S_SHAPED,
    "erf": _S_SHAPED,
    "lgamma": (Bend(EVERYWHERE, CONVEX, NEITHER),),  # where it has a value: x > 0; its slope digamma rises
    "log_bessel0": _BOWL,  # log of the mean of e^(x cos t): the second derivative is a variance, the slope at 0 is 0
}
"""The other functions (sin, step, ...) bend both ways, or jump."""


def of_function(name: str) -> tuple[Bend, ...]:
    """What is known of a function. The m-th polygamma function is (-1)^(m + 1) m! times the sum of 1/(x + k)^(m + 1):
    each next derivative has the other sign, where it has a value: x > 0. Digamma, the 0th, is an integral of that."""
    order = polygamma_order(name)
    if order is None:
        return FUNCTIONS.get(name, ())
    return (Bend(EVERYWHERE, CONVEX, FALLS) if order % 2 else Bend(EVERYWHERE, CONCAVE, RISES),)


def of_power(k: sp.Rational) -> tuple[Bend, ...]:
    """x^k for a rational number k other than 0 and 1."""
    if k.is_Integer and k > 0:
        return _BOWL if k % 2 == 0 else _ODD
    if k > 0:
        return (Bend(NONNEGATIVE, CONVEX if k > 1 else CONCAVE, RISES),)
    right = Bend(POSITIVE, CONVEX, FALLS)
    if not k.is_Integer:
        return (right,)
    return (right, Bend(NEGATIVE, CONVEX, RISES) if k % 2 == 0 else Bend(NEGATIVE, CONCAVE, FALLS))
