"""Proofs of inequalities: write the difference as a nonnegative combination of things that are nonnegative by a rule.

    a - b = sum of c_j p_j,   c_j >= 0 rational,   each p_j nonnegative

The p_j come from the two sides as written (their terms), and from given inequalities, weighted by declared nonnegative
symbols and summed over their indices. The coefficients come from exact linear algebra.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from chainrule.kernel import poly as P
from chainrule.kernel.order import Order
from chainrule.kernel.poly import Monomial, Poly
from chainrule.notation.nodes import Add, Div, Let, Mul, Neg, Node, Number, Var

MOST = 4
"""How many of the candidates one combination may take."""


@dataclass(frozen=True)
class Candidate:
    """Something nonnegative (or positive): its polynomial and why."""

    poly: Poly
    strict: bool
    why: str


def terms(a: Node, sign: int = 1) -> list[tuple[int, Node]]:
    """The terms of a sum as written, with their signs; names are opened."""
    match a:
        case Add(args=(b, c)):
            return terms(b, sign) + terms(c, sign)
        case Neg(args=(b,)):
            return terms(b, -sign)
        case Let():
            return terms(a.value, sign)
    return [(sign, a)]


def from_terms(larger: Node, smaller: Node, order: Order) -> list[Candidate]:
    """The terms of larger - smaller that are nonnegative by a rule."""
    found = []
    mine = terms(larger) + terms(smaller, -1)
    for sign, a in mine:
        if sign < 0:
            continue
        a = _bare(a)
        if order.nonnegative(a):
            found.append(Candidate(order.normal(order.lower(a)), order.positive(a), str(a)))
    return found


def _bare(a: Node) -> Node:
    """A term without its positive rational factor: the combination finds that again."""
    match a:
        case Mul(args=(Number(value=v), b)) if v.is_positive:
            return _bare(b)
        case Div(args=(b, Number(value=v))) if v.is_positive:
            return _bare(b)
    return a


def weighted(slack: Poly, symbols: Sequence[Var], order: Order, name: str) -> list[Candidate]:
    """A given slack >= 0 whose axes are arbitrary indices, summed over them with declared nonnegative weights."""
    labels = tuple(range(len(slack.dims)))
    if not labels:
        return [Candidate(slack, False, name)]
    found = [Candidate(P.contract([(slack, labels)], (), {}), False, name)]
    for v in symbols:
        if tuple(v.shape) == slack.dims and order.nonnegative(v):
            weight = order.normal(order.lower(v))
            found.append(Candidate(P.contract([(weight, labels), (slack, labels)], (), {}), False, name))
    return found


def combination(goal: Poly, candidates: Sequence[Candidate], strict: bool) -> list[tuple[Fraction, Candidate]] | None:
    """Coefficients c_j >= 0 with goal = sum c_j p_j, and one strict p_j with c_j > 0 where that is asked."""
    for count in range(1, min(MOST, len(candidates)) + 1):
        for chosen in combinations(candidates, count):
            solved = _solve(goal, [c.poly for c in chosen])
            if solved is None or any(c < 0 for c in solved):
                continue
            if strict and not any(c > 0 and k.strict for c, k in zip(solved, chosen, strict=True)):
                continue
            return list(zip(solved, chosen, strict=True))
    return None


def _solve(goal: Poly, polys: list[Poly]) -> list[Fraction] | None:
    """The exact solution of goal = sum c_j p_j, if there is just one."""
    rows: list[Monomial] = list(dict.fromkeys(m for p in (goal, *polys) for m in p))
    table = [[p.get(m, Fraction(0)) for p in polys] + [goal.get(m, Fraction(0))] for m in rows]
    n, pivot = len(polys), 0
    for column in range(n):
        found = next((r for r in range(pivot, len(table)) if table[r][column]), None)
        if found is None:
            return None
        table[pivot], table[found] = table[found], table[pivot]
        lead = table[pivot][column]
        table[pivot] = [x / lead for x in table[pivot]]
        for r in range(len(table)):
            if r != pivot and table[r][column]:
                factor = table[r][column]
                table[r] = [x - factor * y for x, y in zip(table[r], table[pivot], strict=True)]
        pivot += 1
    if any(row[n] for row in table[pivot:]):
        return None
    return [table[k][n] for k in range(n)]
