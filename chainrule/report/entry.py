"""One entry of the book, from its number and title to what stands before and after it."""

from __future__ import annotations

from collections.abc import Iterator

from chainrule.evidence import Evidence
from chainrule.notation.statements import Agreement, Example
from chainrule.project import Chapter, Entry

from . import prose
from .figures import Drawn
from .lines import Symbols, chain
from .listings import agreement, code
from .mend import in_short
from .model import Block, Figure, Heading, Page, Paragraph, Table, Text, Words
from .register import Register, Topic, in_order
from .rests import family, in_words, rests_on
from .statement import Meanings, meant_here, statement, vocabulary
from .table import sections
from .world import worlds


def page(register: Register, topic: Topic, drawn: Drawn | None) -> Page:
    """The page of a topic."""
    symbols = vocabulary(topic)
    evidence = register.weakest(topic)
    blocks = (
        *_prose(topic, symbols),
        *(sections(register, topic) if topic.layout == "table" else _written(register, topic, symbols)),
        *_figure(drawn, symbols),
        *_data(register, topic, symbols),
        *_code(register, topic, symbols),
        *rests_on(register, topic, symbols),
        *family(register, topic),
    )
    return Page(
        stem=topic.stem,
        number=topic.shown,
        title=topic.title,
        head=_head(register, topic),
        lead=_lead(register, topic, symbols),
        source=_source(topic),
        verdict=in_words(register, topic),
        blocks=blocks,
        evidence=evidence,
    )


def _head(register: Register, topic: Topic) -> str:
    part = next(p for p in register.project.parts if topic.chapters[0] in p.chapters)
    return f"Chapter {part.number}, {part.title}" if part.number else topic.chapters[0].path.name


def _lead(register: Register, topic: Topic, symbols: Symbols) -> Text:
    """The chapter's first sentence; where a line is refuted, that comes first."""
    false = [(n, v) for n, v in enumerate(register.of_topic(topic), 1) if v.evidence is Evidence.REFUTED]
    chapter = topic.chapters[0]
    lead = prose.read(" ".join((chapter.lead, *chapter.prose[: _joined(chapter)])), symbols)
    if not false:
        return lead
    number, verdict = false[0]
    item = next(e.item for e in topic.entries if e.full == verdict.item)
    return (Words(f"Line {number} is false. "), *in_short(item, verdict.line), *lead)


SHORT = 300
"""The first paragraph is all set as the lead, unless it is longer than this."""


def _joined(chapter: Chapter) -> int:
    """How many paragraphs of the prose join the lead."""
    return int(bool(chapter.prose) and len(chapter.lead) + len(chapter.prose[0]) <= SHORT)


def _source(topic: Topic) -> Text:
    sources = [prose.read(s, {}) for s in dict.fromkeys(s for c in topic.chapters for s in c.sources)]
    return prose.listed(sources, " ") if sources else ()


def _prose(topic: Topic, symbols: Symbols) -> Iterator[Block]:
    chapter = topic.chapters[0]
    for text in chapter.prose[_joined(chapter) :]:
        yield Paragraph(prose.read(text, symbols))


def _written(register: Register, topic: Topic, symbols: Symbols) -> Iterator[Block]:
    yield statement(register, topic)
    yield from _chains(register, topic, symbols)


def _chains(register: Register, topic: Topic, symbols: Symbols) -> Iterator[Block]:
    """Derivations and claims. A chapter after the first says its own lead before its first chain."""
    here: Meanings = {}
    for chapter in topic.chapters:
        if chapter is not topic.chapters[0] and chapter.lead:
            yield Heading((Words(chapter.title),))
            yield Paragraph(prose.read(" ".join((chapter.lead, *chapter.prose)), symbols))
        for entry in in_order(chapter):
            if not isinstance(entry.item, (Agreement, Example)):
                yield from _item(register, topic, entry, symbols, here)


def _item(register: Register, topic: Topic, entry: Entry, symbols: Symbols, here: Meanings) -> Iterator[Block]:
    """One item; `here` are the names of several meanings by the one that they have at this place."""
    yield Heading(prose.read(entry.heading, symbols))
    if entry.note:
        yield Paragraph(prose.read(entry.note, symbols))
    if meant := meant_here(topic, entry, here):
        yield Paragraph(meant, soft=True)
    yield chain(register, topic, entry, symbols)
    yield from worlds(register, topic, entry, symbols)


def _figure(drawn: Drawn | None, symbols: Symbols) -> Iterator[Block]:
    if drawn is not None:
        yield Figure(drawn.stem, drawn.alt, prose.read(drawn.caption, symbols))
        if drawn.table is not None:
            caption, heads, rows = drawn.table
            cells = tuple(tuple((Words(cell),) for cell in row) for row in rows)
            yield Table(prose.read(caption, symbols), heads, cells)


def _data(register: Register, topic: Topic, symbols: Symbols) -> Iterator[Block]:
    found = [e for e in topic.entries if isinstance(e.item, Example)]
    for k, entry in enumerate(found):
        if k == 0:
            yield Heading((Words("On real data"),))
        if entry.note:
            yield Paragraph(prose.read(entry.note, symbols))
        yield chain(register, topic, entry, symbols)
        yield from worlds(register, topic, entry, symbols)


def _code(register: Register, topic: Topic, symbols: Symbols) -> Iterator[Block]:
    found = tuple(e for e in topic.entries if isinstance(e.item, Agreement))
    for k, entry in enumerate(found):
        if k == 0:
            yield Heading((Words("Code"),))
        if entry.note:
            yield Paragraph(prose.read(entry.note, symbols))
        yield chain(register, topic, entry, symbols)
        yield from code(register, entry, [e.item.formula for e in found[:k] if isinstance(e.item, Agreement)])
        yield from worlds(register, topic, entry, symbols)
    yield from agreement(register, found)
