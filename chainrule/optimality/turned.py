"""Why a stationary point is lowest, seen in the reciprocal: f(x) = g(1/x), or g(x^-1), with g convex.

The variance of a normal distribution is the example. N log(s) / 2 + c / (2 s) is no bowl in s, and one in u = 1/s,
where it reads -N log(u) / 2 + c u / 2. What is positive and its reciprocal correspond one to one, and so do their
lowest values: f(x) = g(1/x) >= g(1/x*) + <grad g(1/x*), 1/x - 1/x*> = f(x*).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from sympy.core.symbol import Str

from chainrule.calculus import read
from chainrule.calculus.readback import derivative
from chainrule.errors import ChainruleError
from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.notation.nodes import Node, Op, Var, as_node, make_var
from chainrule.notation.statements import (
    Assumption,
    Claim,
    Derivation,
    at_least,
    by,
    cited,
    composition,
    convex,
    differentiate,
    equals,
    positive,
)
from chainrule.notation.vocabulary import grad, hessian

from .distribute import distributed, gathered, shorter
from .lowest import SOURCE, TANGENT
from .problem import lower
from .words import because, chain, claimed, fresh, inner, provable

if TYPE_CHECKING:
    from .argued import Argument
    from .optimum import Optimum

CORRESPOND = {"positive": (0, 1), "positive_definite": (2,)}
"""Properties that a reciprocal shares, with the axes of what may be turned over."""


@dataclass(frozen=True, eq=False)
class Turned:
    """The bowl in the reciprocal, its level slope there, that no other point is as low, and f >= f(x*)."""

    bowl: Claim
    level: Derivation
    lowest: Derivation
    unique: Claim | None


def by_reciprocal(a: Argument, found: Optimum) -> Turned | None:
    """The argument, where the variable is positive or positive definite and g is convex."""
    x, f, point = a.p.x, a.p.objective, a.s.point
    if a.p.subject_to or not any(k in x.properties and x.ndim in axes for k, axes in CORRESPOND.items()):
        return None
    u = make_var(fresh(("u", "v", "t", "V"), a.p.taken), x.shape, tuple(sorted(x.declared)))
    try:
        written = _in_reciprocal(f, x, u)
        forms = (written, gathered(distributed(written, dag.var(u, u.shape))))
        read_forms = (read(form, (), (), [f]) for form in forms)
        g = next((g for g in read_forms if provable(convex(g, u), a.given, composition)), None)
        slope = None if g is None else derivative(grad(g, u))
    except ChainruleError:
        return None
    if g is None or slope is None:
        return None
    bowl = convex(g, u)
    claim = claimed("bowl turned", bowl, composition, a.given)
    here, there = _reciprocal(x), _reciprocal(point)
    taken = by(*a.facts, calculus=True) if a.facts else differentiate
    level = chain("level turned", grad(g, u).at(u, there), equals(0, taken), given=a.given)
    start, rise = g.at(u, there), inner(slope.at(u, there), here - there)
    tangent: Assumption = cited(g.at(u, here), at_least(start + rise), theorem=TANGENT, source=SOURCE)
    lowest = chain(
        "lowest",
        f,
        equals(g.at(u, here), because(*a.facts, names=(point,))),
        at_least(start + rise, by(tangent, claim, *a.facts)),
        equals(start, by(level, *a.facts, calculus=True)),
        equals(f.at(x, point), because(*a.facts, names=(point,))),
        given=a.given,
    )
    return Turned(claim, level, lowest, _unique(a, g, u))


def _unique(a: Argument, g: Node, u: Var) -> Claim | None:
    """g is bent everywhere: shown for numbers, entry by entry."""
    if u.ndim:
        return None
    bent = read(gathered(distributed(lower(hessian(g, u)), dag.var(u, u.shape))), (), (), [g])
    said = positive(bent)
    return claimed("unique", said, given=a.given) if provable(said, a.given) else None


def _reciprocal(x: Node) -> Node:
    return Op(Str("inv"), x) if x.ndim == 2 else as_node(1) / x


def _in_reciprocal(f: Node, x: Var, u: Var) -> Dag:
    """g(u) = f(1/u), with 1/(1/u) as u, log(1/u) as -log u and log det(u^-1) as -log det u."""
    symbol, other = dag.var(x, x.shape), dag.var(u, u.shape)
    turned = dag.matrix_function("inverse", other) if u.ndim == 2 else dag.function("power", other, Fraction(-1))
    done: dict[Dag, Dag] = {symbol: turned}
    root = shorter(lower(f))
    for node in dag.order(root):
        if node is not symbol:
            done[node] = _simpler(dag.rebuild(node, [done[c] for c in node.children]))
    return shorter(done[root])


def _simpler(node: Dag) -> Dag:
    """A function of a reciprocal as one of what is divided by."""
    if node.kind in ("inverse", "logdet") and node.args[0].kind == "inverse":
        under: Dag = node.args[0].args[0]
        return under if node.kind == "inverse" else dag.scale(-1, dag.matrix_function("logdet", under))
    if node.kind != "function" or node.args[2].kind != "function" or node.args[2].args[0] != "power":
        return node
    (_, exponent, base), outer = node.args[2].args, node.args[0]
    if outer == "power" and exponent.denominator == 1:
        return base if node.args[1] * exponent == 1 else dag.function("power", base, node.args[1] * exponent)
    return dag.scale(exponent, dag.function("log", base)) if outer == "log" else node
