"""Mutations: a formula with one thing in it changed, as a slip of the pen would change it.

Every way of changing one place is listed with a name; what does not fit together any more (shapes, free indices) is
dropped. Nothing here knows whether a mutant is true: that is asked of exact testing and of the prover.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import sympy as sp
from sympy.core.basic import Basic
from sympy.core.symbol import Str

from chainrule.errors import ChainruleError
from chainrule.notation.indices import check_closed
from chainrule.notation.nodes import (
    Add,
    Apply,
    At,
    Deriv,
    Div,
    Expect,
    Eye,
    Indicator,
    Kron,
    Let,
    Letter,
    MatMul,
    Mul,
    Neg,
    Node,
    Number,
    Op,
    Position,
    Pow,
    Range,
    Recurrence,
    Shifted,
    Size,
    Softmax,
    Subs,
    Sum,
    Transpose,
    Var,
)
from chainrule.notation.statements import Predicate, Relation

Statement = Relation | Predicate
Change = tuple[str, Basic]

RELATIVES = {
    "exp": ("sigmoid",), "log": ("sqrt",), "sin": ("cos",), "cos": ("sin",), "tanh": ("sigmoid",), "sigmoid": ("tanh",),
    "softplus": ("relu",), "relu": ("abs",), "step": ("sign",), "abs": ("relu",), "sign": ("step",), "sqrt": ("abs",),
    "sinh": ("cosh",), "cosh": ("sinh",), "erf": ("tanh",),
}  # fmt: skip
OP_RELATIVES = {"sqnorm": "norm", "norm": "sqnorm", "det": "trace", "trace": "det", "logdet": "det"}
MILLIONTH = sp.Rational(1000001, 1000000)


@dataclass(frozen=True)
class Mutant:
    """A changed statement and what was changed."""

    what: str
    statement: Statement


def mutants(statement: Statement, count: int, seed: object) -> list[Mutant]:
    """`count` different mutants, in turn from every kind of change that the statement allows, in a fixed order."""
    kinds: dict[str, list[Statement]] = {}
    for what, changed in _statements(statement):
        kinds.setdefault(what, []).append(changed)
    rng = Random(f"mutants/{seed}")
    for found in kinds.values():
        rng.shuffle(found)
    order = sorted(kinds)
    rng.shuffle(order)
    chosen: dict[Statement, str] = {}
    while len(chosen) < count and any(kinds.values()):
        for what in order:
            if kinds[what] and len(chosen) < count:
                chosen.setdefault(kinds[what].pop(), what)
    chosen.pop(statement, None)
    return [Mutant(what, changed) for changed, what in chosen.items()]


def _statements(statement: Statement) -> Iterator[tuple[str, Statement]]:
    scope = _scope(statement)
    match statement:
        case Relation(left, relation, right):
            for other in {"<=": (">=", "<"), ">=": ("<=", ">"), "<": (">",), ">": ("<",)}.get(relation, ()):
                yield f"{relation} for {other}", Relation(left, other, right)
            for what, changed in _changes(right, scope):
                if _fits(changed, left):
                    yield what, Relation(left, relation, changed)
            for what, changed in _changes(left, scope):
                if _fits(changed, right):
                    yield what, Relation(changed, relation, right)
        case Predicate(name, of, variables):
            stronger = {"positive_semidefinite": "positive_definite", "nonnegative": "positive"}.get(name)
            if stronger:
                yield "a stronger claim", Predicate(stronger, of)
            for what, changed in _changes(of, scope):
                if _fits(changed, of):
                    yield what, Predicate(name, changed, variables)


def without(statement: Statement, symbol: Var, name: str) -> tuple[Var, Statement]:
    """The symbol without one declared property, and the statement about it."""
    left = sp.Tuple(*(p for p in symbol.args[2] if str(p) != name))
    poorer = type(symbol)(symbol.args[0], symbol.args[1], left)
    return poorer, replaced(statement, symbol, poorer)


def replaced(statement: Statement, old: Node, new: Node) -> Statement:
    """The statement with one symbol for another."""
    if isinstance(statement, Relation):
        return Relation(statement.left.xreplace({old: new}), statement.relation, statement.right.xreplace({old: new}))
    variables = tuple(new if v == old else v for v in statement.variables)
    return Predicate(statement.name, statement.of.xreplace({old: new}), variables)


def parts(statement: Statement) -> tuple[Node, ...]:
    """The formulas of a statement."""
    return (statement.left, statement.right) if isinstance(statement, Relation) else (statement.of,)


@dataclass(frozen=True)
class _Scope:
    """What a mutation may put in the place of another thing: symbols, sizes, index letters."""

    symbols: tuple[Var, ...]
    dims: tuple[sp.Symbol, ...]
    letters: tuple[Letter, ...]


def _scope(statement: Statement) -> _Scope:
    def all_of(kind: type) -> tuple:  # type: ignore[type-arg]
        return tuple(sorted({a for part in parts(statement) for a in part.atoms(kind)}, key=lambda a: a.sort_key()))

    return _Scope(all_of(Var), all_of(sp.Symbol), all_of(Letter))


def _fits(changed: Basic, other: Node) -> bool:
    if not isinstance(changed, Node) or changed.shape != other.shape or changed.row != other.row:
        return False
    try:
        check_closed(changed)
    except ChainruleError:
        return False
    return True


def _changes(node: Basic, scope: _Scope) -> Iterator[Change]:
    """Everything that one change can make of a formula."""
    if isinstance(node, Node):
        yield from _here(node, scope)
    held = _held(node)
    for position, arg in enumerate(node.args):
        if position in held or not isinstance(arg, (Node, Range)):
            continue
        for what, changed in _changes(arg, scope):
            made = _rebuilt(node, position, changed)
            if made is not None:
                yield what, made


def _held(node: Basic) -> set[int]:
    """The places of a node that name something and hold no formula: the variable of a derivative, a let's name."""
    return {Deriv: {0, 2}, Subs: {1}, Let: {0}, Expect: {0, 2}}.get(type(node), set())


