"""What a page's verdicts rest on, sorted: laws of derivatives, rules of the kernel, facts shown elsewhere, theorems."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chainrule.evidence import Verdict
from chainrule.laws import all_laws
from chainrule.notation.statements import Agreement, Example

from .register import Ref, Register, Topic, assumed, reasons_of

SILENT = frozenset({"hypothesis", "declared", "shown before", "algebra"})
"""What every proof may use and nobody needs to be told."""


@dataclass(frozen=True)
class Grounds:
    """The names that verdicts give, by what they are. `facts` are items of the book."""

    laws: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    facts: tuple[Ref, ...] = ()
    theorems: tuple[tuple[str, str], ...] = ()


def grounds(register: Register, topic: Topic) -> Grounds:
    """Those of a whole page. Agreement and data rest on arithmetic, not on rules: they are left out."""
    proved = [e for e in topic.entries if not isinstance(e.item, (Agreement, Example))]
    return sorted_out(register, topic, [v for e in proved for v in register.of_entry(e)])


def sorted_out(register: Register, topic: Topic, verdicts: Iterable[Verdict]) -> Grounds:
    """The names in some verdicts of a page."""
    names = [n for n in dict.fromkeys(n for v in verdicts for n in v.rests_on) if n not in SILENT]
    cited = {a.theorem: a.source for e in topic.entries for a in assumed(e.item) if a.theorem}
    theorems = tuple(p for p in cited.items() if any(n.startswith(p[0]) for n in names))
    names = [n for n in names if not any(n.startswith(t) for t in cited)]
    known = {law.name for law in all_laws()}
    given = {r.name.partition(" ")[0] for e in topic.entries for r in reasons_of(e.item)}
    shown = {r.entry.name: r for r in register.refs.values()}
    shown |= {r.entry.name: r for r in register.refs.values() if r.topic is topic}
    laws = tuple(n for n in names if n in known)
    reasons = tuple(n for n in names if n in given and n not in known)
    facts = tuple(shown[n] for n in names if n in shown and n not in known and n not in given)
    rest = tuple(n for n in names if n not in known and n not in given and n not in shown)
    return Grounds(laws, reasons, rest, facts, theorems)
