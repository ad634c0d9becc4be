"""Convexity as inequalities between two points: f((1-t)x + ty) <= (1-t) f(x) + t f(y), x being all variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count

import sympy as sp
from sympy.core.symbol import Str

from chainrule.errors import Unsupported
from chainrule.notation.nodes import Add, Mul, Node, Number, Subs, Var
from chainrule.notation.statements import Assumption, Predicate, Relation

from .contents import symbols
from .hypotheses import Statement

MIXES = (sp.Rational(1, 2), sp.Rational(1, 4), sp.Rational(9, 10))
"""The t at which f((1-t)x + ty) <= (1-t)f(x) + tf(y) is tried."""

CONVEX_SETS = frozenset(
    (
        *("positive", "nonnegative", "unit_interval", "simplex", "stochastic_rows", "psd", "positive_definite"),
        *("symmetric", "skew", "diagonal", "lower_triangular"),
    )
)
"""Properties that hold between any two points that have them."""


@dataclass(frozen=True)
class Chord:
    """The inequality for one t, its hypotheses, the names of the second point, and what t is called."""

    relation: Relation
    given: tuple[Assumption, ...]
    seconds: tuple[str, ...]
    t: sp.Rational
    called: str


def chords(claim: Predicate, given: tuple[Assumption, ...]) -> list[Chord]:
    """The inequalities that say that f is convex, one for each t, each with the hypotheses for both points.
    Raises Unsupported where the declared properties do not hold between two points."""
    f, variables = claim.of, claim.variables
    if not variables:
        raise Unsupported("convex(f, x) names the variables in which f is convex")
    for x in variables:
        if not x.declared <= CONVEX_SETS:
            raise Unsupported(f"{x.name} is {', '.join(sorted(x.declared))}: between two such points there are others")
    taken = {v.name for formula in (f, *(s for a in given for s in a.statement.formulas)) for v in symbols(formula)}
    seconds = {x: Var(Str(_fresh(x.name, taken)), *x.args[1:]) for x in variables}
    called = "t" if "t" not in taken else _fresh("t", taken)
    return [_chord(f, seconds, t, given, called) for t in MIXES]


def _fresh(name: str, taken: set[str]) -> str:
    found = next(name + "'" * k for k in count(1) if name + "'" * k not in taken)
    taken.add(found)
    return found


def _chord(f: Node, seconds: Mapping[Var, Var], t: sp.Rational, given: tuple[Assumption, ...], called: str) -> Chord:
    middle: dict[Var, Node] = {x: Add(times(1 - t, x), times(t, y)) for x, y in seconds.items()}
    relation = Relation(_where(f, middle), "<=", Add(times(1 - t, f), times(t, _where(f, seconds))))
    of_the_points = [a for a in given if any(x in symbols(s) for s in a.statement.formulas for x in seconds)]
    there = [replace(a, statement=_at(a.statement, seconds)) for a in of_the_points]
    return Chord(relation, (*given, *there), tuple(y.name for y in seconds.values()), t, called)


def times(c: sp.Expr, node: Node) -> Node:
    """A multiple of a formula."""
    return Mul(Number(c, sp.Tuple()), node)


def _where(f: Node, points: Mapping[Var, Node]) -> Node:
    """f at other points; no point contains a variable that a later one stands for."""
    for x, point in points.items():
        f = Subs(f, x, point)
    return f


def _at(statement: Statement, points: Mapping[Var, Var]) -> Statement:
    """The same hypothesis of the second point."""
    if isinstance(statement, Relation):
        return replace(statement, left=statement.left.xreplace(points), right=statement.right.xreplace(points))
    return replace(statement, of=statement.of.xreplace(points))
