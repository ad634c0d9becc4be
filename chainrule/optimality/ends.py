"""A number that inequalities hold back, and an objective that falls towards them: lowest where they end.

    x <= b_i for every i,  f'(x) <= 0 at all such x:    lowest at x* = min_i b_i
    x >= a_i for every i,  f'(x) >= 0 at all such x:    lowest at x* = max_i a_i

The slope vanishes nowhere, and no equation is solved. x* keeps every inequality, since none of the b_i is below their
least; no other x that does is past x*, since x* is one of the b_i; and from x to x* the objective does not rise, since
by the mean value theorem f(x) - f(x*) = f'(c) (x - x*) for a c between them. The upper end of a uniform distribution is
the example: the likelihood falls with it, and the data hold it up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from chainrule.calculus import jacobian, read
from chainrule.errors import ChainruleError
from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.kernel.normal import Normal
from chainrule.notation.nodes import Let, Node, Var, make_var
from chainrule.notation.statements import (
    Assumption,
    Claim,
    Derivation,
    Predicate,
    at_least,
    at_most,
    by,
    cited,
    equals,
    less_than,
    more_than,
    nonnegative,
    positivity,
)
from chainrule.notation.vocabulary import let, maximum

from .affine import constant_in, has_corners
from .argued import Argument, argument, bowl_of, curvature_of, on_convex_domain
from .distribute import distributed, gathered, shorter
from .lagrange import Stationary
from .optimum import LOWEST, Optimum, nth
from .problem import Problem, lower
from .words import chain, claimed, fresh, negative, provable, put_in

MEAN_VALUE = "the mean value theorem: c lies between"
SOURCE = "Rudin, Principles of Mathematical Analysis (3rd ed.), theorem 5.10"


@dataclass(frozen=True)
class End:
    """sign (x - bound) <= 0 in every entry: an upper end of x where the sign is 1, a lower one where it is -1."""

    sign: int
    bound: Node

    @property
    def last(self) -> Node:
        """The furthest x that every entry allows."""
        if self.bound.shape == ():
            return self.bound
        return negative(maximum(negative(self.bound))) if self.sign > 0 else maximum(self.bound)

    def room(self, x: Node) -> Node:
        """How far x is from each bound, on the side that is allowed."""
        return self.bound - x if self.sign > 0 else x - self.bound


def at_an_end(p: Problem) -> Optimum | None:
    """The optimum of a number whose slope has one sign, with one inequality on that side; None for another problem."""
    if p.x.ndim or p.equalities or p.rough or has_corners(lower(p.objective), p.symbol):
        return None  # a step has the slope 0 on both sides
    ends = [_end(p, h) for h in p.inequalities]
    for sign in (1, -1):
        towards = [e for e in ends if e is None or e.sign == sign]
        if len(towards) == 1 and towards[0] is not None:
            slope = _one_sign(p, -sign)
            if slope is not None:
                return _shown(p, towards[0], slope)
    return None


def _end(p: Problem, h: Node) -> End | None:
    """What h(x) <= 0 says of x, where h is c x - b with c a number."""
    node = lower(h)
    try:
        poly = Normal()(jacobian(node, p.symbol))
    except ChainruleError:
        return None
    (c,) = poly.values() if len(poly) == 1 else (Fraction(0),)
    level = dag.substitute(node, {p.symbol: dag.zero(())})
    if not c or Normal()(dag.number(c, node.dims)) != poly or constant_in(level, p.symbol) is None:
        return None
    bound = dag.scale(Fraction(-1) / c, shorter(level))
    return End(1 if c > 0 else -1, read(_plain(bound), (), (), [p.objective, h]))


def _plain(node: Dag) -> Dag:
    """Multiplied out in each symbol in turn: --x is x."""
    for symbol in [n for n in dag.order(node) if n.kind == "var"]:
        node = gathered(distributed(node, symbol))
    return shorter(node)


def _one_sign(p: Problem, sign: int) -> Derivation | None:
    """The slope leads to the end at every x, or at every x that is allowed; nowhere level, if that is shown."""
    name, lines = ("falls", (less_than, at_most)) if sign < 0 else ("rises", (more_than, at_least))
    for line in lines:
        for on in ((), p.subject_to):
            found = chain(name, p.gradient.last, line(0, by(*on) if on else positivity), given=p.given)
            if provable(found.conclusion, (*p.given, *on)):
                return found
    return None


def _shown(p: Problem, end: End, slope: Derivation) -> Optimum | None:
    """The point, and that it is allowed, that no other allowed one is past it, and that nothing is as low."""
    point = let(f"{p.x.name}*", end.last)
    kept = [nonnegative(negative(h.at(p.x, point))) for h in p.inequalities]
    inside = claimed("end", nonnegative(end.room(point)), positivity, p.given)
    known = (*p.given, Assumption(inside.statement))
    asked = tuple(Assumption(said) for said in kept if not provable(said, known))
    a = argument(replace(p, given=(*p.given, *asked)), _no_equation(point))
    if not on_convex_domain(a):
        return None
    reached = _reached(a, end)
    steep, lowest = _lowest(a, slope, reached)
    found = Optimum(
        p.objective, p.x, p.subject_to, p.gradient, LOWEST, point=point, given=a.given, symbols=p.symbols,
        solvable=a.solvable, inside=a.inside, curvature=curvature_of(p, a.given), lowest=lowest,
        feasible=tuple(_feasible(a, kept, inside)), conditions=(slope, reached, steep),
        why="the slope has one sign, and this is the last point that is allowed",
    )  # fmt: skip
    return replace(found, bowl=bowl_of(found, a.given))


def _no_equation(point: Let) -> Stationary:
    return Stationary(point, (), None, None, None, None, None, None, (), frozenset())


def _feasible(a: Argument, kept: list[Predicate], inside: Claim) -> Iterator[Claim]:
    """The constraints at the point; as they are written, where that is not the order of the point and its bounds."""
    for k, said in enumerate(kept):
        same = said == inside.statement
        yield claimed(nth("feasible", k), said, by(*a.facts, *(() if same else (inside,))), a.given)


def _reached(a: Argument, end: End) -> Claim:
    """x* - x >= 0, or x - x* >= 0, for every x that is allowed."""
    way = a.s.point - a.p.x if end.sign > 0 else a.p.x - a.s.point
    return claimed("reached", nonnegative(way), by(*a.p.subject_to, *a.facts), a.given)


def _lowest(a: Argument, slope: Derivation, reached: Claim) -> tuple[Derivation, Derivation]:
    """f(x) = f(x*) + f'(c) (x - x*) >= f(x*), and the sign of f'(c): what leaves a convex set holds of x and x*, and
    so of c."""
    p, x, point = a.p, a.p.x, a.s.point
    c = make_var(fresh(("c", "u", "v", "w"), p.taken), (), tuple(sorted(x.declared)))
    (said,) = slope.lines
    on = (*a.given, *(g for g in p.subject_to if g in said.reason.facts))
    on_x = [g for g in on if any(x in f.atoms(Var) for f in g.statement.formulas)]
    between = tuple(replace(put_in(g, x, c), theorem=MEAN_VALUE, source=SOURCE) for g in on_x)
    steep = chain(
        "between",
        slope.first.at(x, c),
        replace(said, reason=by(*between) if between else positivity),
        given=a.given,
    )
    level = p.objective.at(x, point)
    met = level + steep.first * (x - point)
    theorem = cited(p.objective, equals(met), theorem=MEAN_VALUE, source=SOURCE)
    lowest = chain(
        "lowest",
        p.objective,
        equals(met, by(theorem, *between)),
        at_least(level, by(steep, reached, *between, *p.subject_to)),
        given=a.given,
    )
    return steep, lowest
