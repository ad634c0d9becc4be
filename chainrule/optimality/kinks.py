"""A bowl of separate entries, and a price on how far each is from a corner: thresholding.

    f(x) = q(x) + sum c o |x - a|,    grad q = number (weight o x - b)

The point gives up g = -grad q, which is a slope of the price there: between -c and c, and c or -c off the corner.
Moved towards the corner by what the price allows, and resting there, that is  a + relu(z - t) - relu(-z - t).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from chainrule.calculus import read
from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.notation.nodes import Node, make_var
from chainrule.notation.statements import at_least, by, equals, nonnegative
from chainrule.notation.vocabulary import abs_, let, relu, total

from .affine import Affine, affine, mentions
from .argued import UNKNOWN, Argument, argument, curvature_of
from .distribute import shorter
from .equations import reciprocal
from .lagrange import Stationary
from .lowest import signed, square_of
from .optimum import LOWEST, STATIONARY, Optimum
from .problem import Problem, lower
from .words import because, chain, claimed, fresh


@dataclass(frozen=True, eq=False)
class Priced:
    """The smooth part's gradient and its affine form, the price c and the corner a."""

    slope: Dag
    form: Affine
    price: Dag
    corner: Dag


def priced(p: Problem) -> Priced | None:
    """The parts of an objective of this shape; None for another."""
    equation, x = lower(p.gradient.last), p.symbol
    corners = [n for n in dag.order(equation) if n.kind == "function" and n.args[0] == "sign" and mentions(n, x)]
    if len(corners) != 1 or corners[0].dims != x.dims:
        return None
    inside = affine(corners[0].args[2], x)
    held = dag.var(make_var("the slope of the price", x.dims, ()), x.dims)
    apart = dag.substitute(equation, {corners[0]: held})
    slope = dag.substitute(apart, {held: dag.zero(x.dims)})
    form, price = affine(slope, x), affine(apart, held)
    if isinstance(inside, str) or isinstance(form, str) or isinstance(price, str):
        return None
    if any(f.left is not None or f.right is not None for f in (inside, form, price)) or inside.weight is not None:
        return None
    each = dag.scale(price.number * (1 if inside.number > 0 else -1), price.weight or dag.number(1))
    return None if mentions(each, x) else Priced(shorter(slope), form, each, inside.b)


def thresholded(p: Problem, k: Priced) -> Optimum:
    """The point, that what it gives up is a slope of the price, and that nothing is lower."""
    point = let(f"{p.x.name}*", _moved(p, k))
    slope = read(k.slope, (), (), [p.objective])
    given_up = let(
        f"{fresh(('g', 's', 'u', 'eta'), p.taken)}*", read(dag.scale(-1, k.slope), (), (), [p.objective]).at(p.x, point)
    )
    weight = None if k.form.weight is None else read(k.form.weight, (), (), [p.objective])
    s = Stationary(point, (given_up,), -given_up, k.form, None, None, weight, None, () if weight is None else (weight,))
    a = argument(p, s)
    found = Optimum(p.objective, p.x, (), p.gradient, given=a.given, symbols=p.symbols)
    found = replace(found, point=point, multipliers=s.multipliers, solvable=a.solvable, inside=a.inside)
    because_of = because(*a.facts, names=(point, given_up))
    price, away = read(k.price, (), (), [p.objective]), _away(point, k, p)
    claims = (
        claimed("slope", nonnegative(price - given_up), because_of, a.given),
        claimed("slope 2", nonnegative(price + given_up), because_of, a.given),
        claimed("touching", nonnegative(given_up * away - price * abs_(away)), because_of, a.given),
    )
    first = slope.at(p.x, point)
    found = replace(
        found,
        conditions=claims,
        curvature=curvature_of(p, a.given) if False else None,
        stationary=chain("stationary", first, equals(-given_up, because(names=(given_up,))), given=a.given),
    )
    return _argued(a, found, price, k)


def _moved(p: Problem, k: Priced) -> Node:
    """a + relu(z - t) - relu(-z - t); for a corner at 0 what both are divided by stands outside."""
    axes = tuple(range(len(k.form.b.dims)))
    divisor = k.form.weight or dag.number(1)
    at = axes if divisor.dims else ()

    def over(node: Dag) -> Dag:
        sizes = dict(enumerate(k.form.b.dims))
        spread = dag.contract(1, [(node, axes if node.dims else ())], axes, sizes)
        return dag.contract(1, [(spread, axes), (reciprocal(divisor), at)], axes, sizes)

    at_zero = k.corner.kind == "zero"
    whole = dag.scale(1 / k.form.number, k.price)
    z, t = (k.form.b, over(whole)) if not at_zero else (k.form.b, whole)
    z = z if at_zero else dag.add(over(z), dag.scale(-1, k.corner))
    t = dag.contract(1, [(t, axes if t.dims else ())], axes, dict(enumerate(k.form.b.dims)))
    up = dag.function("relu", shorter(dag.add(z, dag.scale(-1, t))))
    down = dag.function("relu", shorter(dag.add(dag.scale(-1, z), dag.scale(-1, t))))
    kept = dag.add(up, dag.scale(-1, down))
    return read(over(kept) if at_zero else dag.add(k.corner, kept), (), (), [p.objective])


def _away(point: Node, k: Priced, p: Problem) -> Node:
    """x - a"""
    return point if k.corner.kind == "zero" else point - read(k.corner, (), (), [p.objective])


def _argued(a: Argument, found: Optimum, price: Node, k: Priced) -> Optimum:
    """f = f(x*) + a square + what the slopes leave of the price >= f(x*)."""
    square = square_of(a)
    if square is None or not signed(a):
        return replace(found, kind=STATIONARY, why=f"that it is lowest is not shown: {UNKNOWN}")
    (given_up,), x = a.s.multipliers, a.p.x
    away, at_point = _away(x, k, a.p), _away(a.s.point, k, a.p)
    level = a.p.objective.at(x, a.s.point)
    left = total((price - given_up) * relu(away) + (price + given_up) * relu(-away))
    touch = total(given_up * at_point - price * abs_(at_point))
    lowest = chain(
        "lowest",
        a.p.objective,
        equals(level + square + left + touch, because(*a.facts, names=(given_up, a.s.point))),
        at_least(level + square + left, by(found.conditions[2])),
        at_least(level, by(*found.conditions[:2], *a.facts)),
        given=a.given,
    )
    return replace(found, kind=LOWEST, lowest=lowest)
