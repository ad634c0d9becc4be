"""Judging an item: a pure function from what was written to verdicts."""

from __future__ import annotations

from dataclasses import replace

from chainrule.evidence import Evidence, Verdict
from chainrule.notation.statements import (
    Agreement,
    Assumption,
    Claim,
    Derivation,
    Example,
    Fact,
    Integral,
    Item,
    Reason,
    Relation,
)

from .code import verdict_on_agreement, verdict_on_example
from .context import Shown, assumptions_of
from .facts import shown
from .integral import verdict_on_integral
from .lines import verdict_on

_judged: dict[int, tuple[object, list[Verdict]]] = {}


def judge(item: Item, name: str = "") -> list[Verdict]:
    """The verdicts on an item: one a line of a derivation, one for a claim, an agreement or an example."""
    found = _judged.get(id(item))
    if found is None or found[0] is not item:
        found = _judged[id(item)] = (item, _judge(item, name))
    return [replace(v, item=name or v.item) for v in found[1]]


def _judge(item: Item, name: str) -> list[Verdict]:
    match item:
        case Derivation():
            return [_line(item, k, name) for k in range(1, len(item.lines) + 1)]
        case Claim():
            facts = _facts(item.reason, item.given)
            given = _given(item.reason, item.given)
            return [verdict_on(item.statement, item.reason, facts, given, name, 0, item.place)]
        case Agreement():
            return [verdict_on_agreement(item, name)]
        case Example():
            return [verdict_on_example(item, name)]
        case Integral():
            return [verdict_on_integral(item, name)]
    raise AssertionError(item)


def _line(d: Derivation, k: int, name: str) -> Verdict:
    line = d.lines[k - 1]
    before = d.first if k == 1 else d.lines[k - 2].expr
    statement = Relation(before, line.relation, line.expr)
    facts, given = _facts(line.reason, d.given), _given(line.reason, d.given)
    return verdict_on(statement, line.reason, facts, given, name, k, line.place)


def _facts(reason: Reason, given: tuple[Assumption, ...]) -> tuple[Shown, ...]:
    return tuple(shown(f, _evidence_of) for f in dict.fromkeys((*given, *reason.facts)))


def _evidence_of(fact: Derivation | Claim) -> list[Verdict]:
    verdicts = judge(fact, f"line {fact.place.line}")
    return verdicts or [Verdict(Evidence.OPEN)]


def _given(reason: Reason, given: tuple[Assumption, ...]) -> tuple[Assumption, ...]:
    facts: tuple[Fact, ...] = (*given, *reason.facts)
    return tuple(dict.fromkeys(a for f in facts for a in assumptions_of(f)))
