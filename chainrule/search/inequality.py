"""Proofs of inequalities: write the difference as a nonnegative combination of things that are nonnegative by a rule.

    a - b = sum of c_j p_j,   c_j >= 0 rational,   each p_j nonnegative

The p_j come from the two sides as written (their terms), and from given inequalities: times what is nonnegative (a
declared
symbol, a monomial that the goal asks for, another given one) and summed over their indices. The c_j come from the
simplex
method, in exact fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations, combinations_with_replacement, permutations

from chainrule.kernel import poly as P
from chainrule.kernel.atoms import Atom
from chainrule.kernel.order import Order, terms
from chainrule.kernel.poly import Monomial, Poly
from chainrule.kernel.signs import Signs
from chainrule.notation.nodes import Div, Mul, Neg, Node, Number, Var

from .simplex import solution

MOST = 6
"""How many given inequalities are multiplied with each other."""


@dataclass(frozen=True)
class Candidate:
    """Something nonnegative (or positive): its polynomial and why."""

    poly: Poly
    strict: bool
    why: str


def from_terms(larger: Node, smaller: Node, order: Order) -> list[Candidate]:
    """The terms of larger - smaller that are nonnegative by a rule."""
    found = []
    mine = terms(larger) + terms(smaller, -1)
    for sign, a in mine:
        turned, a = _sign_out(a) if sign < 0 else (-1, a)
        if turned > 0:
            continue
        a = _bare(a)
        if order.nonnegative(a):
            found.append(Candidate(order.normal(order.lower(a)), order.positive(a), str(a)))
    return found


def _sign_out(a: Node) -> tuple[int, Node]:
    """The sign in front of a product or quotient, and the rest: (-b)/c taken away is b/c."""
    match a:
        case Neg(args=(b,)):
            sign, rest = _sign_out(b)
            return -sign, rest
        case Mul(args=(b, c)) | Div(args=(b, c)):
            sign, rest = _sign_out(b)
            return sign, a if sign > 0 else a.func(rest, c)
    return 1, a


def _bare(a: Node) -> Node:
    """A term without its positive rational factor: the combination finds that again."""
    match a:
        case Mul(args=(Number(value=v), b)) if v.is_positive:
            return _bare(b)
        case Div(args=(b, Number(value=v))) if v.is_positive:
            return _bare(b)
    return a


def weighted(slack: Candidate, symbols: Sequence[Var], order: Order) -> list[Candidate]:
    """A given slack >= 0 whose axes are arbitrary indices, summed over some of them, alone or with declared nonnegative
    weights: s[i, k] >= 0 and d[i, k] >= 0 show sum_k d[i, k] s[i, k] >= 0 for every i."""
    labels = tuple(range(len(slack.poly.dims)))
    if not labels:
        return [slack]
    found = []
    weights = [v for v in symbols if v.ndim and order.nonnegative(v)]
    for kept in chain.from_iterable(combinations(labels, k) for k in range(len(labels) + 1)):
        found.append(Candidate(P.contract([(slack.poly, labels)], kept, {}), slack.strict, slack.why))
        for v in weights if len(kept) < len(labels) else ():
            for on in permutations(labels, v.ndim):
                if tuple(v.shape) == tuple(slack.poly.dims[k] for k in on):
                    parts = [(order.normal(order.lower(v)), on), (slack.poly, labels)]
                    found.append(Candidate(P.contract(parts, kept, {}), False, slack.why))
    return found


def products(slacks: Sequence[Candidate]) -> list[Candidate]:
    """Two given slacks multiplied entry by entry and summed: both are nonnegative."""
    found = []
    for a, b in combinations_with_replacement(slacks[:MOST], 2):
        if a.poly.dims == b.poly.dims:
            labels = tuple(range(len(a.poly.dims)))
            made = P.contract([(a.poly, labels), (b.poly, labels)], (), {})
            found.append(Candidate(made, a.strict and b.strict, f"{a.why}, {b.why}"))
    return found


def multiples(slack: Candidate, goals: Sequence[Poly], signs: Signs) -> list[Candidate]:
    """A scalar slack times the nonnegative monomials that take one of its terms to one of the goals'."""
    terms_of = dict.fromkeys(m for goal in goals for m in sorted(goal))
    wanted = dict.fromkeys(_quotient(_scalars(m), _scalars(own)) for m in terms_of for own in slack.poly)
    found = []
    for factors in wanted:
        if not factors:  # nothing to multiply with, or no monomial does it
            continue
        factor = P.single(Fraction(1), [(a, (), p) for a, p in factors], (), {})
        if signs.nonnegative(factor):
            made = P.contract([(factor, ()), (slack.poly, ())], (), {})
            found.append(Candidate(made, slack.strict and signs.positive(factor), slack.why))
    return found


def monomials(polys: Sequence[Poly], signs: Signs) -> list[Candidate]:
    """Every term that is nonnegative whatever its coefficient: a declared positive number, a square."""
    alone = dict.fromkeys(Poly(p.dims, {m: Fraction(1)}) for p in polys for m in sorted(p))
    return [Candidate(p, signs.positive(p), "its sign") for p in alone if signs.nonnegative(p)]


def _scalars(m: Monomial) -> dict[Atom, Fraction]:
    return {a: p for a, labels, p in m.factors if not labels}


def _quotient(of: dict[Atom, Fraction], by: dict[Atom, Fraction]) -> tuple[tuple[Atom, Fraction], ...]:
    left = {a: of.get(a, Fraction(0)) - by.get(a, Fraction(0)) for a in {**of, **by}}
    if any(p < 0 and a.power != "exp" for a, p in left.items()):
        return ()
    return tuple(sorted(((a, p) for a, p in left.items() if p), key=str))


def combination(goal: Poly, candidates: Sequence[Candidate], strict: bool) -> list[tuple[Fraction, Candidate]] | None:
    """Coefficients c_j >= 0 with goal = sum c_j p_j, and one strict p_j with c_j > 0 where that is asked."""
    wanted = frozenset(j for j, k in enumerate(candidates) if k.strict) if strict else frozenset()
    if strict and not wanted:
        return None
    found = solution([k.poly for k in candidates], goal, wanted)
    return None if found is None else [(c, k) for c, k in zip(found, candidates, strict=True) if c]
