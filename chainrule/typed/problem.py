"""An objective and its constraints as text, read together: one letter is one symbol in all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp

from chainrule.notation.nodes import Node, Number

from .declare import declarations
from .formula import Formula, name_sizes, said_of
from .infer import Inference, variable
from .magnitude import check_magnitude
from .part import Part
from .sizes import Sizes
from .syntax import Syntax, parse, parse_relation


@dataclass(frozen=True)
class Constraint:
    """left (=, <=, >=) right, of one shape, as typed."""

    text: str
    left: Node
    relation: str
    right: Node


@dataclass(frozen=True)
class TypedProblem:
    """An objective, with the symbols of all the texts, and the constraints."""

    objective: Formula
    constraints: tuple[Constraint, ...]


def read_problem(text: str, subject_to: Sequence[str] = (), declare: str = "") -> TypedProblem:
    """An objective and constraints such as "A*x = b", "x >= 0", "sum(x) <= 1", in the notation of `read_formula`.

    They are read in one go: sizes that have to agree between them do. Where one is written as in NumPy, with an @,
    all are. A number on one side of a constraint stands for each entry of the other.

    Errors: FormulaError, with the character of the text where it applies.
    """
    sizes = Sizes()
    symbols = declarations(declare, sizes)
    reader = Inference(text, symbols, sizes, numpy=any("@" in t for t in (text, *subject_to)))
    objective = reader(parse(text))
    seen, sides = dict(reader.seen), []
    for said in subject_to:
        reader = Inference(said, reader.symbols, sizes, reader.numpy)
        sides.append(_sides(reader, parse_relation(said)))
        seen |= reader.seen
    listed = {**seen, **symbols}
    name_sizes(sizes, listed, reader.symbols)
    found = said_of(text, lambda: {name: variable(s) for name, s in listed.items()})
    constraints = zip(subject_to, sides, strict=True)
    return TypedProblem(Formula(text, _node(text, objective), found), tuple(_constraint(t, *s) for t, s in constraints))


Sides = tuple[Part, str, Part]


def _sides(reader: Inference, tree: Syntax) -> Sides:
    """The sides of a constraint, with shapes that fit."""
    a, b = reader(tree.args[0]), reader(tree.args[1])
    if "number" in (a.kind, b.kind):
        return a, tree.head, b
    if a.kind != b.kind:
        raise reader.error(f"cannot compare them: {reader.shown(a)}, {reader.shown(b)}", tree)
    for x, y in zip(a.shape, b.shape, strict=True):
        reader.agree(x, y, "cannot compare them", tree, a, b)
    return a, tree.head, b


def _node(text: str, part: Part) -> Node:
    node = said_of(text, part.make)
    check_magnitude(node, text)
    return node


def _constraint(text: str, a: Part, relation: str, b: Part) -> Constraint:
    left, right = _node(text, a), _node(text, b)
    left, right = _filled(left, right), _filled(right, left)
    return Constraint(text, left, relation, right)


def _filled(number: Node, shaped: Node) -> Node:
    """A number stands for each entry of the other side."""
    if number.ndim or not shaped.ndim:
        return number
    if isinstance(number, Number):
        return Number(number.value, sp.Tuple(*shaped.shape))
    return number * Number(sp.Integer(1), sp.Tuple(*shaped.shape))
