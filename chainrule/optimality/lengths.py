"""A round bowl, and a price on the distance from one place: shortening.

    f(x) = q(x) + c |x - a|,    grad q = k (w x - b),  w a number

With z = b - w a and t = c/k the point is  a + r/(w m) z,  r = relu(|z| - t), m = t + r: in the direction of z, and by t
shorter. m is the larger of |z| and t, so that one formula serves both cases. What is given up, k (z - w (x* - a)), is
c/m z: its inner product with x - a is at most c |x - a|, by Lagrange's identity, and is just that at the point.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from chainrule.calculus import jacobian, read
from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.notation.nodes import Let, Node, Number, as_node, make_var
from chainrule.notation.statements import (
    Assumption,
    Claim,
    Derivation,
    algebra,
    at_least,
    at_most,
    by,
    equals,
    nonnegative,
    positive,
)
from chainrule.notation.vocabulary import kron, let, norm, relu, sqnorm
from chainrule.search.equal import equal

from .affine import Affine, affine, mentions
from .distribute import shorter
from .optimum import LOWEST, Optimum, nth
from .pieces import times
from .problem import Problem, lower
from .words import chain, claimed, difference, fresh, inner, provable, scaled

Sure = tuple[Claim | Assumption, ...]


@dataclass(frozen=True, eq=False)
class Lengthy:
    """The affine gradient of the smooth part, the price of a unit of distance, and the place a."""

    form: Affine
    price: Dag
    corner: Dag


def lengthy(p: Problem) -> Lengthy | None:
    """The parts of an objective of this shape; None for another."""
    f, x = lower(p.objective), p.symbol
    roots = [n for n in dag.order(f) if n.kind == "function" and n.args[0] == "sqrt" and mentions(n, x)]
    if len(roots) != 1 or roots[0].dims or len(x.dims) not in (1, 2) or p.x.declared:
        return None
    corner = _centre(roots[0].args[2], x)
    held = dag.var(make_var("the distance", (), ()), ())
    apart = dag.substitute(f, {roots[0]: held})
    price = affine(apart, held) if corner is not None else ""
    if corner is None or isinstance(price, str) or price.left is not None or mentions(apart, roots[0]):
        return None
    form = affine(jacobian(dag.substitute(apart, {held: dag.zero(())}), x), x)
    if isinstance(form, str) or form.left is not None or form.right is not None or form.number < 0:
        return None
    each = dag.scale(price.number, price.weight or dag.number(1))
    level = form.weight is None or not form.weight.dims
    return Lengthy(form, each, corner) if level and not mentions(each, x) else None


def _centre(square: Dag, x: Dag) -> Dag | None:
    """a, where this is |x - a|^2."""
    slope = affine(jacobian(square, x), x)
    if isinstance(slope, str) or slope.number != 2 or any((slope.weight, slope.left, slope.right)):
        return None
    at_a = lower(sqnorm(read(dag.add(x, dag.scale(-1, slope.b)), (), (), ())))
    return slope.b if equal(square, at_a) else None


@dataclass(frozen=True, eq=False)
class Shortened:
    """The point and the names of which it is made, as formulas: see the head of this file."""

    k: Node
    c: Node
    t: Node
    w: Node | None
    z: Node
    a: Node
    r: Let
    m: Let
    point: Let

    def away(self, x: Node) -> Node:
        """x - a"""
        return difference(x, self.a)

    def over_w(self, value: Node) -> Node:
        """value / w"""
        return value if self.w is None else value / self.w


def shortened(p: Problem, found: Lengthy) -> Optimum:
    """The point, what was given up for it, and that nothing is lower."""
    s, given = _written(p, found), list(p.own)
    solvable: list[Claim] = []
    for asked in (nonnegative(s.c), positive(s.m), *(() if s.w is None else (positive(s.w),))):
        if not provable(asked, given):
            given.append(Assumption(asked))
        elif asked.name == "positive":
            solvable.append(claimed(nth("solvable", len(solvable)), asked, given=tuple(given)))
    o = Optimum(p.objective, p.x, (), p.gradient, given=tuple(given), symbols=p.symbols, kind=LOWEST)
    o = replace(o, point=s.point, solvable=tuple(solvable))
    return _argued(p, o, s)


def _written(p: Problem, found: Lengthy) -> Shortened:
    def write(node: Dag) -> Node:
        return read(node, (), (), [p.objective])

    form, a = found.form, write(found.corner)
    w = None if form.weight is None else write(form.weight)
    moved = found.corner if form.weight is None else times(form.weight, found.corner)
    z = write(shorter(dag.add(form.b, dag.scale(-1, moved))))
    t = write(dag.scale(1 / form.number, found.price))
    r = let(fresh(("r", "rho", "l"), p.taken), relu(norm(z) - t))
    m = let(fresh(("m", "d", "mu", "h"), p.taken), t + r)
    way = (r / m if w is None else r / (w * m)) * z
    away = way if isinstance(a, Number) and a.value == 0 else a + way
    return Shortened(as_node(form.number), write(found.price), t, w, z, a, r, m, let(f"{p.x.name}*", away))


# --- the argument -------------------------------------------------------------------------------------
def _argued(p: Problem, o: Optimum, s: Shortened) -> Optimum:
    """f = f(x*) + a square + c |x - a| - <c/m z, x - a> + what is 0 at the point >= f(x*)."""
    given = o.given
    sure: Sure = (*o.solvable, *o.given)
    moved, d = s.away(s.point), s.away(p.x)
    kept = chain("kept", s.r * norm(s.z) / s.m, equals(s.r, by(*sure)), given=given)
    squared = chain("squared", sqnorm(moved), equals(s.over_w(s.r) ** 2, by(kept, *sure)), given=given)
    length = chain("length", norm(moved), at_most(s.over_w(s.r), by(squared, *sure)), given=given)
    reach = claimed("reach", nonnegative(s.m - norm(s.z)), given=given)
    within = claimed("within", nonnegative(as_node(1) - norm(s.z) / s.m), by(reach, *sure), given)
    steps = (kept, squared, length, reach, within, *_cauchy_schwarz(s.z, d, given))
    slope = s.c / s.m * s.z
    o = replace(o, stationary=_given_up(s, slope, sure, given), conditions=steps)
    return replace(o, lowest=_lowest(p, o, s, slope))


def _given_up(s: Shortened, slope: Node, sure: Sure, given: tuple[Assumption, ...]) -> Derivation:
    """k (z - w (x* - a)), the smooth part's slope downhill, is a slope of the price."""
    rest = s.z - (s.away(s.point) if s.w is None else s.w * s.away(s.point))
    return chain("stationary", scaled(s.k, rest), equals(slope, by(*sure)), given=given)


