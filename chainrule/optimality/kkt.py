"""Inequalities: the conditions of Karush, Kuhn and Tucker, written, shown to be enough, and solved by clipping.

    grad f(x*) = -J' lam,    h(x*) <= 0,    lam >= 0,    lam o h(x*) = 0

Each multiplier is first asked from its own constraint alone, and cut off at 0. Where the constraints do not share a
direction (a bound on each entry, one half-space) that solves the conditions; where they do, what is judged will say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from chainrule.calculus import read
from chainrule.calculus.readback import derivative
from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.notation.nodes import Node, Var, make_var
from chainrule.notation.statements import (
    Assumption,
    Claim,
    Derivation,
    Relation,
    algebra,
    at_least,
    by,
    cited,
    composition,
    convex,
    equals,
    nonnegative,
)
from chainrule.notation.vocabulary import grad, total, zeros

from .affine import Affine, affine, constant_in, mentions
from .argued import Argument, argument, bowl_of, curvature_of
from .distribute import distributed, gathered, shorter
from .equations import Solved, reciprocal, solved
from .lagrange import Stationary, pushed, written_out
from .lowest import SOURCE, TANGENT, signed, square_of
from .optimum import LOWEST, NONE, STATIONARY, Optimum, nth
from .problem import Problem, lower
from .words import because, chain, claimed, fresh, inner, negative, provable

LAMBDAS = ("lambda", "mu", "rho", "tau", "eta", "kappa", "xi", "zeta", "psi", "chi")


def kkt(p: Problem) -> Optimum:
    """The point where clipping finds it; else the conditions at a point only named, and that they are enough."""
    found = Optimum(p.objective, p.x, p.subject_to, p.gradient, given=p.given, symbols=p.symbols)
    found = replace(found, curvature=curvature_of(p, p.given))
    found = replace(found, bowl=bowl_of(found, p.given))
    names = [fresh(LAMBDAS, p.taken) for _ in p.inequalities]
    clipped = _clipped(p, names) if not p.equalities else "equations and inequalities stand together"
    if isinstance(clipped, str):
        return _written(p, found, names, clipped)
    return _solved(p, found, clipped)


# --- the conditions, written --------------------------------------------------------------------------
def _written(p: Problem, found: Optimum, names: Sequence[str], why: str) -> Optimum:
    star = make_var(fresh((f"{p.x.name}_star", f"{p.x.name}_0"), p.taken), p.x.shape, tuple(sorted(p.x.declared)))
    lams = [make_var(n, h.shape, ("nonnegative",)) for n, h in zip(names, p.inequalities, strict=True)]
    nus = [make_var(fresh(("nu", "xi", "zeta", "psi", "chi"), p.taken), c.shape, ()) for c in p.equalities]
    conditions = _conditions(p, star, lams, nus)
    why = f"{why}; the conditions of a lowest point are written instead"
    found = replace(found, kind=NONE, why=why, given=(*p.given, *conditions))
    return replace(found, lowest=_enough(p, found, star, lams, nus, conditions))


def _conditions(p: Problem, star: Var, lams: Sequence[Var], nus: Sequence[Var]) -> tuple[Assumption, ...]:
    """Stationary, complementary and feasible, at the named point."""
    push = -_push(p, lams).xreplace({p.x: star})
    even = pushed(p, list(nus))
    push = push if even is None else push + even.xreplace({p.x: star})
    found = [Assumption(Relation(p.gradient.last.at(p.x, star), "=", push))]
    for lam, h in zip(lams, p.inequalities, strict=True):
        product = lam * h.at(p.x, star)
        found.append(Assumption(Relation(product, "=", zeros(*product.shape))))
    for c in p.subject_to:
        if isinstance(c.statement, Relation) and c.statement.relation == "=":
            found.append(Assumption(Relation(c.statement.left.at(p.x, star), "=", c.statement.right.at(p.x, star))))
    return tuple(found)


def _push(p: Problem, lams: Sequence[Node]) -> Node:
    """J' lam."""
    return derivative(grad(_weighted(p, lams), p.x))


