"""Where everything stands: which page each chapter is on, the number of each line, and its verdict."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from chainrule.errors import Place, Unsupported
from chainrule.evidence import Evidence, Verdict
from chainrule.notation.nodes import Let, Node
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
)
from chainrule.project import Chapter, Entry, Project

Verdicts = Mapping[tuple[str, int], Verdict]


@dataclass(frozen=True, eq=False)
class Topic:
    """An entry of the book: the chapters that share a number, such as a proof and the derivation it serves."""

    number: str
    part: str
    chapters: tuple[Chapter, ...]

    @property
    def stem(self) -> str:
        return self.chapters[0].stem

    @property
    def title(self) -> str:
        return self.chapters[0].title

    @property
    def layout(self) -> str:
        """How the page is set: "" or "table". The chapters of one number agree on it."""
        return self.chapters[0].layout

    @property
    def shown(self) -> str:
        """The number as printed: 13.01–13.04."""
        return self.number.replace("-", "–")

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Items in the order of the page: chains as written, then real data, then code."""
        written = (e for c in self.chapters for e in in_order(c))
        return tuple(sorted(written, key=lambda e: _rank(e.item)))


def in_order(chapter: Chapter) -> tuple[Entry, ...]:
    """The items of a chapter as they stand in its file."""
    return tuple(sorted(chapter.entries, key=lambda e: e.item.place.line))


def _rank(item: Item) -> int:
    match item:
        case Derivation() | Claim() | Integral():
            return 0
        case Example():
            return 1
        case Agreement():
            return 2
        case _:
            raise Unsupported(f"the report has no place for a {type(item).__name__}")


@dataclass(frozen=True)
class Ref:
    """Where an item is printed: its page and its line numbers there."""

    topic: Topic
    entry: Entry
    first: int
    last: int


@dataclass(frozen=True)
class Register:
    """The project's topics in book order, with line numbers and verdicts."""

    project: Project
    verdicts: Verdicts
    topics: tuple[Topic, ...]
    refs: Mapping[Place, Ref] = field(default_factory=dict)

    def verdict(self, entry: Entry, line: int) -> Verdict:
        """What is known of a line; a line that nobody judged is OPEN, and says so."""
        found = self.verdicts.get((entry.full, line))
        return found or Verdict(Evidence.OPEN, entry.full, line, entry.item.place, why="not judged")

    def of_entry(self, entry: Entry) -> tuple[Verdict, ...]:
        """The verdicts of all lines of an item, in order."""
        return tuple(self.verdict(entry, k) for k in lines_of(entry.item))

    def of_topic(self, topic: Topic) -> tuple[Verdict, ...]:
        """The verdicts of a page, line by line."""
        return tuple(v for e in topic.entries for v in self.of_entry(e))

    def weakest(self, topic: Topic) -> Evidence:
        """A topic stands as its weakest line of mathematics. Code and data can only be run: they lower it to REFUTED
        where they fail, and are told apart from proofs otherwise."""
        every = [(_rank(e.item), v.evidence) for e in topic.entries for v in self.of_entry(e)]
        if any(found is Evidence.REFUTED for _, found in every):
            return Evidence.REFUTED
        lines = [found for rank, found in every if rank == 0] or [found for _, found in every]
        return min(lines, default=Evidence.OPEN)

    def ref(self, fact: Fact) -> Ref | None:
        """Where a fact is shown; None for an assumption."""
        return None if isinstance(fact, Assumption) else self.refs.get(fact.place)

    def uses(self, topic: Topic) -> tuple[Topic, ...]:
        """The other topics that this one leans on: its reasons' facts and its chapters' imports."""
        return self._arrows[topic.stem, topic.number]

    @cached_property
    def _arrows(self) -> dict[tuple[str, str], tuple[Topic, ...]]:
        return {(t.stem, t.number): tuple(self._used_by(t)) for t in self.topics}

    def _used_by(self, topic: Topic) -> Iterator[Topic]:
        names = {name for c in topic.chapters for name in imported(c)}
        places = {f.place for e in topic.entries for r in reasons_of(e.item) for f in r.facts}
        leaned_on = {r.topic.number + r.topic.stem for p in places if (r := self.refs.get(p)) is not None}
        for other in self.topics:
            if other is not topic and (
                any(c.name in names for c in other.chapters) or other.number + other.stem in leaned_on
            ):
                yield other


def register(project: Project, verdicts: Verdicts) -> Register:
    """Number the lines of every topic."""
    topics = tuple(t for part in project.parts for t in _topics(part.chapters, part.title))
    refs: dict[Place, Ref] = {}
    for topic in topics:
        number = 0
        for entry in topic.entries:
            count = len(lines_of(entry.item))
            refs[entry.item.place] = Ref(topic, entry, number + 1, number + count)
            number += count
    return Register(project, verdicts, topics, refs)


def _topics(chapters: tuple[Chapter, ...], part: str) -> Iterator[Topic]:
    for number, group in groupby(chapters, key=lambda c: c.number or c.name):
        found = tuple(group)
        yield Topic(number if found[0].number else "", part, found)


def lines_of(item: Item) -> tuple[int, ...]:
    """The line numbers under which an item's verdicts are kept: 1, 2, ... for a derivation, 0 for the others."""
    return tuple(range(1, len(item.lines) + 1)) if isinstance(item, Derivation) else (0,)


def reasons_of(item: Item) -> tuple[Reason, ...]:
    """Every reason that an item gives."""
    match item:
        case Derivation():
            return tuple(line.reason for line in item.lines)
        case Claim():
            return (item.reason,)
        case Agreement() | Example() | Integral():
            return ()
        case _:
            raise Unsupported(f"the report cannot read the reasons of a {type(item).__name__}")


def assumed(item: Item) -> tuple[Assumption, ...]:
    """The assumptions under which an item stands, cited theorems among them."""
    given = item.derivation.given if isinstance(item, Example) else item.given
    facts = tuple(f for r in reasons_of(item) for f in r.facts if isinstance(f, Assumption))
    return tuple(dict.fromkeys((*given, *facts)))


def names_in(nodes: tuple[Node, ...]) -> set[Let]:
    """All let-names in formulas, those inside other names included."""
    return {let for node in nodes for let in node.atoms(Let)}


def imported(chapter: Chapter) -> set[str]:
    """The modules that a chapter's file imports, by full name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(chapter.path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                found |= {n.name for n in names}
            case ast.ImportFrom(module=str(module), names=names):
                found |= {module, *(f"{module}.{n.name}" for n in names)}
    return found
