"""Bound letters that a reader can tell apart: where two things of one name meet, the bound letter takes another.

Nodes never capture, since letters carry a level. Paper does: in Sum_i x_i z with z = y_i the two i would read as one.
"""

from __future__ import annotations

from itertools import chain, count

import sympy as sp
from sympy.core.basic import Basic
from sympy.core.symbol import Str

from chainrule.errors import Unsupported
from chainrule.notation.indices import Clusters
from chainrule.notation.nodes import At, Each, Let, Letter, Node, Number, Range, Sum, Var

SPARE = "ijlrstuv"


def readable(node: Node) -> Node:
    """The same formula with its bound letters renamed where their names would collide on paper."""
    if not node.has(Sum, Each):
        return node
    changed = {child: readable(child) for child in node.atoms(Sum, Each) if child is not node}
    node = node.xreplace({old: new for old, new in changed.items() if old is not new})
    return _distinct(node) if isinstance(node, (Sum, Each)) else node


def _distinct(binder: Node) -> Node:
    taken = {name for part in binder.args for name in _names(part, frozenset(bound(binder)))}
    new: dict[Basic, Basic] = {}
    for letter in bound(binder):
        name = letter.name
        if name in taken:
            name = next(c for c in chain(SPARE, (f"i{k}" for k in count(1))) if c not in taken)
            new[letter] = Letter(Str(name), *letter.args[1:])
        taken.add(name)
    return binder.xreplace(new) if new else binder


def bound(binder: Node) -> tuple[Letter, ...]:
    """The letters that a Sum or an Each binds, outermost first."""
    if isinstance(binder, Sum):
        return tuple(r.letter for r in binder.ranges)
    return tuple(binder.letters) if isinstance(binder, Each) else ()


def _names(part: Basic, own: frozenset[Letter]) -> set[str]:
    """Names that are read in a part, other than the binder's own letters."""
    if isinstance(part, Letter):
        return {str(s) for s in part.dim.free_symbols} if part in own else {part.name}
    if isinstance(part, (Var, Let)):
        return {str(part.args[0])}
    if isinstance(part, sp.Symbol):
        return {part.name}
    inner: set[str] = set().union(*(_names(a, own) for a in part.args)) if part.args else set()
    sizes = [d for letter in bound(part) for d in letter.dim.free_symbols] if isinstance(part, Node) else []
    return inner | {str(s) for s in sizes}


def members(where: Range) -> tuple[Clusters, Letter] | None:
    """The clusters and the cluster that a range runs through, None where it runs over a whole dimension."""
    match where.weight:
        case None:
            return None
        case At(args=(Clusters() as clusters, point, cluster)) if point == where.letter:
            return clusters, cluster
    raise Unsupported(f"a range of {where.letter} weighted by {where.weight} has no printed form; only C[k] has one")


def counted(node: Node) -> tuple[Clusters, Letter] | None:
    """The cluster whose points a formula counts: Sum(1 for i in C[k]) is the size of C[k]."""
    if isinstance(node, Sum) and len(node.ranges) == 1 and node.body == Number(sp.Integer(1), sp.Tuple()):
        return members(node.ranges[0])
    return None
