"""Reverse mode: derivatives of any order and rank, linear in the size of the DAG.

The adjoint of a node z is dy/dz, with the axes of y first. It starts at y as the identity, and each law passes it on to
the operands. The derivative has the axes of y, then those of x.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import partial

import sympy as sp

from chainrule.errors import Unsupported
from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.forms.lower import Lowering, lower
from chainrule.forms.lowered import Lowered
from chainrule.laws import STRUCTURE, slope_rule
from chainrule.laws.structure import power_rule
from chainrule.notation.nodes import Deriv, Expect, Var, make_var

from . import recurrences
from .expectation import expected

EXPECTED = {"moments": "E f = f(m) + <f'', V>/2 for quadratic f", "normal": "Isserlis' theorem"}
"""What an expected value rests on, by what is said of the law."""

_slopes: dict[tuple[str, tuple[object, ...]], tuple[Dag, Dag]] = {}


def jacobian(y: Dag, x: Dag, used: dict[str, None] | None = None) -> Dag:
    """dy/dx: the axes of y, then those of x. `used` collects the names of the laws that were applied."""
    return gradients(y, [x], used)[0]


def gradients(y: Dag, xs: Sequence[Dag], used: dict[str, None] | None = None) -> list[Dag]:
    """dy/dx for every x in `xs`, in one pass from y down: linear in the DAG, however many there are.

    Each x is held to be independent of the others, unless one is made from another.
    """
    lead: tuple[object, ...] = tuple(("y", k) for k in range(len(y.dims)))
    one = dag.contract(1, [], lead + lead, dict(zip(lead, y.dims, strict=True)))
    return pulled({y: one}, xs, y.dims, {} if used is None else used)


def pulled(
    adjoints: Mapping[Dag, Dag], xs: Sequence[Dag], lead_dims: Sequence[sp.Expr], used: dict[str, None]
) -> list[Dag]:
    """The sum over y of dz/dy dy/dx for every x in `xs`, from the adjoints dz/dy: the axes of z, then those of x."""
    ys = list(adjoints)
    nodes, wanted, moves = dag.order(*ys, *xs), set(xs), moving(ys, xs)
    lead: tuple[object, ...] = tuple(("y", k) for k in range(len(lead_dims)))
    if any(x.children for x in xs) and any(node.kind == "recurrence" and node in moves for node in nodes):
        raise Unsupported("a derivative through a recurrence is taken in a symbol, not in a formula")
    waiting = {y: [adjoint] for y, adjoint in adjoints.items()}
    found: dict[Dag, Dag] = {}
    first = {node.args[1:]: node for node in reversed(nodes) if node.kind == "recurrence"}
    states: dict[object, dict[Dag, Dag]] = {key: {} for key in first}
    for node in reversed(nodes):
        shares = waiting.pop(node, None)
        if node not in moves:
            continue
        if shares is not None:
            adjoint = dag.add(*shares)
            if node in wanted:
                found[node] = projected(adjoint, node, len(lead))
            if len(found) == len(wanted):
                break
        handed: Iterable[tuple[Dag, Dag]] = ()
        if node.kind == "recurrence":  # its states are handed on together, when the last of them is reached
            states[node.args[1:]].update({node: adjoint} if shares is not None else {})
            if first[node.args[1:]] is node and states[node.args[1:]]:
                handed = through_time(states[node.args[1:]], lead, used)
        elif shares is not None and any(child in moves for child in node.children):
            handed = pass_on(node, adjoint, lead, used)
        for child, share in handed:
            if child in moves:
                waiting.setdefault(child, []).append(share)
    return [found.get(x) or dag.zero((*lead_dims, *x.dims)) for x in xs]


def moving(ys: Sequence[Dag], xs: Sequence[Dag]) -> set[Dag]:
    """The nodes below the ys that change with one of the xs, those among them."""
    moves = set(xs)
    for node in dag.order(*ys, *xs):
        if any(child in moves for child in node.children):
            moves.add(node)
    return moves


def pass_on(node: Dag, adjoint: Dag, lead: tuple[object, ...], used: dict[str, None]) -> Iterable[tuple[Dag, Dag]]:
    """The shares of a node's adjoint for its operands, by the law of its kind. `lead` labels the result's axes."""
    if node.kind == "function":
        name, exponent, x = node.args
        used[name] = None
        slope = power_rule(x, exponent) if name == "power" else _slope(name, x)
        labels = tuple(range(len(x.dims)))
        sizes = dict(zip(lead, adjoint.dims, strict=False))
        return [(x, dag.contract(1, [(adjoint, lead + labels), (slope, labels)], lead + labels, sizes))]
    if node.kind == "recurrence":
        return through_time({node: adjoint}, lead, used)
    law = STRUCTURE.get(node.kind)
    if law is None:
        raise Unsupported(f"there is no law for the derivative of {node.kind} {node.args[0]}")
    used[law.name] = None
    shares: Iterable[tuple[Dag, Dag]] = law.rule(node, adjoint, lead)
    return shares


def through_time(
    adjoints: Mapping[Dag, Dag], lead: tuple[object, ...], used: dict[str, None]
) -> Iterable[tuple[Dag, Dag]]:
    """The shares of the adjoints of a recurrence's states."""
    used[recurrences.LAW.name] = None
    return recurrences.shares(adjoints, lead, partial(pulled, used=used))


