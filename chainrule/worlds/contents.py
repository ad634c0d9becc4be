"""What a formula speaks of: its symbols, its free index letters, its dimensions. Remembered by node."""

from __future__ import annotations

import sympy as sp
from sympy.core.basic import Basic

from chainrule.notation.nodes import Counted, Each, Expect, Letter, Node, Range, Recurrence, Subs, Sum, Var

_REMEMBERED = 50_000
_contents: dict[int, tuple[Basic, frozenset[Var], frozenset[Letter]]] = {}


def symbols(node: Basic) -> frozenset[Var]:
    """The symbols in a formula that have to be given a value."""
    return contents(node)[1]


def letters(node: Basic) -> frozenset[Letter]:
    """The index letters that no binder inside the formula closes."""
    return contents(node)[2]


def dimensions(node: Basic) -> frozenset[sp.Symbol]:
    """The named dimensions of everything in a formula."""
    return frozenset(node.atoms(sp.Symbol))


def contents(node: Basic) -> tuple[Basic, frozenset[Var], frozenset[Letter]]:
    """The formula itself, its symbols, and its free index letters."""
    found = _contents.get(id(node))
    if found is None or found[0] is not node:
        if len(_contents) > _REMEMBERED:
            _contents.clear()
        found = (node, *_gather(node))
        _contents[id(node)] = found
    return found


def _gather(node: Basic) -> tuple[frozenset[Var], frozenset[Letter]]:
    if isinstance(node, Var):
        return frozenset({node}), frozenset()
    if isinstance(node, Letter):
        return frozenset(), frozenset({node})
    if isinstance(node, Subs):
        body, variable, value = (contents(a) for a in node.args)
        return (body[1] - variable[1]) | value[1], body[2] | value[2]
    if isinstance(node, Expect):
        body, variable, mean, covariance = (contents(a) for a in node.args[1:])
        return (body[1] - variable[1]) | mean[1] | covariance[1], body[2] | mean[2] | covariance[2]
    if isinstance(node, Recurrence):
        steps, starts, inputs = (contents(node.args[k]) for k in (3, 4, 6))
        bound_here = {*node.states, *node.slots}
        return (steps[1] - bound_here) | starts[1] | inputs[1], steps[2] | starts[2] | inputs[2]
    parts = [contents(a) for a in node.args if isinstance(a, (Node, Counted, Range, sp.Tuple))]
    inside = frozenset().union(*(p[1] for p in parts))
    free = frozenset().union(*(p[2] for p in parts))
    return inside, free - bound(node)


def bound(node: Basic) -> frozenset[Letter]:
    """The letters that this very node closes."""
    if isinstance(node, Sum):
        return frozenset(r.letter for r in node.ranges)
    return frozenset(node.letters) if isinstance(node, Each) else frozenset()
