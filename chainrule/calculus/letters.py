"""Bound letters for formulas written with indices: made open, named and closed when their binder is built."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain, count

import sympy as sp
from sympy.core.basic import Basic
from sympy.core.symbol import Str

from chainrule.notation.nodes import At, Each, Let, Letter, Node, Range, Sum, Var

NAMES = "ijklrstuv"
_open = count(1)


def fresh(dim: sp.Expr, wish: str = "") -> Letter:
    """A letter that no binder has closed yet, and the name that it would like."""
    return Letter(Str(f"_{next(_open)} {wish}"), dim, sp.Integer(-1))


def bound(node: Basic) -> tuple[Letter, ...]:
    """The letters that a formula itself binds."""
    if isinstance(node, Sum):
        return tuple(r.letter for r in node.ranges)
    return node.letters if isinstance(node, Each) else ()


def each(body: Node, letters: Sequence[Letter]) -> Node:
    """The array of a body over open letters."""
    return close(body, [Range(i) for i in letters], lambda b, ranges: Each(b, *(r.letter for r in ranges)))


def summed(body: Node, ranges: Sequence[Range]) -> Node:
    """The sum of a body over open letters."""
    return close(body, ranges, lambda b, rs: Sum(b, *rs))


@cache
def parts_of(node: Basic) -> frozenset[Basic]:
    """The symbols, sizes, letters and named formulas in a formula; shared parts are looked at once."""
    own = {node} if isinstance(node, (Letter, Var, Let, sp.Symbol)) else set()
    return frozenset(own).union(*(parts_of(a) for a in node.args))


@cache
def loose(node: Basic) -> frozenset[Letter]:
    """The letters of a formula that no binder in it closes."""
    if isinstance(node, Letter):
        return frozenset({node})
    return frozenset().union(*(loose(a) for a in node.args)) - set(bound(node)) if node.args else frozenset()


def close(body: Node, ranges: Sequence[Range], make) -> Node:  # type: ignore[no-untyped-def]
    """Name the letters of a binder and lift them above every letter inside it."""
    mine = [r.letter for r in ranges]
    parts = frozenset().union(*(parts_of(p) for p in (body, *ranges)))
    inside = {i for i in parts if isinstance(i, Letter)} - set(mine)
    top = max([i.level for i in inside if i.level > 0], default=0)
    taken = {v.name for v in parts if isinstance(v, (Letter, Var, Let, sp.Symbol)) and v not in mine}
    new: dict[Basic, Basic] = {}
    for letter in mine:
        wish = letter.name.split()[1:]
        name = next(c for c in chain(wish, NAMES, (f"i{k}" for k in count(1))) if c not in taken)
        taken.add(name)
        top += 1
        new[letter] = Letter(Str(name), letter.dim, sp.Integer(top))
    made: Node = make(body.xreplace(new), [r.xreplace(new) for r in ranges])
    return made


def at(x: Node, letters: Sequence[Letter]) -> Node:
    """x[i, k]; an entry of an entry is one entry; an array written by its entries gives the entry."""
    if not letters:
        return x
    if isinstance(x, At):
        return At(x.args[0], *x.args[1:], *letters)
    if isinstance(x, Each):
        n = min(len(x.letters), len(letters))
        body = x.body.xreplace(dict(zip(x.letters[:n], letters[:n], strict=True)))
        rest = Each(body, *x.letters[n:]) if x.letters[n:] else body
        return at(rest, letters[n:])
    return At(x, *letters)