def _slope(name: str, x: Dag) -> Dag:
    """f'(x) by the law of the function: written once on a symbol of this shape, then moved to x."""
    rule = slope_rule(name)
    if rule is None:
        raise Unsupported(f"there is no law for the derivative of {name}")
    key = (name, x.dims)
    if key not in _slopes:
        symbol = make_var("slope's argument", x.dims, ())
        _slopes[key] = (dag.var(symbol, x.dims), lower(rule(symbol)))
    argument, slope = _slopes[key]
    return dag.substitute(slope, {argument: x})


def projected(adjoint: Dag, x: Dag, lead: int) -> Dag:
    """For a variable declared symmetric, the symmetric projection (G + G')/2 over its last two axes."""
    symbol = x.args[0]
    if not (isinstance(symbol, Var) and "symmetric" in symbol.properties):
        return adjoint
    n = len(adjoint.dims)
    turned = dag.transpose(adjoint, (*range(n - 2), n - 1, n - 2))
    return adjoint if turned is adjoint else dag.scale(Fraction(1, 2), dag.add(adjoint, turned))


def differentiate(formula: Deriv | Expect, lowering: Lowering) -> Lowered:
    """The derivative that a Deriv node speaks of, taken; the expected value of an Expect node, worked out."""
    used: dict[str, None] = getattr(lowering, "laws", {})
    if isinstance(formula, Expect):
        used[EXPECTED[formula.law]] = None
        return expected(formula, tuple(lowering(part) for part in formula.args[1:]), jacobian)
    f, x = lowering(formula.args[1]), lowering(formula.args[2])
    match formula.kind:
        case "grad" | "jacobian":
            return Lowered(jacobian(f.node, x.node, used), f.letters, f.groups + x.groups)
        case "hessian":
            once = jacobian(f.node, x.node, used)
            return Lowered(jacobian(once, x.node, used), f.letters, f.groups + x.groups * 2)
        case "vjp":
            v = lowering(formula.args[3])
            held = dag.var(make_var("the vector of a vjp", v.node.dims, ()), v.node.dims)
            inner = _paired(f, Lowered(held, v.letters, v.groups))
            found = dag.substitute(jacobian(inner.node, x.node, used), {held: v.node})
            return Lowered(found, inner.letters, x.groups)
    raise Unsupported(f"no derivative is called {formula.kind}")


def _paired(f: Lowered, v: Lowered) -> Lowered:
    """<v, f>, where v is a symbol of its own, so that it does not move with x."""
    axes = f.fresh("f")
    letters = tuple(sorted({*f.letters, *v.letters}, key=lambda i: (i.level, i.name, str(i.dim))))
    node = dag.contract(1, [(f.node, f.labels(axes)), (v.node, v.labels(axes))], letters, {})
    return Lowered(node, letters, ())
