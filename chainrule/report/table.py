"""Chapters printed as one table: a section a chapter, a row an item.

A row has the item's heading, its lines with their evidence, what it asks, and its note. Each section says first what
its symbols are: chapters of one page may use a letter for different things.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from chainrule.notation.statements import Agreement, Derivation, Example
from chainrule.project import Entry

from . import formulas, prose
from .lines import Symbols, chain, remarks
from .model import Block, Chain, Emph, Heading, Identities, Identity, Math, Paragraph, Row, Text, Words
from .register import Register, Topic, assumed, in_order, lines_of
from .statement import Meanings, introduced, meant_here, names_again, names_of, vocabulary
from .world import worlds

CORRECTION = "Correction."
"""A paragraph of a note that begins with this word is set with it in italics."""


def sections(register: Register, topic: Topic) -> Iterator[Block]:
    """The tables of a page, one a chapter. The page has the title and the prose of the first one."""
    for chapter in topic.chapters:
        alone = replace(topic, chapters=(chapter,))
        symbols = vocabulary(alone)
        if chapter is not topic.chapters[0]:
            yield Heading((Words(chapter.title),))
            said = (" ".join((chapter.lead, *chapter.prose[:1])), *chapter.prose[1:])
            yield from (Paragraph(prose.read(text, symbols)) for text in said if text)
        rows = [e for e in in_order(chapter) if lines_of(e.item) and not isinstance(e.item, (Agreement, Example))]
        if rows:
            yield from _symbols(alone)
            here: Meanings = {}
            yield Identities(
                chapter.title, tuple(_row(register, topic, e, symbols, meant_here(alone, e, here)) for e in rows)
            )
        for entry in rows:
            yield from worlds(register, topic, entry, symbols)


def _symbols(alone: Topic) -> Iterator[Block]:
    """Let X ... Write A = ..."""
    again = names_again(alone)
    written = [(formulas.definition(name),) for name in names_of(alone) if name not in again]
    names: Text = (Words(" Write "), *prose.listed(written), Words(".")) if written else ()
    yield Paragraph((*introduced(alone), *names), soft=True)


def _row(register: Register, topic: Topic, entry: Entry, symbols: Symbols, meant: Text) -> Identity:
    drawn = chain(register, topic, entry, symbols)
    lines = (_starting(entry, drawn), *drawn.rows[1:])
    return Identity(
        prose.read(entry.heading, {}), lines, (*([meant] if meant else []), *_notes(register, entry, symbols))
    )


def _starting(entry: Entry, drawn: Chain) -> Row:
    """The first line of an item, with the formula that it starts from."""
    row = drawn.rows[0]
    if not (isinstance(entry.item, Derivation) and isinstance(drawn.first, Math) and isinstance(row.formula, Math)):
        return row
    whole = formulas.related(drawn.first, entry.item.lines[0].relation, row.formula)
    return replace(row, relation=None, formula=whole)


def _notes(register: Register, entry: Entry, symbols: Symbols) -> Iterator[Text]:
    """What is assumed, what a line below PROVED lacks, and the note as written."""
    asked = [formulas.said(a.statement) for a in assumed(entry.item) if not a.theorem]
    if asked:
        yield (Words("If "), *prose.listed(asked), Words("."))
    for verdict in register.of_entry(entry):
        if lacking := remarks(verdict, symbols):
            yield tuple(span for k, said in enumerate(lacking) for span in ((Words("; "),) if k else ()) + said)
    for paragraph in entry.note.split("\n\n") if entry.note else ():
        corrects = paragraph.startswith(CORRECTION)
        word: Text = (Emph(CORRECTION),) if corrects else ()
        yield (*word, *prose.read(paragraph.removeprefix(CORRECTION) if corrects else paragraph, symbols))
