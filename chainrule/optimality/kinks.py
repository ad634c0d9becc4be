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
from chainrule.notation.statements import Assumption, at_least, by, equals, nonnegative
from chainrule.notation.vocabulary import abs_, let, relu, total

from .affine import Affine, affine, mentions
from .argued import UNKNOWN, Argument, argument
from .distribute import shorter
from .equations import reciprocal
from .lagrange import Stationary
from .lowest import signed, square_of
from .optimum import LOWEST, STATIONARY, Optimum
from .problem import Problem, lower
from .words import because, chain, claimed, fresh, provable


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
    price = read(k.price, (), (), [p.objective])
    cheap = nonnegative(price)
    p = p if provable(cheap, p.given) else replace(p, given=(*p.given, Assumption(cheap)))
    moved, given_up = _moved(k)
    point = let(f"{p.x.name}*", read(moved, (), (), [p.objective]))
    slope = let(f"{fresh(('g', 's', 'u', 'eta'), p.taken)}*", read(given_up, (), (), [p.objective]))
    weight = None if k.form.weight is None else read(k.form.weight, (), (), [p.objective])
    divisors = () if weight is None else (weight,)
    a = argument(p, Stationary(point, (slope,), -slope, k.form, None, None, weight, None, divisors))
    opened, away = because(*a.facts, names=(point, slope)), _away(point, k, p)
    smooth = read(k.slope, (), (), [p.objective]).at(p.x, point)
    found = Optimum(p.objective, p.x, (), p.gradient, given=a.given, symbols=p.symbols)
    found = replace(
        found,
        point=point,
        multipliers=(slope,),
        solvable=a.solvable,
        inside=a.inside,
        conditions=(
            claimed("slope", nonnegative(price - slope), opened, a.given),
            claimed("slope 2", nonnegative(price + slope), opened, a.given),
            claimed("touching", nonnegative(slope * away - price * abs_(away)), opened, a.given),
        ),
        stationary=chain("stationary", smooth, equals(-slope, opened), given=a.given),
    )
    return _argued(a, found, price, k)


def _moved(k: Priced) -> tuple[Dag, Dag]:
    """a + (relu(z - t) - relu(-z - t)) / weight, z = b - weight o a; and what is given up, number times the rest."""
    axes, sizes = tuple(range(len(k.form.b.dims))), dict(enumerate(k.form.b.dims))
    divisor = k.form.weight or dag.number(1)

    def times(node: Dag, other: Dag) -> Dag:
        parts = [(n, axes if n.dims else ()) for n in (node, other)]
        return dag.contract(1, parts, axes, sizes)

    z = shorter(dag.add(k.form.b, dag.scale(-1, times(k.corner, divisor))))
    t = times(dag.scale(1 / k.form.number, k.price), dag.number(1))
    up = dag.function("relu", shorter(dag.add(z, dag.scale(-1, t))))
    down = dag.function("relu", shorter(dag.add(dag.scale(-1, z), dag.scale(-1, t))))
    kept = dag.add(up, dag.scale(-1, down))
    given_up = dag.scale(k.form.number, dag.add(z, dag.scale(-1, kept)))
    return dag.add(k.corner, times(kept, reciprocal(divisor))), shorter(given_up)


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
