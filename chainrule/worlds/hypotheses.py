"""Worlds in which everything declared and given holds: built as far as possible, solved for, and tested at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

import sympy as sp

from chainrule.errors import Undefined, Unsupported
from chainrule.notation.nodes import Add, Node, Number, Var
from chainrule.notation.statements import Predicate, Relation

from .arithmetic import Arithmetic, Undecided, at_precision
from .check import Finding, State, look, look_in
from .contents import symbols
from .elimination import Array
from .evaluate import Evaluator
from .properties import has_property
from .sample import FINITE, sample
from .sizes import Assigned, Limits, limits
from .solve import solved_for
from .source import Source
from .world import World, extents

SEED = 1729
"""Every random choice of this room is derived from this number."""

REJECTIONS = 60
"""How many worlds are drawn before hypotheses count as unmet at the given sizes."""

Statement = Relation | Predicate


@dataclass(frozen=True)
class Judged:
    """A world, and what a statement was found to be in it."""

    world: World
    finding: Finding


def stream(*purpose: object) -> Random:
    """The generator for one purpose; the same in every run."""
    return Random("/".join(map(str, (SEED, *purpose))))


@dataclass
class Hypotheses:
    """Symbols, their properties, and what is given of them."""

    variables: tuple[Var, ...]
    properties: dict[Var, frozenset[str]]
    definitions: dict[Var, Node] = field(default_factory=dict)
    bounds: dict[Var, tuple[str, Node]] = field(default_factory=dict)  # v <= f, as (relation, f)
    conditions: list[Statement] = field(default_factory=list)
    given: tuple[Statement, ...] = ()
    limits: Limits = field(default_factory=lambda: limits((), {}))

    @property
    def order_dependent(self) -> bool:
        """Whether something given or declared has no meaning without an order, and is dropped over F_p."""
        names = frozenset().union(*self.properties.values()) if self.properties else frozenset()
        ordered = {"positive", "nonnegative", "unit_interval", "psd", "simplex", "stochastic_rows"} & (names - FINITE)
        unequal = any(isinstance(s, Relation) and s.relation != "=" for s in self.given)
        definite = any(isinstance(s, Predicate) and s.name not in ("invertible", "nonzero") for s in self.given)
        return bool(ordered) or unequal or definite

    @property
    def finite(self) -> tuple[Var, ...]:
        """The symbols with finitely many values at given sizes."""
        return tuple(v for v in self.variables if v not in self.definitions and self.properties[v] & FINITE)

    # --- worlds ---------------------------------------------------------------------------------
    def world(self, sizes: Assigned, source: Source, fixed: Mapping[Var, Array] | None = None) -> World | None:
        """A world at these sizes in which everything given holds, or None. Raises Infeasible where the properties
        themselves cannot be met."""
        for _ in range(REJECTIONS if self.given else 1):
            world = self._draw(sizes, source, fixed or {})
            try:
                solved = self._solve(world, source)
                if solved is not None and self.met(solved, source.arithmetic):
                    return solved
            except (Undefined, Undecided):
                continue
        return None

    def _draw(self, sizes: Assigned, source: Source, fixed: Mapping[Var, Array]) -> World:
        ordered = source.arithmetic.ordered
        values, definitions = {}, dict(self.definitions)
        for var in self.variables:
            if var in fixed:
                values[var] = fixed[var]
            elif ordered and var in self.bounds:
                definitions[var] = _beside(*self.bounds[var], source)
            elif var not in self.definitions:
                values[var] = sample(var, extents(var.shape, sizes), source, self.properties[var])
        return World(sizes, values, definitions)

    def _solve(self, world: World, source: Source) -> World | None:
        """The world with one symbol changed for each equation that does not hold in it."""
        done: list[Relation] = []
        for equation in (c for c in self.conditions if isinstance(c, Relation) and c.relation == "="):
            if not _holds(world, equation, source.arithmetic):
                changed = self._solve_one(world, equation, done, source)
                if changed is None:
                    return None
                world = changed
            done.append(equation)
        return world

    def _solve_one(self, world: World, equation: Relation, done: list[Relation], source: Source) -> World | None:
        inside = symbols(equation.left) | symbols(equation.right)
        free = [v for v in self.variables if v in inside and v in world.values and not self.properties[v] & FINITE]
        source.rng.shuffle(free)
        for var in sorted(free, key=lambda v: len(self.properties[v])):
            system = [e for e in done if var in symbols(e.left) | symbols(e.right)]
            found = solved_for(var, [*system, equation], world, self.properties[var], source.arithmetic)
            if found is not None and _holds(found, equation, source.arithmetic):
                return found
        return None

    def met(self, world: World, arithmetic: Arithmetic) -> bool:
        """Whether defined symbols have their properties and every other hypothesis holds. Over F_p whatever asks for
        an order is skipped."""
        return self._properties_met(world, arithmetic) and all(
            _holds(world, c, arithmetic) for c in self.conditions if arithmetic.ordered or _without_order(c)
        )

    def _properties_met(self, world: World, arithmetic: Arithmetic) -> bool:
        for var in self.variables:
            names = self.properties[var]
            if not names or (var in world.values and not self.conditions):
                continue
            value, used = value_of(world, var, arithmetic)
            if not all(has_property(name, value, used) for name in names):
                return False
        return True


def value_of(world: World, var: Var, arithmetic: Arithmetic) -> tuple[Array, Arithmetic]:
    """A symbol's value, in balls where it is no rational."""
    try:
        return Evaluator(world, arithmetic).value(var), arithmetic
    except Unsupported:
        if not arithmetic.ordered:
            raise
        return at_precision(lambda balls: (Evaluator(world, balls).value(var), balls))


def _holds(world: World, statement: Statement, arithmetic: Arithmetic) -> bool:
    if not arithmetic.ordered:
        return look_in(world, statement, arithmetic).state is not State.FAILS
    finding = look(world, statement)
    return finding.state in (State.HOLDS, State.KINK)


def _without_order(statement: Statement) -> bool:
    if isinstance(statement, Relation):
        return statement.relation == "="
    return statement.name in ("invertible", "nonzero")


def _beside(relation: str, other: Node, source: Source) -> Node:
    """v = f + slack with a slack of the right sign; 0 only where equality is allowed."""
    slack = source.nonnegative() if "=" in relation else source.positive()
    amount = sp.Rational(int(slack.p), int(slack.q)) * (1 if relation[0] == ">" else -1)
    return Add(other, Number(amount, sp.Tuple()))
