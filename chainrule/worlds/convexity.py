"""Convexity as inequalities between two points: f((1-t)x + ty) <= (1-t) f(x) + t f(y)."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import sympy as sp
from sympy.core.symbol import Str

from chainrule.errors import Unsupported
from chainrule.notation.nodes import Add, Mul, Node, Number, Subs, Var
from chainrule.notation.statements import Assumption, Predicate, Relation

from .contents import symbols
from .hypotheses import Statement, sides

MIXES = (sp.Rational(1, 2), sp.Rational(1, 4), sp.Rational(9, 10))
"""The t at which f((1-t)x + ty) <= (1-t)f(x) + tf(y) is tried."""

CONVEX_SETS = frozenset(
    (
        *("positive", "nonnegative", "simplex", "stochastic_rows", "psd", "positive_definite"),
        *("symmetric", "skew", "diagonal", "lower_triangular"),
    )
)
"""Properties that hold between any two points that have them."""


def chords(claim: Predicate, given: tuple[Assumption, ...]) -> tuple[list[Relation], tuple[Assumption, ...], str]:
    """The inequalities that say that f is convex in x, one for each t; the hypotheses for both points; the name of the
    second point. Raises Unsupported where the declared properties of x do not hold between two points."""
    f, x = claim.of, claim.variable
    if x is None:
        raise Unsupported("convex(f, x) names the variable in which f is convex")
    if not x.declared <= CONVEX_SETS:
        raise Unsupported(f"{x.name} is {', '.join(sorted(x.declared))}: between two such points there are others")
    taken = {v.name for formula in (f, *(s for a in given for s in sides(a.statement))) for v in symbols(formula)}
    name = next(x.name + "'" * k for k in count(1) if x.name + "'" * k not in taken)
    y = Var(Str(name), *x.args[1:])
    second = tuple(replace(a, statement=_at(a.statement, x, y)) for a in given if _speaks_of(a.statement, x))
    return [_between(f, x, y, t) for t in MIXES], (*given, *second), name


def _between(f: Node, x: Var, y: Var, t: sp.Rational) -> Relation:
    def times(c: sp.Expr, node: Node) -> Node:
        return Mul(Number(c, sp.Tuple()), node)

    middle = Add(times(1 - t, x), times(t, y))
    return Relation(Subs(f, x, middle), "<=", Add(times(1 - t, f), times(t, Subs(f, x, y))))


def _speaks_of(statement: Statement, x: Var) -> bool:
    return any(x in symbols(s) for s in sides(statement))


def _at(statement: Statement, x: Var, y: Var) -> Statement:
    """The same hypothesis of the second point."""
    if isinstance(statement, Relation):
        return replace(statement, left=statement.left.xreplace({x: y}), right=statement.right.xreplace({x: y}))
    return replace(statement, of=statement.of.xreplace({x: y}))
