"""Rows: number, relation, formula, evidence, reason. Each line of each chain, with what it leans on in the margin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chainrule.errors import Unsupported
from chainrule.evidence import Evidence, Verdict
from chainrule.notation.statements import (
    Agreement,
    Assumption,
    Claim,
    Derivation,
    Example,
    Fact,
    Integral,
    Reason,
)
from chainrule.project import Entry

from . import formulas, prose
from .grounds import sorted_out
from .model import Chain, Code, Emph, Link, Lost, Math, Row, Span, Text, Words
from .register import Ref, Register, Topic, assumed
from .statement import line_ranges

Symbols = Mapping[str, Math]
MANY_LAWS = 3
"""More laws than this are not listed beside a line; the foot of the page has them all."""


def chain(register: Register, topic: Topic, entry: Entry, symbols: Symbols) -> Chain:
    """The rows of one item."""
    item, ref = entry.item, register.refs[entry.item.place]
    match item:
        case Derivation():
            return Chain(entry.heading, formulas.of(item.first), _derivation(register, topic, entry, symbols))
        case Claim():
            why = item.reason
            row = _row(register, topic, entry, ref.first, None, formulas.said(item.statement), why, symbols)
            return Chain(entry.heading, None, (row,))
        case Example():
            return Chain(entry.heading, None, (_example(register, entry, ref, item),))
        case Agreement():
            return Chain(entry.heading, None, (_agreement(register, entry, ref, item),))
        case Integral():
            return Chain(entry.heading, formulas.of(item.weight), (_integral(register, entry, ref, item, symbols),))
        case _:
            raise Unsupported(f"the report has no rows for a {type(item).__name__}")


def _derivation(register: Register, topic: Topic, entry: Entry, symbols: Symbols) -> tuple[Row, ...]:
    rows: list[Row] = []
    broken = 0
    start = register.refs[entry.item.place].first
    assert isinstance(entry.item, Derivation)
    for k, line in enumerate(entry.item.lines, 1):
        number = start + k - 1
        relation, formula = formulas.relation_sign(line.relation), formulas.of(line.expr)
        row = _row(register, topic, entry, number, relation, formula, line.reason, symbols, k, broken)
        broken = broken or (number if row.evidence is Evidence.REFUTED else 0)
        rows.append(row)
    return tuple(rows)


def _row(
    register: Register,
    topic: Topic,
    entry: Entry,
    number: int,
    relation: Math | None,
    formula: Math | Text,
    reason: Reason,
    symbols: Symbols,
    line: int = 0,
    broken: int = 0,
) -> Row:
    verdict = register.verdict(entry, line)
    refuted = verdict.evidence is Evidence.REFUTED
    rests = [*_leaning(register, topic, reason, verdict), *remarks(verdict, symbols)]
    if broken and not refuted:
        rests.append((Words(f"follows from line {broken}, so it falls with it"),))
    state = "is-refuted" if refuted else "after" if broken else ""
    said = reason_text(register, topic, reason, symbols)
    return Row(number, relation, formula, verdict.evidence, said, tuple(rests), verdict.place, state)


# --- reasons -----------------------------------------------------------------------------------------
def reason_text(register: Register, topic: Topic, reason: Reason, symbols: Symbols) -> Text:
    """The reason as the margin gives it: the law's name, or the facts that it leans on."""
    word, _, rest = reason.name.partition(" ")
    if reason.name == "by":
        return (Words("by "), *prose.listed([fact_text(register, topic, f) for f in reason.facts]))
    if reason.names:
        return (Words(f"{word} "), *prose.listed([(formulas.inline(n),) for n in reason.names]))
    if rest and rest in symbols:
        return (law(word), Words(" "), symbols[rest])
    return (law(reason.name),)


def law(name: str) -> Span:
    """A law by name, which leads to its row of the appendix."""
    shown = name.replace("_", " ")
    return Link(shown, "laws", anchor(name), law=True)


def anchor(name: str) -> str:
    """The anchor of a law in the appendix."""
    return "".join(c if c.isalnum() else "_" for c in name.lower())


def fact_text(register: Register, topic: Topic, fact: Fact) -> Text:
    """Where a fact is shown, or what is assumed."""
    if isinstance(fact, Assumption):
        if fact.theorem:
            return (Emph(fact.theorem),)
        others = {a for e in topic.entries for a in assumed(e.item) if not a.theorem}
        return (Words("the assumption"),) if others == {fact} else formulas.said(fact.statement)
    ref = register.ref(fact)
    if ref is None:
        return (Words(fact.place.part or f"{fact.place}"),)
    here = ref.topic is topic
    lines = line_ranges(list(range(ref.first, ref.last + 1)))
    where = lines if here else f"{ref.topic.shown or ref.topic.title}, {lines}"
    return (Link(where, ref.topic.stem, f"line-{ref.first}"),)


