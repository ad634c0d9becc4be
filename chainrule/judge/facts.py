"""Facts as reasons: each with the evidence that it has itself, which caps every line that leans on it."""

from __future__ import annotations

import sys
from collections.abc import Callable

from chainrule.evidence import Evidence, Verdict
from chainrule.notation.statements import Assumption, Claim, Derivation, Fact, Relation

from .context import Shown

JudgeItem = Callable[[Derivation | Claim], list[Verdict]]


def shown(fact: Fact, judge: JudgeItem) -> Shown:
    """What a fact says, how well it stands, and what it rests on."""
    match fact:
        case Assumption(theorem="") as a:
            return Shown((a.statement,), Evidence.PROVED, "hypothesis", assumed=True)
        case Assumption() as a:
            return Shown((a.statement,), Evidence.CITED, a.theorem, (f"{a.theorem} ({a.source})",), assumed=True)
        case Claim() as c:
            verdict = judge(c)[0]
            return Shown((c.statement,), verdict.evidence, name_of(c), verdict.rests_on)
        case Derivation() as d:
            verdicts = judge(d)
            evidence = min((v.evidence for v in verdicts), default=Evidence.OPEN)
            rests = tuple(dict.fromkeys(name for v in verdicts for name in v.rests_on))
            return Shown(_said(d), evidence, name_of(d), rests)
    raise AssertionError(fact)


def name_of(fact: Derivation | Claim) -> str:
    """The name that the author gave to a fact: that of the variable which holds it."""
    for module in list(sys.modules.values()):
        if getattr(module, "__file__", None) == fact.place.file:
            for name, value in vars(module).items():
                if value is fact:
                    return name
    return fact.place.part or f"line {fact.place.line}"


def _said(d: Derivation) -> tuple[Relation, ...]:
    """The conclusion of a chain, and every equality on the way."""
    said = [d.conclusion]
    before = d.first
    for line in d.lines:
        said.append(Relation(before, line.relation, line.expr))
        before = line.expr
    return tuple(dict.fromkeys(said))