def _rebuilt(node: Basic, position: int, changed: Basic) -> Basic | None:
    try:
        return node.func(*(changed if k == position else arg for k, arg in enumerate(node.args)))
    except ChainruleError:
        return None


def _here(node: Node, scope: _Scope) -> Iterator[Change]:
    for what, make in _local(node, scope):
        try:
            yield what, make()
        except ChainruleError:
            continue


def _local(node: Node, scope: _Scope):  # type: ignore[no-untyped-def]
    """The changes of one node itself, each as a name and a function that builds it."""
    if node.ndim >= 2 and node.shape[-1] == node.shape[-2] and not isinstance(node, (Transpose, Eye)):
        yield "a transpose put in", lambda: Transpose(node)
    match node:
        case Add(args=(a, Neg(args=(b,)))):
            yield "+ for -", lambda: Add(a, b)
            yield "a term dropped", lambda: a
        case Add(args=(a, b)):
            yield "- for +", lambda: Add(a, Neg(b))
            yield "a term dropped", lambda: a
            yield "a term dropped", lambda: b
        case Neg(args=(a,)):
            yield "a sign lost", lambda: a
        case Mul(args=(a, b)):
            yield "a factor dropped", lambda: a
            yield "a factor dropped", lambda: b
        case Div(args=(a, b)):
            yield "a divisor dropped", lambda: a
            yield "* for /", lambda: Mul(a, b)
        case Number(value=value) if value.is_Rational:
            for what, other in (
                ("one more", value + 1),
                ("its negative", -value),
                ("one millionth more", value * MILLIONTH),
            ):
                yield f"a number: {what}", lambda other=other: Number(other, node.args[1])
        case Pow(args=(a, Number(value=k))):
            yield "another exponent", lambda: Pow(a, Number(k + 1, sp.Tuple()))
            yield "another exponent", lambda: a
        case MatMul(args=(a, b)):
            yield "a product turned round", lambda: MatMul(b, a)
            yield "a transpose put in", lambda: MatMul(Transpose(a), b)
            yield "a transpose put in", lambda: MatMul(a, Transpose(b))
            yield "a factor dropped", lambda: a
            yield "a factor dropped", lambda: b
            yield "* for @", lambda: Mul(a, b)
        case Transpose(args=(a,)):
            yield "a transpose lost", lambda: a
        case Var():
            yield from _symbols(node, scope)
        case Size(dim=dim):
            yield "N + 1 for N", lambda: Add(node, Number(sp.Integer(1), sp.Tuple()))
            yield "N - 1 for N", lambda: Add(node, Number(sp.Integer(-1), sp.Tuple()))
            for other in scope.dims:
                if other != dim:
                    yield "another size", lambda other=other: Size(other)
        case Eye(args=(dim,)):
            yield "ones for I", lambda: Number(sp.Integer(1), sp.Tuple(dim, dim))
        case Apply(args=(_, x)):
            yield "an argument's sign", lambda: Apply(Str(node.function), Neg(x))
            yield "a function dropped", lambda: x
            for other in RELATIVES.get(node.function, ()):
                yield "a function's relative", lambda other=other: Apply(Str(other), x)
        case Softmax(args=(x, axis)):
            yield "an argument's sign", lambda: Softmax(Neg(x), axis)
        case Op(args=(_, x)):
            if node.kind == "inv":
                yield "an inverse lost", lambda: x
            if node.kind in OP_RELATIVES:
                yield "an operation's relative", lambda: Op(Str(OP_RELATIVES[node.kind]), x)
        case Kron(args=(a, b)):
            yield "a product turned round", lambda: Kron(b, a)
        case At():
            yield from _indices(node, scope)
        case Shifted(args=(x, *places)):
            for k in range(len(places)):
                for by in (1, -1):
                    moved = [at + by if j == k else at for j, at in enumerate(places)]
                    yield "a place off by one", lambda moved=moved: Shifted(x, *moved)
        case Indicator(args=(kind, at)):
            yield "a mask off by one", lambda: Indicator(kind, at + 1)
            yield "a mask turned round", lambda: Indicator(Str("nonnegative"), -at)
        case Recurrence():
            args = list(node.args)
            yield "time turned round", lambda: Recurrence(*args[:8], Str("forwards" if node.backwards else "backwards"))
            yield (
                "a state too early or late",
                lambda: Recurrence(args[0], Str("after" if node.before else "before"), *args[2:]),
            )
        case Position(args=(at,)):
            yield "counted from 1", lambda: Position(at + 1)
        case Sum():
            yield from _ranges(node)


def _symbols(node: Var, scope: _Scope):  # type: ignore[no-untyped-def]
    for other in scope.symbols:
        if other != node and other.shape == node.shape:
            yield "another symbol", lambda other=other: other


def _indices(node: At, scope: _Scope):  # type: ignore[no-untyped-def]
    x, *letters = node.args
    if len(letters) == 2:
        yield "indices swapped", lambda: At(x, letters[1], letters[0])
    for position, letter in enumerate(letters):
        for other in scope.letters:
            if other != letter and other.dim == letter.dim:
                chosen = [other if k == position else one for k, one in enumerate(letters)]
                yield "another index", lambda chosen=chosen: At(x, *chosen)


def _ranges(node: Sum):  # type: ignore[no-untyped-def]
    for position, where in enumerate(node.ranges):
        if where.weight is not None:
            wider: Sequence[Range] = [Range(r.letter) if k == position else r for k, r in enumerate(node.ranges)]
            yield "a sum over all", lambda wider=wider: Sum(node.body, *wider)
    if len(node.ranges) > 1:
        yield "a sum dropped", lambda: Sum(node.body, *node.ranges[1:])
