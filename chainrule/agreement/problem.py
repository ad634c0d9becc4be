"""The question that an agreement asks: a formula, the meaning of each parameter, and where they must agree."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import sympy as sp

from chainrule.agreement.flavours import Draw
from chainrule.agreement.formula import Formula
from chainrule.agreement.structure import Floats
from chainrule.errors import NotationError, Place, Undefined
from chainrule.notation.nodes import At, Each, Let, Node, Var, make_var
from chainrule.notation.statements import Agreement, Assumption, Predicate, Relation
from chainrule.worlds.arithmetic import Undecided, precision
from chainrule.worlds.check import satisfies
from chainrule.worlds.contents import dimensions, letters, symbols
from chainrule.worlds.world import World, exact, extents

FIRST_BITS = 256
"""Precision at which a derived input is computed before it is rounded to a float."""


@dataclass(frozen=True)
class Problem:
    """`drawn` symbols get values of every flavour; `derived` ones are computed from them and rounded, because the
    function takes them; those that a hypothesis defines, and the function does not take, stay exact."""

    formula: Formula
    drawn: tuple[Var, ...]
    derived: tuple[tuple[Var, Node], ...]
    conditions: tuple[Relation | Predicate, ...]
    parameters: Mapping[str, Var | sp.Symbol]

    @property
    def dims(self) -> tuple[sp.Symbol, ...]:
        """Every size that the question speaks of, in order of name: of symbols, of indices, and a stride."""
        asked = [self.formula.node, *self.drawn, *(n for c in self.conditions for n in c.formulas)]
        asked += [e for _, e in (*self.derived, *self.formula.definitions.items())]
        taken = {d for d in self.parameters.values() if isinstance(d, sp.Symbol)}
        return tuple(sorted(taken.union(*map(dimensions, asked)), key=str))

    def complete(self, draw: Draw) -> Draw:
        """The draw with the derived symbols. Raises Undefined where a condition fails or a definition has no value."""
        values: dict[Var, Floats] = dict(draw.values)
        for var, expr in self.derived:
            with precision(FIRST_BITS):
                found = Formula(expr, self.formula.definitions).at(Draw(draw.flavour, draw.sizes, values))
            shape = extents(var.shape, draw.sizes)
            values[var] = np.array([float(x.mid()) for x in found]).reshape(shape)
        whole = Draw(draw.flavour, draw.sizes, values)
        if self.conditions and not self._holds(whole):
            raise Undefined("a hypothesis does not hold for this input")
        return whole

    def _holds(self, draw: Draw) -> bool:
        world = World(draw.sizes, {v: exact(x) for v, x in draw.values.items()}, self.formula.definitions)
        try:
            return all(satisfies(world, c) for c in self.conditions)
        except Undecided:
            return False

    def arguments(self, draw: Draw) -> dict[str, Any]:
        """What the function is called with: arrays, floats for scalars, integers for dimensions."""
        found: dict[str, Any] = {}
        for name, meant in self.parameters.items():
            if isinstance(meant, Var):
                x = draw.values[meant]
                found[name] = x.copy() if x.ndim else float(x)
            else:
                found[name] = draw.sizes[meant]
        return found

    def enclosed(self, draw: Draw) -> dict[str, Any]:
        """The same, for a run in balls: a derived symbol is what the drawn ones make it, not its nearest float, for a
        function may ask how they belong together more sharply than floats can say."""
        found = self.arguments(draw)
        drawn = {v: x for v, x in draw.values.items() if v in self.drawn}
        definitions = {**self.formula.definitions, **dict(self.derived)}
        for name, meant in self.parameters.items():
            if meant in dict(self.derived):
                value = Formula(definitions[meant], definitions).at(Draw(draw.flavour, draw.sizes, drawn))
                found[name] = np.array(value, dtype=object).reshape(extents(meant.shape, draw.sizes))
        return found


def problem_of(agreement: Agreement, declared: Iterable[Var] = ()) -> Problem:
    """The question as asked. NotationError if a parameter means nothing, or the formula has an index left free."""
    if letters(agreement.formula):
        loose = ", ".join(sorted(x.name for x in letters(agreement.formula)))
        raise NotationError(
            f"the index {loose} is free, and a function returns arrays: write each(... )", agreement.place
        )
    defined, conditions = _split(agreement.given)
    meanings = _meanings(agreement, (*declared, *defined))
    parameters = _parameters(agreement, meanings)
    lets = {m: make_var(m.name, m.shape, ()) for m in parameters.values() if isinstance(m, Let)}
    node = agreement.formula.xreplace(dict(lets)) if lets else agreement.formula
    taken = {name: lets.get(m, m) for name, m in parameters.items()}
    derived = [(var, let.value) for let, var in lets.items()]
    derived += [(v, e) for v, e in defined.items() if v in taken.values()]
    kept = {v: e for v, e in defined.items() if v not in taken.values()}
    needed = _needed([node, *(e for _, e in derived), *(n for c in conditions for n in c.formulas)], kept)
    needed |= {m for m in taken.values() if isinstance(m, Var)}
    drawn = tuple(sorted(needed - {v for v, _ in derived} - set(kept), key=lambda v: v.name))
    _no_double_names(drawn, agreement.place)
    return Problem(Formula(node, kept), drawn, tuple(derived), conditions, taken)


def _needed(nodes: list[Node], kept: Mapping[Var, Node]) -> set[Var]:
    """The symbols of the formulas, and those of the definitions of these."""
    found: set[Var] = set()
    todo = [v for n in nodes for v in symbols(n)]
    while todo:
        v = todo.pop()
        if v not in found:
            found.add(v)
            todo.extend(symbols(kept[v]) if v in kept else ())
    return found


def _no_double_names(drawn: tuple[Var, ...], place: Place) -> None:
    for a, b in pairwise(drawn):
        if a.name == b.name:
            raise NotationError(f"two symbols are called {a.name}: {a.described()} and {b.described()}", place)


def _split(given: tuple[Assumption, ...]) -> tuple[dict[Var, Node], tuple[Relation | Predicate, ...]]:
    """The symbols that the hypotheses define, and the conditions that remain."""
    defined: dict[Var, Node] = {}
    conditions = []
    for assumption in given:
        found = None if assumption.theorem else _definition(assumption.statement)
        if found is not None and found[0] not in defined:
            defined[found[0]] = found[1]
        elif not assumption.theorem and not _convexity(assumption.statement):
            conditions.append(assumption.statement)
    return defined, tuple(conditions)


def _convexity(statement: Relation | Predicate) -> bool:
    """Convexity restricts no input that has not been drawn."""
    return isinstance(statement, Predicate) and statement.name == "convex"


def _definition(statement: Relation | Predicate) -> tuple[Var, Node] | None:
    """v = formula, or v[i] = formula for every i."""
    if not isinstance(statement, Relation) or statement.relation != "=":
        return None
    left, right = statement.left, statement.right
    if isinstance(left, Var) and left not in symbols(right):
        return left, right
    if isinstance(left, At) and isinstance(left.args[0], Var) and left.args[0] not in symbols(right):
        places = left.args[1:]
        if len(set(places)) == len(places) and letters(right) <= set(places) and not right.row:
            return left.args[0], Each(right, *places)
    return None


# --- parameters ------------------------------------------------------------------------------------
def _meanings(agreement: Agreement, declared: Iterable[Var]) -> dict[str, Any]:
    """Everything that a parameter may be the name of: dimensions, names, symbols; symbols of the formula first."""
    formula = agreement.formula
    meanings: dict[str, Any] = {str(d): d for d in formula.atoms(sp.Symbol) if d.is_integer}
    meanings.update({let.name: let for let in formula.atoms(Let)})
    meanings.update({v.name: v for v in declared})
    meanings.update({v.name: v for v in formula.atoms(Var)})
    meanings.update({v.name: v for v in symbols(formula)})
    return meanings


def _parameters(agreement: Agreement, meanings: Mapping[str, Any]) -> dict[str, Any]:
    called = getattr(agreement.function, "__name__", str(agreement.function))
    found: dict[str, Any] = {}
    for name, parameter in _signature(agreement.function, agreement.place).items():
        meant = agreement.names.get(name, name)
        if parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
            continue
        if meant in meanings:
            found[name] = meanings[meant]
        elif name in agreement.names or parameter.default is inspect.Parameter.empty:
            there = ", ".join(sorted(meanings))
            raise NotationError(
                f"no symbol matches the parameter {name!r} of {called}; there are: {there}; "
                f'say agrees(..., {called}, {name}="...") where the names differ',
                agreement.place,
            )
    return found


def _signature(function: Callable[..., Any], place: Place) -> Mapping[str, inspect.Parameter]:
    try:
        return inspect.signature(function).parameters
    except (TypeError, ValueError):
        raise NotationError(f"{function!r} does not say what its parameters are", place) from None
