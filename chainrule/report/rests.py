"""The foot of an entry: what its verdict rests on, the entries before and after; and the verdict in words."""

from __future__ import annotations

from collections.abc import Iterator

from chainrule.evidence import Evidence, Verdict
from chainrule.notation.statements import Agreement

from . import formulas, prose
from .grounds import sorted_out
from .lines import Symbols, brief, law
from .listings import outcome
from .model import Block, Box, Boxes, Code, Emph, Family, Heading, Link, Mark, Text, Words
from .register import Ref, Register, Topic
from .statement import in_words as hypothesis
from .statement import line_ranges

Numbered = dict[Evidence, list[tuple[int, Verdict]]]


def by_evidence(register: Register, topic: Topic) -> Numbered:
    """The numbered lines of a page, the best first."""
    found: Numbered = {}
    for number, verdict in enumerate(register.of_topic(topic), 1):
        found.setdefault(verdict.evidence, []).append((number, verdict))
    return dict(sorted(found.items(), reverse=True))


def in_words(register: Register, topic: Topic) -> tuple[Text, ...]:
    """PROVED lines 1–16, 22–24 / CITED lines 17–21 / code agrees."""
    found = by_evidence(register, topic)
    lowest = min(found, default=None)
    if lowest is Evidence.REFUTED:
        return _loud(register, topic, found)
    said: list[Text] = [
        (Mark(e), Words(f" every line, {lines(of)}" if len(found) == 1 else f" {lines(of)}")) for e, of in found.items()
    ]
    return (*said, *_code(register, topic))


def _loud(register: Register, topic: Topic, found: Numbered) -> tuple[Text, ...]:
    every = sum(len(of) for of in found.values())
    first = found[Evidence.REFUTED][0][1]
    said: list[Text] = [(Mark(Evidence.REFUTED), Words(f" at {lines(found[Evidence.REFUTED])} of {every}"))]
    if first.counterexample and first.counterexample.sizes:
        sizes = [(formulas.valued(formulas.symbol(k), v),) for k, v in first.counterexample.sizes.items()]
        said.append((Words("smallest world: "), *prose.listed(sizes, ", ")))
    return tuple(said)


def _code(register: Register, topic: Topic) -> Iterator[Text]:
    """The functions by what the comparison found: within, between: the same function."""
    found: dict[str, list[Text]] = {}
    for entry in topic.entries:
        if isinstance(entry.item, Agreement):
            verdict = register.verdict(entry, 0)
            lost = verdict.detail.get("by hand", {}).get("lost_digits")
            said = f"{outcome(verdict)}, {lost:.1f} digits lost at worst" if lost else outcome(verdict)
            found.setdefault(said, []).append((Code(entry.item.function.__name__),))
    for said, names in found.items():
        yield (*prose.listed(names), Words(f": {said}"))


def lines(numbered: list[tuple[int, Verdict]]) -> str:
    """line 3; lines 1–4, 7."""
    return line_ranges([n for n, _ in numbered])


def rests_on(register: Register, topic: Topic, symbols: Symbols) -> tuple[Block, ...]:
    """A box for each grade of evidence: laws, rules, theorems, hypotheses, obligations, sizes."""
    boxes = tuple(
        Box((Words(_capital(lines(of)) + " "), Mark(e)), tuple(_items(register, topic, [v for _, v in of], symbols)))
        for e, of in by_evidence(register, topic).items()
    )
    boxes = tuple(b for b in boxes if b.items)
    return (Heading((Words("What the verdict rests on"),)), Boxes(boxes)) if boxes else ()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _items(register: Register, topic: Topic, verdicts: list[Verdict], symbols: Symbols) -> Iterator[Text]:
    on = sorted_out(register, topic, verdicts)
    if on.laws or on.reasons:
        yield (Words("laws: "), *prose.listed([(law(n),) for n in (*on.laws, *on.reasons)], ", "))
    if on.facts:
        yield (Words("shown elsewhere: "), *prose.listed([_fact(topic, ref) for ref in on.facts], "; "))
    if on.rules:
        yield (Words("rules: "), *prose.listed([(Words(n),) for n in on.rules], "; "))
    for name, source in on.theorems:
        yield (Words("theorem, not proved here: "), Emph(name), Words(f" ({source})"))
    yield from _phrases("hypotheses", [h for v in verdicts for h in v.hypotheses], symbols)
    yield from _phrases("not discharged", [o for v in verdicts for o in v.obligations], symbols)
    sizes = tuple(dict.fromkeys(s for v in verdicts if v.evidence in TESTED for s in v.sizes))
    if sizes:
        yield (Words(f"tested on: {brief(sizes, 6)}"),)
    bounds = [v.error_bound for v in verdicts if v.error_bound]
    if bounds:
        yield (Words(f"error of each test at most {max(bounds):.0e}"),)


def _fact(topic: Topic, ref: Ref) -> Text:
    where = line_ranges(list(range(ref.first, ref.last + 1)))
    other = "" if ref.topic is topic else f"{ref.topic.shown or ref.topic.title}, "
    return (Link(other + where, ref.topic.stem, f"line-{ref.first}"),)


TESTED = (Evidence.CERTIFIED, Evidence.SAMPLED)


def _phrases(word: str, phrases: list[str], symbols: Symbols) -> Iterator[Text]:
    found = list(dict.fromkeys(hypothesis(p) for p in phrases))
    if found:
        yield (Words(f"{word}: "), *prose.listed([prose.terse(p, symbols) for p in found], "; "))


def family(register: Register, topic: Topic) -> tuple[Block, ...]:
    """Links to the entries before and after."""
    up = register.uses(topic)
    down = tuple(t for t in register.topics if topic in register.uses(t))
    if not up and not down:
        return ()
    drawn = Family(tuple(_kin(register, t) for t in up), topic.title, tuple(_kin(register, t) for t in down))
    return (Heading((Words("Before and after"),)), drawn)


def _kin(register: Register, topic: Topic) -> tuple[Evidence, Text]:
    number = f"{topic.shown} " if topic.shown else ""
    return register.weakest(topic), (Words(number), Link(topic.title, topic.stem))
