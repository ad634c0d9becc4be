"""A world where a line is false: its numbers as matrices, and both sides of the line in it."""

from __future__ import annotations

from typing import Any

from chainrule.evidence import Counterexample, Evidence, Verdict
from chainrule.notation.nodes import Node
from chainrule.notation.statements import Agreement, Claim, Derivation
from chainrule.project import Entry

from . import formulas, prose
from .by_hand import by_hand
from .lines import Symbols
from .listings import sentence
from .mend import mending
from .model import Block, Heading, Math, Table, Text, Words, World
from .register import Register, Topic


def worlds(register: Register, topic: Topic, entry: Entry, symbols: Symbols) -> tuple[Block, ...]:
    """For each refuted line of an item, the world that refutes it, and what would mend it."""
    blocks: list[Block] = []
    first = register.refs[entry.item.place].first
    for k, verdict in enumerate(register.of_entry(entry)):
        if verdict.evidence is Evidence.REFUTED and verdict.counterexample is not None:
            blocks += [
                Heading((Words(f"A world where line {first + k} fails"),)),
                _world(entry, verdict, first + k, symbols),
                *mending(register, topic, entry.item, verdict.line, first + k, symbols),
            ]
    return tuple(blocks)


def _world(entry: Entry, verdict: Verdict, number: int, symbols: Symbols) -> World:
    found = verdict.counterexample
    assert found is not None
    names = {n: symbols.get(n) or formulas.symbol(n) for n in found.values}
    values = [formulas.valued(names[n], v) for n, v in found.values.items()]
    said = (found.note,) if isinstance(entry.item, (Derivation, Claim)) else (verdict.why, found.note)
    remarks = [prose.read(sentence(t), symbols) for t in said if t]
    match entry.item:
        case Derivation(first, lines):
            before = lines[verdict.line - 2].expr if verdict.line > 1 else first
            remarks = [r for r in (by_hand(before, lines[verdict.line - 1].expr, found), *remarks) if r]
    return World(_commas(values), _sides(entry, verdict, found, number), tuple(remarks))


def _commas(values: list[Math]) -> tuple[Math, ...]:
    return tuple(formulas.spaced(v, "," if k < len(values) - 1 else ".") for k, v in enumerate(values))  # type: ignore[misc]


def _sides(entry: Entry, verdict: Verdict, found: Counterexample, number: int) -> Table:
    before, after = _formulas(entry, verdict.line)
    names = ("formula", "code") if isinstance(entry.item, Agreement) else ("line before", f"line {number}")
    if isinstance(entry.item, Claim):
        names = ("in this world", "which is")
    if isinstance(entry.item, Derivation):
        names = (f"line {number - 1}" if verdict.line > 1 else "start", f"line {number}")
    rows: list[tuple[Text, ...]] = [
        ((Words(names[0]),), (before,) if before else (), (formulas.array(found.left),)),
        ((Words(names[1]),), (after,) if after else (), (formulas.array(found.right),)),
    ]
    difference = _minus(found.right, found.left)
    if difference is not None:
        rows.append(((Words("difference"),), (), (formulas.array(difference),)))
    caption = f"Both sides of line {number} in this world, in exact arithmetic"
    return Table((Words(caption),), (), tuple(rows))


def _formulas(entry: Entry, line: int) -> tuple[Math | None, Math | None]:
    match entry.item:
        case Derivation(first, lines) if line >= 1:
            before: Node = lines[line - 2].expr if line > 1 else first
            return formulas.inline(before), formulas.inline(lines[line - 1].expr)
        case Claim(statement):
            return formulas.inline(statement.of), None
        case Agreement(formula):
            return formulas.inline(formula), None
    return None, None


def _minus(left: Any, right: Any) -> Any:
    """Entry by entry, where both sides are exact and of one shape; else None."""
    from fractions import Fraction

    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)) and len(left) == len(right):
        entries = [_minus(a, b) for a, b in zip(left, right, strict=True)]
        return None if any(e is None for e in entries) else entries
    try:
        return str(Fraction(str(left)) - Fraction(str(right)))
    except ValueError:
        return None