def _weighted(p: Problem, lams: Sequence[Node]) -> Node:
    """<lam, h>"""
    terms = [inner(lam, h) for lam, h in zip(lams, p.inequalities, strict=True)]
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def _enough(
    p: Problem, found: Optimum, star: Var, lams: list[Var], nus: list[Var], conditions: tuple[Assumption, ...]
) -> Derivation | None:
    """f(x) >= f(x*) for every x that keeps the constraints, if f and the constraints are convex."""
    weighted = _weighted(p, lams)
    bent = _bent(weighted, p.x)
    if found.bowl is None or (bent is not None and not provable(bent.statement, p.given, composition)):
        return None
    f, x = p.objective, p.x
    level, way = f.at(x, star), x - star
    slope = inner(p.gradient.last.at(x, star), way)
    tangent = cited(f, at_least(level + slope), theorem=TANGENT, source=SOURCE)
    push = conditions[0].statement
    assert isinstance(push, Relation)
    at_star = weighted.xreplace({x: star})
    reason = algebra
    if bent is not None:
        line = cited(
            weighted, at_least(at_star + inner(_push(p, lams).xreplace({x: star}), way)), theorem=TANGENT, source=SOURCE
        )
        reason = by(line, bent)
    rest = level + at_star - weighted
    even = pushed(p, nus)
    if even is not None:
        rest = rest + inner(even, way)
    relation = equals if bent is None else at_least
    return chain(
        "enough",
        f,
        at_least(level + slope, by(tangent, found.bowl)),
        equals(level + inner(push.right, way), by(conditions[0])),
        relation(rest, reason),
        equals(level - weighted, by(*conditions[1:], *p.subject_to)),
        at_least(level, by(*p.subject_to)),
        given=p.given,
    )


def _bent(weighted: Node, x: Var) -> Claim | None:
    """The claim that the weighted constraints are convex; None where they are affine, and nothing is to be claimed."""
    node, symbol = lower(derivative(grad(weighted, x))), dag.var(x, x.shape)
    if constant_in(node, symbol) is not None:
        return None
    return claimed("convex constraints", convex(weighted, x), composition)


# --- clipping -----------------------------------------------------------------------------------------
def _clipped(p: Problem, names: Sequence[str]) -> Stationary | str:
    """The point with each multiplier from its own constraint, cut off at 0."""
    lams = [make_var(n, h.shape, ()) for n, h in zip(names, p.inequalities, strict=True)]
    equation = dag.add(lower(p.gradient.last), lower(_push(p, lams)))
    form = affine(equation, p.symbol)
    if isinstance(form, str):
        return f"the gradient is not affine in {p.x.name}"
    point = solved(equation, p.symbol)
    assert isinstance(point, Solved)
    values: dict[Dag, Dag] = {}
    for lam, h in zip(lams, p.inequalities, strict=True):
        free = _alone(h, point.value, p, lam, lams)
        if isinstance(free, str):
            return free
        values[dag.var(lam, lam.shape)] = free
    return written_out(p, point, lams, negative(_push(p, lams)), values, [])


def _alone(h: Node, point: Dag, p: Problem, lam: Var, lams: Sequence[Var]) -> Dag | str:
    """relu(b) / s from  s lam - b = 0, the constraint at the point that this multiplier alone would give."""
    others = {dag.var(o, o.shape): dag.zero(o.shape) for o in lams if o is not lam}
    equation = dag.substitute(lower(h), {p.symbol: dag.substitute(point, others)})
    form = affine(equation, dag.var(lam, lam.shape))
    if not isinstance(form, Affine) or form.left is not None or form.right is not None:
        return "the constraints share directions, and which of them bind is a matter of cases"
    clipped = dag.function("relu", form.b)
    if form.weight is None:
        return clipped
    axes = tuple(range(len(form.b.dims)))
    return dag.contract(1, [(clipped, axes), (reciprocal(form.weight), axes if form.weight.dims else ())], axes, {})


