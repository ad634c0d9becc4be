"""Constraints that tie the entries of x together, paid for: what is left is a problem without them, and a price.

    L(x) = f(x) + tau c(x),    x(tau) = the lowest point of L,    tau such that c(x(tau)) = 0

Lagrange's relaxation. Whoever keeps the constraint pays nothing, so that f(y) = L(y) >= L(x(tau)) = f(x(tau)), for
every y that keeps it: no convexity is asked for. Where c(x) <= 0 is asked, tau is at least 0 and tau c(x(tau)) = 0, and
f(y) >= L(y). The point is a formula in tau, and tau is what its equation says.

Source: Everett (1963), the main theorem; Boyd and Vandenberghe, Convex Optimization (2004), sec. 5.5.3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from chainrule.calculus.readback import derivative
from chainrule.errors import ChainruleError
from chainrule.notation.nodes import Let, Node, Var, make_var
from chainrule.notation.statements import (
    Assumption,
    Claim,
    Derivation,
    Predicate,
    Relation,
    at_least,
    by,
    equals,
    nonnegative,
)
from chainrule.notation.vocabulary import grad, zeros

from .optimum import LOWEST, Optimum
from .price import Price
from .problem import Problem, problem
from .words import chain, claimed, difference, fresh, inner, provable

PRICES = ("tau", "nu", "kappa", "eta", "mu", "rho", "psi", "xi", "zeta", "chi")


@dataclass(frozen=True, eq=False)
class Tie:
    """A constraint, what it holds at 0 or below, and the price of a unit of that."""

    asked: Assumption
    rest: Node
    price: Var
    equation: bool

    def balanced(self, x: Var, point: Node) -> tuple[Assumption, ...]:
        """What the price has to be such that the point keeps the constraint, or leaves room and pays nothing."""
        s = self.asked.statement
        assert isinstance(s, Relation)
        kept = Assumption(Relation(s.left.at(x, point), s.relation, s.right.at(x, point)))
        paid = self.price * self.rest.at(x, point)
        return (kept,) if self.equation else (kept, Assumption(Relation(paid, "=", zeros(*paid.shape))))


def relaxed(p: Problem, solve: Callable[[Problem], Optimum]) -> Optimum | None:
    """The point for any price, and that nothing is lower if the price is right; None where that is not solved."""
    ties, kept = _ties(p)
    if not ties:
        return None
    paid = p.objective
    for t in ties:
        paid = paid + inner(t.price, t.rest)
    try:
        found = solve(problem(paid, p.x, kept, p.own))
    except ChainruleError:
        return None
    if found.point is None or found.kind != LOWEST or found.lowest is None:
        return None
    paid_for = replace(found.lowest, place=replace(found.lowest.place, part="lowest at any price"))
    balance = tuple(a for t in ties for a in t.balanced(p.x, found.point))
    falls = _falls(p, ties[0], found, found.point) if len(ties) == 1 else ()
    return replace(
        found,
        objective=p.objective,
        subject_to=p.subject_to,
        gradient=p.gradient,
        conditions=(*found.conditions, paid_for, *falls),
        given=(*found.given, *balance),
        prices=tuple(Price(t.price, t.rest.at(p.x, found.point), t.equation) for t in ties),
        curvature=None,
        bowl=None,
        lowest=_lowest(p, ties, found, paid_for, balance),
        symbols=p.symbols,
    )


def crowded(p: Problem) -> bool:
    """Does an inequality that ties entries together stand beside another? Alone it does not say which of them bind."""
    return len(p.inequalities) > 1 and bool(p.x.ndim) and any(not h.shape for h in p.inequalities)


def _ties(p: Problem) -> tuple[list[Tie], tuple[Assumption, ...]]:
    """Equations, and inequalities of one number between several; and the constraints on each entry."""
    ties, kept = [], []
    for a in p.subject_to:
        s = a.statement
        if isinstance(s, Predicate) or (s.relation != "=" and (s.left.shape or not p.x.ndim)):
            kept.append(a)
            continue
        rest = difference(s.right, s.left) if s.relation == ">=" else difference(s.left, s.right)
        properties = () if s.relation == "=" else ("nonnegative",)
        price = make_var(fresh(PRICES, p.taken), rest.shape, properties)
        ties.append(Tie(a, rest, price, s.relation == "="))
    return ties, tuple(kept)


def _falls(p: Problem, tie: Tie, found: Optimum, point: Let) -> tuple[Claim | Derivation, ...]:
    """(t - tau) (c(x(tau)) - c(x(t))) >= 0, entry by entry and summed, where c is affine: so there is one place to
    look for tau, and Newton's steps between two bounds find it."""
    slope = None if tie.price.ndim or p.rough else derivative(grad(tie.rest, p.x))
    if slope is None or p.x in slope.atoms(Var):
        return ()
    other = make_var(fresh(("t", "s", "r", "q", "tau'"), p.taken), (), tuple(sorted(tie.price.declared)))
    here = _opened(point)
    there = here.xreplace({tie.price: other})
    each = nonnegative((other - tie.price) * slope * (here - there))
    if not provable(each, found.given):
        return ()
    claim = claimed("falls entry by entry", each, given=found.given)
    less = tie.rest.at(p.x, here) - tie.rest.at(p.x, there)
    return claim, chain("falls", (other - tie.price) * less, at_least(0, by(claim, *found.given)), given=found.given)


def _opened(formula: Node) -> Node:
    """Without names."""
    while named := formula.atoms(Let):
        formula = formula.xreplace({n: n.value for n in named})
    return formula


def _lowest(
    p: Problem, ties: list[Tie], found: Optimum, paid_for: Derivation, balance: tuple[Assumption, ...]
) -> Derivation:
    """f(y) = L(y) >= L(x*) = f(x*)"""
    relation = equals if all(t.equation for t in ties) else at_least
    assert found.point is not None
    return chain(
        "lowest",
        p.objective,
        relation(found.objective, by(*(t.asked for t in ties))),
        at_least(found.objective.at(p.x, found.point), by(paid_for)),
        equals(p.objective.at(p.x, found.point), by(*balance)),
        given=(*found.given, *balance),
    )
