"""The front page: what this is, the map of the course, the six signs, and what PROVED means and rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from chainrule.errors import ENGINE
from chainrule.evidence import Evidence, Verdict
from chainrule.project import Part

from .model import Block, Emph, Heading, Legend, Link, Map, MapRow, Mark, Page, Paragraph, Text, Words
from .register import Register, Topic

TITLE = "The mathematics of machine learning, line by line"
LEAD = (
    "Every line in this book is a formula, the reason for it, and the evidence that it holds. A program judged each "
    "one: proved for every dimension, or certified with a stated bound, or refuted with numbers small enough to check "
    "by hand. The last line of a derivation becomes NumPy."
)
TRUSTED = {
    "forms": "lowering: formulas into contractions",
    "kernel": "the checker of certificates and its normal form",
    "laws": "the laws",
}
"""The rooms that a PROVED line has to trust, with what they hold."""


def front(register: Register, title: str, lead: str, appendices: tuple[Page, ...] = ()) -> Page:
    """The page that opens the book."""
    parts = register.project.parts
    blocks: tuple[Block, ...] = (
        Paragraph(_start(register)),
        Heading((Words("The course" if len(parts) > 1 else "In numbers"),), anchor="map"),
        Paragraph(_counts(register), soft=True),
        *((_course(register),) if len(parts) > 1 else ()),
        Heading((Words("The signs"),)),
        Legend(),
        Paragraph((Words(WEAKEST),), soft=True),
        *_inside(register),
        Heading((Words("What PROVED rests on"),)),
        *(Paragraph(text) for text in _trust()),
        *_at_the_end(appendices),
    )
    return Page("index", "", title or TITLE, "", (Words(lead or LEAD),), blocks=blocks)


WEAKEST = (
    "A derivation is as strong as its weakest line, and a line is no stronger than the reason it gives. "
    "An entry stands as its weakest line of mathematics; code and data can only be run, so their lines are sampled. "
    "Nobody types a sign by hand."
)


def _at_the_end(appendices: tuple[Page, ...]) -> Iterator[Block]:
    """Links to the appendices."""
    if appendices:
        yield Heading((Words("At the end"),))
    for page in appendices:
        yield Paragraph((Words(f"{page.number}: "), Link(page.title, page.stem), Words(". "), *page.lead))


def _start(register: Register) -> Text:
    if not register.topics:
        return (Words("There is no chapter yet."),)
    refuted = next((t for t in register.topics if register.weakest(t) is Evidence.REFUTED), None)
    first = register.topics[0]
    look: Text = (Words(", or see "), Link(f"what is refuted in {refuted.title}", refuted.stem)) if refuted else ()
    return (
        Words("Start with "),
        Link(first.title.lower() if first.title[1:].islower() else first.title, first.stem),
        *look,
        Words("."),
    )


def _counts(register: Register) -> Text:
    """n entries in m chapters, and their lines by evidence."""
    verdicts = [v for t in register.topics for v in register.of_topic(t)]
    entries = _plural(len(register.topics), "entry", "entries")
    parts = _plural(len(register.project.parts), "chapter", "chapters")
    how = " Each sign is one entry." if len(register.project.parts) > 1 else ""
    how += " An arc joins a chapter to a later one that uses it." if how and _course(register).arcs else ""
    return (Words(f"{entries} in {parts}; {_plural(len(verdicts), 'line', 'lines')}: {in_words(verdicts)}.{how}"),)


def in_words(verdicts: list[Verdict]) -> str:
    """18 proved, 3 cited, 1 open."""
    counted = Counter(v.evidence for v in verdicts)
    return ", ".join(f"{counted[e]} {e.name.lower()}" for e in sorted(Evidence, reverse=True) if counted[e])


def _plural(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


# --- the maps ----------------------------------------------------------------------------------------
def _course(register: Register) -> Map:
    """One row a chapter, one sign an entry."""
    parts = register.project.parts
    of = {p.number: _topics(register, p) for p in parts}
    rows = tuple(_part_row(register, p, of[p.number]) for p in parts)
    where = {id(t): k for k, p in enumerate(parts) for t in of[p.number]}
    arcs = {(where[id(u)], where[id(t)]) for t in register.topics for u in register.uses(t)}
    return Map("course", rows, tuple(sorted((i, j) for i, j in arcs if i < j)))


def _part_row(register: Register, part: Part, topics: tuple[Topic, ...]) -> MapRow:
    strip = tuple(register.weakest(t) for t in topics)
    proved = f"{sum(e is Evidence.PROVED for e in strip)} of {len(strip)} proved"
    return MapRow(part.number, part.title, "", _ident(part), strip, min(strip, default=Evidence.OPEN), proved)


def _inside(register: Register) -> Iterator[Block]:
    """The same map, one floor down: each row an entry, each sign a line."""
    yield Heading((Words("The entries"),))
    yield Paragraph(
        (Words("One floor down: each row is an entry, each sign a line, or a section of a table."),), soft=True
    )
    for part in register.project.parts:
        topics = _topics(register, part)
        yield Heading((Words(f"{part.number} {part.title}".strip()),), 3)
        where = {id(t): k for k, t in enumerate(topics)}
        arcs = {(where[id(u)], where[id(t)]) for t in topics for u in register.uses(t) if id(u) in where}
        rows = tuple(_entry_row(register, t) for t in topics)
        yield Map(_ident(part), rows, tuple(sorted((i, j) for i, j in arcs if i < j)), entries=True)


def _entry_row(register: Register, topic: Topic) -> MapRow:
    return MapRow(topic.shown, topic.title, topic.stem, "", _strip(register, topic), register.weakest(topic), "")


def _strip(register: Register, topic: Topic) -> tuple[Evidence, ...]:
    """One sign a line; a table has too many of them, and shows its sections."""
    if topic.layout == "table":
        return tuple(register.weakest(replace(topic, chapters=(c,))) for c in topic.chapters if c.entries)
    return tuple(v.evidence for v in register.of_topic(topic))


def _topics(register: Register, part: Part) -> tuple[Topic, ...]:
    return tuple(t for t in register.topics if t.chapters[0] in part.chapters)


def _ident(part: Part) -> str:
    return f"part-{part.number or 'other'}"


# --- what is trusted ---------------------------------------------------------------------------------
def _trust() -> Iterator[Text]:
    yield (
        Mark(Evidence.PROVED),
        Words(" means: a certificate that the line follows from the laws alone, in every dimension, was found by a "),
        Words("search that nobody has to trust, and accepted by a kernel that everybody does. Before any proof was "),
        Words("sought, the line was tried for refutation in exact arithmetic. If a proof and a refutation had ever "),
        Words("disagreed, this book would not have been printed."),
    )
    counted = [(what, count_lines(Path(ENGINE) / room)) for room, what in TRUSTED.items()]
    counted = [(what, n) for what, n in counted if n]
    if counted:
        listed = "; ".join(f"{what}, {n} lines" for what, n in counted)
        yield (Emph("To be trusted: "), Words(f"{listed}; and Python with python-flint for exact numbers."))


def count_lines(room: Path) -> int:
    """Lines of Python in a room that are neither empty nor comments."""
    texts = [f.read_text(encoding="utf-8") for f in sorted(room.rglob("*.py"))] if room.is_dir() else []
    return sum(1 for t in texts for line in t.splitlines() if line.strip() and not line.strip().startswith("#"))