def _cauchy_schwarz(z: Node, d: Node, given: tuple[Assumption, ...]) -> tuple[Derivation, Derivation]:
    """<z, d> <= |z| |d|"""
    across = z @ d.T - d @ z.T if z.ndim == 1 else kron(z, d) - kron(d, z)
    most = sqnorm(z) * sqnorm(d)
    lagrange = chain("lagrange", inner(z, d) ** 2, equals(most - sqnorm(across) / 2, algebra), at_most(most))
    return lagrange, chain("product", inner(z, d), at_most(norm(z) * norm(d), by(lagrange)))


def _lowest(p: Problem, o: Optimum, s: Shortened, slope: Node) -> Derivation:
    kept, _, length, _, within, _, product = o.conditions
    given = o.given
    sure: Sure = (*o.solvable, *o.given)
    f, d, far = p.objective, s.away(p.x), norm(s.away(p.x))
    level = f.at(p.x, s.point)
    half = s.k / 2 if s.w is None else s.k / 2 * s.w
    bowl = half * sqnorm(p.x - s.point)
    paid = level + bowl + s.c * far - s.c / s.m * inner(s.z, d)
    left = s.c * far * (1 - norm(s.z) / s.m)
    way = p.x - s.point
    return chain(
        "lowest",
        f,
        equals(level + bowl - inner(slope, way) + s.c * far - s.c * norm(s.away(s.point)), by(*sure)),
        equals(paid + s.c * s.over_w(s.r) - s.c * norm(s.away(s.point)), by(kept, *sure)),
        at_least(paid, by(length, *sure)),
        at_least(level + bowl + s.c * far - s.c / s.m * norm(s.z) * far, by(product, *sure)),
        equals(level + bowl + left, algebra),
        at_least(level + bowl, by(claimed("left", nonnegative(left), by(within, *sure), given))),
        at_least(level, by(claimed("bowl", nonnegative(bowl), by(*sure), given))),
        given=given,
    )
