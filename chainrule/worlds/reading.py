"""Reading what is given, so that worlds can be built for it rather than searched.

An equation with a bare symbol on one side defines that symbol; V'V = I makes V orthonormal; v <= f bounds v. What is
none of these is a condition: equations are solved for a symbol in which they are affine, the rest is tested.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from chainrule.errors import NotationError, ShapeError
from chainrule.notation.nodes import At, Each, Expect, Eye, Let, MatMul, Node, Number, Op, Reduce, Transpose, Var
from chainrule.notation.properties import closure
from chainrule.notation.statements import Assumption, Predicate, Relation

from .contents import dimensions, letters, symbols
from .hypotheses import Hypotheses, Statement
from .sample import FINITE
from .sizes import limits

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


def read(formulas: Iterable[Node], given: tuple[Assumption, ...]) -> Hypotheses:
    """The hypotheses of a statement about some formulas."""
    statements = tuple(a.statement for a in given)
    spoken = [*formulas, *(s for g in statements for s in g.formulas)]
    variables = tuple(sorted(frozenset().union(*(symbols(s) for s in spoken)), key=lambda v: (v.name, str(v.shape))))
    dims = frozenset().union(*(dimensions(s) for s in spoken))
    out = Hypotheses(variables, {v: v.properties for v in variables}, given=statements)
    for statement in statements:
        _read_one(out, statement)
    out.conditions = [_unfolded(c, out.definitions) for c in out.conditions]
    out.limits = limits(dims, out.properties)
    return out


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
    bound = {part.args[2] for side in (left, right) for part in side.atoms(Expect)}
    if bound & {v for value in definitions.values() for v in symbols(value)}:
        return statement  # the symbol that is meant is another than the random one of its name
    try:
        for _ in definitions:
            left, right = left.xreplace(definitions), right.xreplace(definitions)
    except (NotationError, ShapeError):
        return statement  # a derivative in a defined symbol stays as it is
    return replace(statement, left=left, right=right)