def _solved(p: Problem, found: Optimum, s: Stationary) -> Optimum:
    p = replace(p, given=(*p.given, *_together(p)))
    a = argument(p, s)
    found = replace(
        found, point=s.point, multipliers=s.multipliers, given=a.given, solvable=a.solvable, inside=a.inside
    )
    found = replace(found, curvature=curvature_of(p, a.given), bowl=bowl_of(found, a.given))
    at_point = [h.at(p.x, s.point) for h in p.inequalities]
    assert s.push is not None
    kept = because(*a.facts, names=(s.point, *s.multipliers))
    found = replace(
        found,
        feasible=tuple(
            claimed(nth("feasible", k), nonnegative(negative(h)), kept, a.given) for k, h in enumerate(at_point)
        ),
        conditions=(*_pushes(a), *_apart(a, at_point)),
        stationary=chain("stationary", p.gradient.last.at(p.x, s.point), equals(s.push, kept), given=a.given),
    )
    lowest = _lowest(a, found)
    why = (
        ""
        if lowest is not None
        else "that it is lowest is not shown: the rules do not see that the objective is convex"
    )
    return replace(found, kind=LOWEST if lowest is not None else STATIONARY, lowest=lowest, why=why)


def _together(p: Problem) -> list[Assumption]:
    """What two opposite constraints ask of each other: lo <= x <= hi asks for lo <= hi, or nothing keeps both."""
    found = []
    for g, h in combinations(p.inequalities, 2):
        if g.shape != h.shape:
            continue
        room = gathered(distributed(lower(negative(g) - h), p.symbol))
        asked = nonnegative(read(shorter(room), (), (), [p.objective, g, h]))
        if not mentions(room, p.symbol) and not provable(asked, p.given):
            found.append(Assumption(asked))
    return found


def _pushes(a: Argument) -> tuple[Claim, ...]:
    """lam >= 0"""
    return tuple(
        claimed(nth("push", k), nonnegative(lam), because(*a.facts, names=(lam,)), a.given)
        for k, lam in enumerate(a.s.multipliers)
    )


def _apart(a: Argument, at_point: Sequence[Node]) -> tuple[Claim, ...]:
    """lam o h(x*) >= 0: since lam >= 0 and h(x*) <= 0 it is 0, and a constraint that does not bind does not push."""
    return tuple(
        claimed(nth("apart", k), nonnegative(lam * h), because(*a.facts, names=(lam, a.s.point)), a.given)
        for k, (lam, h) in enumerate(zip(a.s.multipliers, at_point, strict=True))
    )


def _lowest(a: Argument, found: Optimum) -> Derivation | None:
    """f(x) = f(x*) + a square - <lam, h(x)> >= f(x*) for every x that keeps the constraints."""
    square = square_of(a)
    if square is None or not signed(a):
        return None
    f, x, s = a.p.objective, a.p.x, a.s
    level = f.at(x, s.point)
    assert s.push is not None
    rest, paid = level + square, level + square
    for lam, h in zip(s.multipliers, a.p.inequalities, strict=True):
        rest = rest + inner(lam, negative(h))
        paid = paid + inner(lam, negative(h)) + total(lam * h.at(x, s.point))
    assert found.stationary is not None
    return chain(
        "lowest",
        f,
        equals(level + inner(s.push, x - s.point) + square, by(found.stationary, *a.facts)),
        equals(paid, because(*a.facts, names=(s.point,))),
        at_least(rest, by(*_claims(found, "apart"))),
        at_least(level, by(*a.p.subject_to, *_claims(found, "push"), *a.facts)),
        given=a.given,
    )


def _claims(found: Optimum, name: str) -> tuple[Derivation | Claim, ...]:
    return tuple(c for c in found.conditions if c.place.part.startswith(name))
