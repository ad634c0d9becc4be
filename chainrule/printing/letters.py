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
from chainrule.notation.nodes import At, Counted, Each, Let, Letter, Node, Number, Place, Position, Range, Sum, Var

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


def sides(place: Counted) -> tuple[Counted, Counted]:
    """A place as a difference: what counts up, and what counts down."""
    if isinstance(place, Letter):
        return place, Place(sp.Integer(0))
    assert isinstance(place, Place)
    rising = [t for t in place.terms if not t[1].could_extract_minus_sign()]
    const = sp.Add.make_args(place.const)
    plus = sp.Add(*(c for c in const if not c.could_extract_minus_sign()))
    above = Place(plus, *(sp.Tuple(*t) for t in rising))
    below = Place(plus - place.const, *(sp.Tuple(letter, -c) for letter, c in place.terms if (letter, c) not in rising))
    return above, below


def from_zero(body: Basic, letter: Letter) -> bool:
    """Does a formula count with an index, so that its first value has to be 0?"""
    return any(letter in part.atoms(Letter) for part in body.atoms(Place, Position))
