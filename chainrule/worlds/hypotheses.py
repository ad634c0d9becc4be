"""What is given: hypotheses read so that worlds can be built for them rather than searched.

An equation with a bare symbol on one side defines that symbol; V'V = I makes V orthonormal; v <= f is v = f - slack;
any other equation is solved exactly for a symbol in which it is affine. What remains is tested, world by world.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from random import Random

import sympy as sp

from chainrule.errors import NotationError, ShapeError, Undefined, Unsupported
from chainrule.notation.nodes import Add, At, Each, Eye, Let, MatMul, Node, Number, Op, Reduce, Transpose, Var
from chainrule.notation.properties import closure
from chainrule.notation.statements import Assumption, Predicate, Relation

from .arithmetic import Arithmetic, Rationals, Undecided, at_precision
from .check import Finding, State, has_property, look, look_in
from .contents import dimensions, letters, symbols
from .elimination import Array
from .evaluate import Evaluator
from .sample import FINITE, Infeasible, Source, sample
from .sizes import Assigned, Limits, limits, smallest_first
from .solve import solved_for
from .world import World, extents

SEED = 1729
"""Every random choice of this room is derived from this number."""

REJECTIONS = 60
"""How many worlds are drawn before hypotheses count as unmet at the given sizes."""

Statement = Relation | Predicate

AS_PROPERTY = {
    "positive_definite": "positive_definite",
    "positive_semidefinite": "psd",
    "invertible": "invertible",
    "nonzero": "nonzero_entries",
    "positive": "positive",
    "nonnegative": "nonnegative",
}
"""Predicates that a declared property says as well."""

FLIPPED = {"=": "=", "<=": ">=", ">=": "<=", "<": ">", ">": "<"}


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
        ordered = {"positive", "nonnegative", "psd", "simplex", "stochastic_rows"} & (names - FINITE)
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
                world = self._solve(world, source)
                if world is not None and self.met(world, source.arithmetic):
                    return world
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


# --- reading what is given -----------------------------------------------------------------------------
def read(formulas: Iterable[Node], given: tuple[Assumption, ...]) -> Hypotheses:
    """The hypotheses of a statement about some formulas."""
    statements = tuple(a.statement for a in given)
    spoken = [*formulas, *(s for g in statements for s in _sides(g))]
    variables = tuple(sorted(frozenset().union(*(symbols(s) for s in spoken)), key=lambda v: (v.name, str(v.shape))))
    dims = frozenset().union(*(dimensions(s) for s in spoken))
    out = Hypotheses(variables, {v: v.properties for v in variables}, given=statements)
    for statement in statements:
        _read_one(out, statement)
    out.conditions = [_unfolded(c, out.definitions) for c in out.conditions]
    out.limits = limits(dims, out.properties)
    return out


def _sides(statement: Statement) -> tuple[Node, ...]:
    return (statement.left, statement.right) if isinstance(statement, Relation) else (statement.of,)


def _read_one(out: Hypotheses, statement: Statement) -> None:
    if isinstance(statement, Predicate):
        var = _whole(statement.of)
        if var is not None and statement.name in AS_PROPERTY:
            _declare(out, var, AS_PROPERTY[statement.name])
        else:
            out.conditions.append(statement)
        return
    flipped = Relation(statement.right, FLIPPED[statement.relation], statement.left)
    if not (_read_relation(out, statement) or _read_relation(out, flipped)):
        out.conditions.append(statement)


def _declare(out: Hypotheses, var: Var, name: str) -> None:
    out.properties[var] = closure(out.properties[var] | {name})


def _read_relation(out: Hypotheses, s: Relation) -> bool:
    """Whether the relation, read from its left side, says how to build a symbol."""
    known = _as_property(s)
    if known is not None:
        _declare(out, *known)
        return True
    var = _whole(s.left)
    taken = var is None or var in out.definitions or var in out.bounds or bool(out.properties[var] & FINITE)
    if var is None or taken or var in _behind(out, s.right):
        return False
    value = _listed(s.left, s.right, var)
    if value is None:
        return False
    if s.relation == "=":
        out.definitions[var] = value
    else:
        out.bounds[var] = (s.relation, value)
    return True


def _as_property(s: Relation) -> tuple[Var, str] | None:
    """V'V = I, v'v = 1, |v|^2 = 1, sum v = 1 with v >= 0, v > 0 and v >= 0 are declared properties."""
    left, right = _open(s.left), _open(s.right)
    var = _whole(left)
    if isinstance(right, Number) and right.value == 0 and var is not None and s.relation in (">", ">="):
        return var, "positive" if s.relation == ">" else "nonnegative"
    if s.relation != "=":
        return None
    if isinstance(left, MatMul) and isinstance(left.args[0], Transpose):
        a, b = _whole(left.args[0].args[0]), _whole(left.args[1])
        if a is not None and a == b and isinstance(right, Eye):
            return a, "orthonormal_columns"
        if a is not None and a == b and a.ndim == 1 and _is_one(right):
            return a, "unit"
    if isinstance(left, Op) and left.kind in ("sqnorm", "norm") and _is_one(right):
        a = _whole(left.args[1])
        return (a, "unit") if a is not None and a.ndim == 1 else None
    if isinstance(left, Reduce) and left.kind == "sum" and _is_one(right):
        a = _whole(left.args[1])
        return (a, "simplex") if a is not None and a.ndim == 1 and "nonnegative" in a.properties else None
    return None


def _is_one(node: Node) -> bool:
    return isinstance(node, Number) and node.value == 1


def _open(node: Node) -> Node:
    """A formula without the names around it."""
    while isinstance(node, Let):
        node = node.value
    return node


def _whole(node: Node) -> Var | None:
    """The symbol that a side is, or that it is an arbitrary entry of: v, v[i], A[i, j]."""
    node = _open(node)
    if isinstance(node, Var):
        return node
    if isinstance(node, At) and isinstance(node.args[0], Var) and len(set(node.args[1:])) == len(node.args) - 1:
        return node.args[0]
    return None


def _listed(left: Node, right: Node, var: Var) -> Node | None:
    """The whole symbol's value: of v[i] = f(i) it is the array of all f(i)."""
    left = _open(left)
    value = Each(right, *left.args[1:]) if isinstance(left, At) and not right.row else right
    return value if value.shape == var.shape and not letters(value) else None


