"""Hypotheses that a statement might lack: a property of one symbol, two matrices that commute, two vectors at right
angles, two sizes equal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import sympy as sp
from sympy import Basic
from sympy.core.symbol import Str

from chainrule.errors import ChainruleError, Place
from chainrule.notation.nodes import Node, Var, as_node, free_symbols
from chainrule.notation.properties import TABLE, closure, declared
from chainrule.notation.statements import Assumption, Claim, Derivation, Fact, Line, Predicate, Reason, Relation

HERE = Place("mending", 1)
Statement = Relation | Predicate


@dataclass(frozen=True)
class Property:
    """A property more, declared of a symbol."""

    symbol: Var
    name: str

    def __str__(self) -> str:
        shape = "".join(f", {size}" for size in self.symbol.shape)
        kind = ("scalar", "vector", "matrix")[min(self.symbol.ndim, 2)]
        flags = "".join(f", {name}=True" for name in sorted({*self.symbol.declared, self.name}))
        return f'{self.symbol.name} = {kind}("{self.symbol.name}"{shape}{flags})'


@dataclass(frozen=True)
class Equal:
    """Two sizes that are the same."""

    left: sp.Symbol
    right: sp.Symbol

    def __str__(self) -> str:
        return f"{self.left} = {self.right}"


@dataclass(frozen=True)
class Given:
    """A hypothesis more."""

    assumption: Assumption

    def __str__(self) -> str:
        said = self.assumption.statement
        assert isinstance(said, Relation)
        return f"assume({said.left}, equals({said.right}))"


More = Property | Equal | Given


def mores(item: Derivation | Claim) -> Iterator[tuple[More, Derivation | Claim]]:
    """Each hypothesis that fits the symbols of an item, and the item under it; weak properties before strong ones, and
    those that exclude others last."""
    nodes = list(_nodes(item))
    symbols = sorted({v for n in nodes for v in free_symbols(n) if type(v) is Var}, key=lambda v: v.name)
    yield from _properties(item, symbols)
    for more in _relations(symbols):
        yield Given(more), replace(item, given=(*item.given, more))
    sizes = sorted({d for v in symbols for size in v.shape for d in size.free_symbols}, key=str)
    for a, b in combinations(sizes, 2):
        yield from _under(Equal(a, b), item, {b: a})


def _relations(symbols: list[Var]) -> Iterator[Assumption]:
    for a, b in combinations(symbols, 2):
        if a.shape != b.shape or a.ndim not in (1, 2):
            continue
        if a.ndim == 1:
            yield Assumption(Relation(a.T @ b, "=", as_node(0)), place=HERE)
        elif a.shape[0] == a.shape[1]:
            yield Assumption(Relation(a @ b, "=", b @ a), place=HERE)


def _properties(item: Derivation | Claim, symbols: list[Var]) -> Iterator[tuple[More, Derivation | Claim]]:
    for name in sorted(TABLE, key=lambda name: (bool(TABLE[name].excludes), len(closure(frozenset({name}))))):
        for symbol in symbols:
            if name in symbol.properties or (symbol.ndim == 0 and name == "nonzero_entries"):
                continue
            try:
                flags = declared(symbol.name, symbol.shape, dict.fromkeys((*symbol.declared, name), True))
            except ChainruleError:  # it does not fit the shape, or contradicts what is declared
                continue
            stronger = Var(Str(symbol.name), symbol.args[1], sp.Tuple(*(Str(p) for p in flags)))
            yield from _under(Property(symbol, name), item, {symbol: stronger})


def _under(
    more: More, item: Derivation | Claim, change: Mapping[Basic, Basic]
) -> Iterator[tuple[More, Derivation | Claim]]:
    try:
        yield more, moved(item, change)
    except ChainruleError:  # the shapes no longer fit
        return


# --- the same item about other symbols -----------------------------------------------------------------
def moved(fact: Any, change: Mapping[Basic, Basic]) -> Any:
    """A derivation, claim or assumption with its symbols or sizes replaced, its facts included."""
    match fact:
        case Assumption():
            return replace(fact, statement=_said(fact.statement, change))
        case Claim():
            reason, given = _reason(fact.reason, change), tuple(moved(a, change) for a in fact.given)
            return Claim(_predicate(fact.statement, change), reason, given, fact.place)
        case Derivation():
            lines = tuple(
                Line(x.relation, x.expr.xreplace(change), _reason(x.reason, change), x.place) for x in fact.lines
            )
            given = tuple(moved(a, change) for a in fact.given)
            return replace(fact, first=fact.first.xreplace(change), lines=lines, given=given)
    raise AssertionError(fact)


def _reason(reason: Reason, change: Mapping[Basic, Basic]) -> Reason:
    facts: tuple[Fact, ...] = tuple(moved(f, change) for f in reason.facts)
    return replace(reason, facts=facts, names=tuple(n.xreplace(change) for n in reason.names))


def _said(statement: Statement, change: Mapping[Basic, Basic]) -> Statement:
    match statement:
        case Relation():
            return Relation(statement.left.xreplace(change), statement.relation, statement.right.xreplace(change))
        case Predicate():
            return _predicate(statement, change)


def _predicate(statement: Predicate, change: Mapping[Basic, Basic]) -> Predicate:
    variables = tuple(x.xreplace(change) for x in statement.variables)
    return Predicate(statement.name, statement.of.xreplace(change), variables)


def _nodes(item: Derivation | Claim) -> Iterator[Node]:
    if isinstance(item, Claim):
        yield item.statement.of
    else:
        yield from (item.first, *(line.expr for line in item.lines))