def _leaning(register: Register, topic: Topic, reason: Reason, verdict: Verdict) -> list[Text]:
    """given lines 5–8; the source of a cited theorem; the few laws that a derivative used."""
    rests: list[Text] = []
    if reason.facts and reason.name != "by":
        rests.append((Words("given "), *prose.listed([fact_text(register, topic, f) for f in reason.facts])))
    rests += [(Words(f.source),) for f in reason.facts if isinstance(f, Assumption) and f.source]
    used = sorted_out(register, topic, [verdict]).laws
    if reason.calculus and 0 < len(used) <= MANY_LAWS:
        rests.append(prose.listed([(law(name),) for name in used], ", "))
    return rests


def remarks(verdict: Verdict, symbols: Symbols) -> list[Text]:
    """What the reader of a line below PROVED has to know."""
    notes: list[Text] = [(Words("asks: "), *prose.terse(o, symbols)) for o in verdict.obligations]
    match verdict.evidence:
        case Evidence.CERTIFIED:
            notes += [prose.read(verdict.why, symbols)] if verdict.why else []
            bound = f"; error at most {verdict.error_bound:.0e}" if verdict.error_bound else ""
            notes.append((Words(f"exact at {brief(verdict.sizes)}{bound}"),))
        case Evidence.SAMPLED:
            notes += [prose.read(verdict.why, symbols)] if verdict.why else []
            notes += [(Words(f"30 digits at {brief(verdict.sizes)}"),)] if verdict.sizes else []
        case Evidence.OPEN | Evidence.REFUTED:
            notes += [prose.read(verdict.why, symbols)] if verdict.why else []
        case Evidence.PROVED | Evidence.CITED:
            pass
    return notes


def brief(sizes: tuple[str, ...], few: int = 3) -> str:
    """The first few sizes, and how many there are."""
    shown = "; ".join(sizes[:few])
    return f"{shown}; {len(sizes) - few} more" if len(sizes) > few else shown or "the listed sizes"


# --- data and code -----------------------------------------------------------------------------------
def _example(register: Register, entry: Entry, ref: Ref, item: Example) -> Row:
    verdict = register.verdict(entry, 0)
    shown = register.ref(item.derivation)
    doc = (item.data.__doc__ or "").strip().partition("->")[0].partition("\n")[0].strip().rstrip(".")
    what: Text = (Words("every line, exactly, on given data"),)
    if shown is not None:
        where = line_ranges(list(range(shown.first, shown.last + 1)))
        what = (Link(where, shown.topic.stem, f"line-{shown.first}"), Words(", exactly, on given data"))
    reason: Text = (Words(doc),) if doc else (Code(item.data.__name__),)
    rests = tuple((Words(t),) for t in (verdict.why, *verdict.sizes) if t)
    return Row(ref.first, None, what, verdict.evidence, reason, rests, verdict.place, _state(verdict))


def _integral(register: Register, entry: Entry, ref: Ref, item: Integral, symbols: Symbols) -> Row:
    """weight, on average = value."""
    verdict = register.verdict(entry, 0)
    taken = "a sum" if item.counted else "an integral"
    reason: Text = (Words(f"on average, {taken}; the log-density is "), formulas.inline(item.log_density))
    rests = ((Words(brief(verdict.sizes)),), *remarks(replace(verdict, sizes=()), symbols))
    sign = formulas.relation_sign("=")
    return Row(
        ref.first, sign, formulas.of(item.value), verdict.evidence, reason, rests, verdict.place, _state(verdict)
    )


def _agreement(register: Register, entry: Entry, ref: Ref, item: Agreement) -> Row:
    verdict = register.verdict(entry, 0)
    what: Text = (formulas.inline(item.formula), Words(" is computed by "), Code(item.function.__name__))
    lost = verdict.detail.get("by hand", {}).get("lost_digits")
    rests: list[Text] = [(Words(t),) for t in verdict.sizes]
    rests += [(Lost(f"{lost:.1f} digits lost at worst"),)] if lost else []
    if not verdict.detail and verdict.why:
        rests.append((Words(verdict.why),))
    reason = (Words("run and compared"),)
    return Row(ref.first, None, what, verdict.evidence, reason, tuple(rests), verdict.place, _state(verdict))


def _state(verdict: Verdict) -> str:
    return "is-refuted" if verdict.evidence is Evidence.REFUTED else ""