def _behind(out: Hypotheses, node: Node) -> frozenset[Var]:
    """The symbols that a formula speaks of once definitions and bounds are unfolded."""
    found, todo = set(), list(symbols(node))
    while todo:
        var = todo.pop()
        if var not in found:
            found.add(var)
            todo.extend(symbols(out.definitions.get(var, var)))
            todo.extend(symbols(out.bounds[var][1]) if var in out.bounds else ())
    return frozenset(found)


def _unfolded(statement: Statement, definitions: Mapping[Var, Node]) -> Statement:
    """The statement with defined symbols replaced, so that it can be solved for what they are made of."""
    if not isinstance(statement, Relation) or statement.relation != "=":
        return statement
    left, right = statement.left, statement.right
    try:
        for _ in definitions:
            left, right = left.xreplace(definitions), right.xreplace(definitions)
    except (NotationError, ShapeError):
        return statement  # a derivative in a defined symbol stays as it is
    return replace(statement, left=left, right=right)


# --- do the hypotheses have a model --------------------------------------------------------------------
@dataclass(frozen=True)
class Vacuity:
    """Whether hypotheses have a model: the world that shows it, or why none was found."""

    has_model: bool
    explanation: str
    world: World | None = None

    def __bool__(self) -> bool:
        return self.has_model


def vacuity(formulas: Iterable[Node], given: tuple[Assumption, ...] = ()) -> Vacuity:
    """Looks for a world, small sizes first, in which everything declared and given holds."""
    hypotheses = read(formulas, given)
    why = "no sizes meet what the properties ask of them"
    for sizes in smallest_first(hypotheses.limits):
        try:
            world = hypotheses.world(sizes, Source(Rationals(), stream("vacuity", sorted(map(str, sizes.items())))))
        except Infeasible as error:
            why = error.text
            continue
        if world is not None:
            return Vacuity(True, "a world was found in which everything given holds", world)
        why = f"in {REJECTIONS} worlds at each of the small sizes something given was false"
    return Vacuity(False, why)
