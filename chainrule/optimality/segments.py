"""Why the zero of a broken line is lowest: every x goes a way through each piece, and the point goes the best one.

    f(x) = f(a_1) + k sum over pieces of  phi_i(C_i),    phi_0(C) = e_1 C + s_0 C^2/2,   phi_i(C) = -d_i C + s_i C^2/2

C_i, between 0 and the length of the piece, is how far x has come in it: C_0 = relu(a_1 - x), C_i = relu(x - a_i) -
relu(x - a_(i+1)). The best way is t_i, which ends where the slope vanishes or at the end of the piece, and

    phi_i(C) - phi_i(t) = s_i (C - t)^2/2 + what pushes at the ends >= 0.

The point goes just so far: it is a_i + y_i - n_i, with y_i the ways past a_i, n_i what is missing to it, y_i n_i = 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from chainrule.calculus import read
from chainrule.forms.dag import Dag
from chainrule.notation.nodes import Div, Mul, Node, Number, as_node
from chainrule.notation.statements import Assumption, Claim, Predicate, nonnegative, positive
from chainrule.notation.vocabulary import let, zeros

from .optimum import LOWEST, Optimum, nth
from .pieces import Pieces, inverted, knots, less, reordered, spread
from .problem import Problem
from .ways import Ways, Written, is_zero
from .words import claimed, negative, provable


def on_pieces(p: Problem, found: Pieces) -> Optimum | None:
    """The point, that 0 is a subgradient there, and that nothing is lower; None where the line falls."""
    found, given = _in_order(p, found)
    s = _written(p, found)
    solvable: list[Claim] = []
    for asked in _asked(s):
        if provable(positive(negative(asked.of)), given):
            return None
        if not provable(asked, given):
            given.append(Assumption(asked))
        elif asked.name == "positive":
            solvable.append(claimed(nth("solvable", len(solvable)), asked, given=tuple(given)))
    o = Optimum(p.objective, p.x, (), p.gradient, given=tuple(given), symbols=p.symbols, kind=LOWEST)
    return Ways(p, replace(o, point=s.point, solvable=tuple(solvable)), s).shown()


def _in_order(p: Problem, found: Pieces) -> tuple[Pieces, list[Assumption]]:
    """The corners from left to right, by what is known; where nothing is, their order is asked for."""
    given, order = list(p.own), [0]

    def gap(i: int, j: int) -> Node:
        return read(less(found.corners[j].at, found.corners[i].at), (), (), [p.objective])

    for j in range(1, len(found.corners)):
        place = next((n for n, i in enumerate(order) if provable(nonnegative(gap(j, i)), given)), len(order))
        order.insert(place, j)
    for i, j in pairwise(order):
        if not provable(nonnegative(gap(i, j)), given):
            given.append(Assumption(nonnegative(gap(i, j))))
    return reordered(found, tuple(order)), given


def _written(p: Problem, found: Pieces) -> Written:
    def write(node: Dag) -> Node:
        return read(node, (), (), [p.objective])

    on, dims = knots(found, p.symbol.dims), p.symbol.dims
    corners = found.corners
    gaps = tuple(write(less(b.at, a.at)) for a, b in pairwise(corners))
    first = corners[0].at
    return Written(
        as_node(found.form.number),
        tuple(write(c.at) for c in corners),
        zeros(*p.x.shape) if first.kind == "zero" else write(spread(first, dims)),
        tuple(write(c.jump) for c in corners),
        tuple(write(c.bend) for c in corners),
        tuple(map(write, on.slopes)),
        tuple(map(write, on.before)),
        tuple(map(write, on.after)),
        gaps,
        let(f"{p.x.name}*", write(inverted(found, on))),
    )


def _asked(s: Written) -> Iterator[Predicate]:
    """Every jump goes up and every piece rises."""
    for jump in s.jumps:
        if not is_zero(jump):
            yield nonnegative(_bare(jump))
    for slope in dict.fromkeys(s.slopes):
        if not isinstance(slope, Number) or slope.value <= 0:
            yield positive(slope)


def _bare(a: Node) -> Node:
    """Without a positive number before it."""
    match a:
        case Mul(args=(Number(value=v), b)) | Div(args=(b, Number(value=v))) if v.is_positive:
            rest: Node = b
            return rest
    return a
