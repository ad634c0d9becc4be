"""What a run prints: what failed, a table by topic and evidence, the weakest entry, and what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from chainrule.evidence import Evidence
from chainrule.notation.statements import Claim, Derivation, Integral
from chainrule.project import Chapter, ChapterError, Entry, Project
from chainrule.verdicts import Change, Changes

from .blocks import badge, failure, trouble
from .console import COLOURS, SOFT, say
from .judging import Judged

TOPICS = 24  # with more chapters than this, the table has a row for each part of the book
LADDER = tuple(reversed(Evidence))


def troubles(project: Project, judged: Judged) -> tuple[ChapterError, ...]:
    """Everything that could not be read or judged."""
    return (*project.errors, *judged.errors)


def summary(out: Console, project: Project, judged: Judged, changes: Changes) -> None:
    """Errors and refuted lines in full, then the table, then the weakest entry and what changed."""
    for error in troubles(project, judged):
        say(out, [*trouble(error, project.settings), ""])
    failing(out, project, judged, changes)
    if judged.verdicts:
        out.print(table(project, judged))
        out.print()
    say(out, [*weakest(project, judged), *changed(project, changes)])


def failing(out: Console, project: Project, judged: Judged, changes: Changes) -> None:
    """Each line that is refuted, lowered or open anew, with its neighbours and its world."""
    lowered = {(c.item, c.line): c.was.name for c in changes.lowered if c.was is not None}
    opened = {(c.item, c.line) for c in changes.opened}
    for chapter, entry in project.entries:
        verdicts = judged.verdicts.get(entry.full, [])
        for verdict in verdicts:
            key = (verdict.item, verdict.line)
            was = lowered.get(key, "")
            if verdict.evidence is Evidence.REFUTED or was or key in opened:
                say(out, [*failure(entry, verdict, verdicts, chapter.facts, project.settings, was), ""])


def table(project: Project, judged: Judged) -> Table:
    """How many items of each topic stand at each evidence; an item stands as its weakest line. Code and data are
    counted
    apart: that a function computes a formula is shown on inputs, so it never stands above SAMPLED."""
    grid = Table(box=None, padding=(0, 1, 0, 0), header_style=SOFT, pad_edge=False)
    grid.add_column("  chapter", no_wrap=True)
    for evidence in LADDER:
        head = f"[{COLOURS[evidence]}]{evidence.sign}[/] {evidence.name.lower()}"
        grid.add_column(head, justify="right", no_wrap=True)
    grid.add_column("code", justify="right", no_wrap=True)
    grid.add_column("all", justify="right", style=SOFT)
    for name, chapters in _rows(project):
        _count(grid, f"  {name}", judged, chapters)
    grid.add_row()
    _count(grid, "  everything", judged, project.chapters)
    return grid


def _rows(project: Project) -> Iterable[tuple[str, Sequence[Chapter]]]:
    """Topics, or parts where there are many topics."""
    if len(project.chapters) > TOPICS and len(project.parts) > 1:
        return [(f"{part.number:>2}  {part.title}", part.chapters) for part in project.parts]
    wide = max((len(c.number) for c in project.chapters), default=0)
    gap = "  " if wide else ""
    return [(f"{c.number:>{wide}}{gap}{c.title}", [c]) for c in project.chapters]


def _count(grid: Table, name: str, judged: Judged, chapters: Iterable[Chapter]) -> None:
    entries = [e for chapter in chapters for e in chapter.entries if _stands(judged, e) is not None]
    good = [e for e in entries if not mathematics(e) and _stands(judged, e) is not Evidence.REFUTED]
    stands = Counter(_stands(judged, e) for e in entries if e not in good)
    cells = [f"[{COLOURS[e]}]{stands[e]}[/]" if stands[e] else f"[{SOFT}]·[/]" for e in LADDER]
    grid.add_row(name, *cells, str(len(good)) if good else f"[{SOFT}]·[/]", str(len(entries)))


def mathematics(entry: Entry) -> bool:
    """A derivation, a claim or an integral, as against code and data."""
    return isinstance(entry.item, Derivation | Claim | Integral)


def _stands(judged: Judged, entry: Entry) -> Evidence | None:
    return min((v.evidence for v in judged.verdicts.get(entry.full, ())), default=None)


def weakest(project: Project, judged: Judged) -> list[str]:
    """The entry that stands lowest, and where its weakest line is written."""
    known = [(v.evidence, c, e, v) for c, e in project.entries for v in judged.verdicts.get(e.full, ())]
    order = [row for row in known if mathematics(row[2])] or known
    if not order:
        return []
    evidence, chapter, entry, verdict = min(order, key=lambda found: found[0])
    place = verdict.place or entry.item.place
    where = f"{project.settings.relative(place.file)}:{place.line}"
    number = f"{chapter.number}  " if chapter.number else ""
    return [f"  weakest   {badge(evidence)} {number}{chapter.title}: {entry.name}   {where}"]


def changed(project: Project, changes: Changes) -> list[str]:
    """What is lower, higher, new and gone since the committed verdicts."""
    file = project.settings.verdicts
    if not project.settings.declared or not (project.root / file).is_file():
        return []
    told = [f"{len(which)} {word}" for word, which in kinds(changes) if which]
    rows = [f"  changed   {', '.join(told) or 'nothing'} since {file}" + ("" if changes.lowered else "; none lowered")]
    return rows + [f"            {word}  {change}" for word, which in kinds(changes) for change in which]


def kinds(changes: Changes) -> tuple[tuple[str, tuple[Change, ...]], ...]:
    """The kinds of change by name."""
    return (("lowered", changes.lowered), ("raised", changes.raised), ("new", changes.new), ("gone", changes.gone))


def closing(out: Console, project: Project, judged: Judged, changes: Changes) -> int:
    """The last line, and the exit status."""
    refuted = sum(v.evidence is Evidence.REFUTED for v in judged.all)
    errors = len(troubles(project, judged))
    bad = [f"{refuted} {_lines(refuted)} refuted" if refuted else "none refuted"]
    bad += [f"{len(changes.lowered)} lowered"] if changes.lowered else []
    bad += [f"nothing shown for {len(changes.opened)} {_lines(len(changes.opened))}"] if changes.opened else []
    bad += [f"{errors} that could not be judged"] if errors else []
    count = len(judged.verdicts)
    nothing = not count and not errors
    if nothing:
        say(out, ["", f"  There is nothing to judge in {project.root}: no chapter on {_shelves(project)} has an item."])
    else:
        out.print(f"\n  [bold]{count} {'entry' if count == 1 else 'entries'}, {', '.join(bad)}.[/]")
    return 1 if refuted or errors or changes.lowered or changes.opened or nothing else 0


def _lines(n: int) -> str:
    return "line" if n == 1 else "lines"


def _shelves(project: Project) -> str:
    return ", ".join(f"{s}/" for s in project.settings.shelves) or "any shelf"
