"""chainrule show NAME: one item as it stands, line by line, and what that rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path

from chainrule.errors import ChainruleError, EngineBug
from chainrule.evidence import Evidence, Verdict
from chainrule.project import Chapter, ChapterError, Entry, Project, load, load_for

from .blocks import badge, failure, statement, trouble, wrapped
from .console import console, say, stopped
from .judging import judge_entry
from .verify import contradiction
from .world import WIDTH


def run(name: str) -> int:
    """The exit status: 0 if the item was found and nothing of it is refuted."""
    try:
        project = load_for(Path.cwd(), name)
        found = [(c, e) for c, e in project.entries if _named(name, c, e)]
        return _shown(project, found) if found else _unknown(load(Path.cwd()), name)
    except EngineBug as error:
        return contradiction(error)
    except ChainruleError as error:
        return stopped(error)


def _named(name: str, chapter: Chapter, entry: Entry) -> bool:
    return name in (entry.full, f"{chapter.stem}.{entry.name}", entry.name, chapter.name, chapter.stem)


def _unknown(project: Project, name: str) -> int:
    """No item of this name: what is near it, and what could not be read."""
    out = console()
    for error in project.errors:
        say(out, [*trouble(error, project.settings), ""])
    names = {n for c, e in project.entries for n in (e.name, f"{c.stem}.{e.name}", c.stem)}
    near = get_close_matches(name, sorted(names), 4)
    hint = f"near it: {', '.join(near)}" if near else f"the chapters are: {', '.join(c.stem for c in project.chapters)}"
    say(out, [f"  There is no item {name!r} here; {hint}"])
    return 1


def _shown(project: Project, found: Sequence[tuple[Chapter, Entry]]) -> int:
    out = console()
    status = 0
    for chapter, entry in found:
        answer = judge_entry(project.settings, chapter, entry)
        rows = _answer(project, chapter, entry, answer)
        refuted = not isinstance(answer, ChapterError) and any(v.evidence is Evidence.REFUTED for v in answer)
        status = 1 if refuted or isinstance(answer, ChapterError) else status
        say(out, ["", *rows])
    return status


def _answer(project: Project, chapter: Chapter, entry: Entry, answer: list[Verdict] | ChapterError) -> list[str]:
    settings = project.settings
    if isinstance(answer, ChapterError):
        return trouble(answer, settings)
    head = f"{chapter.number}  {chapter.title}: {entry.heading}".strip()
    place = f"{settings.relative(entry.item.place.file)}:{entry.item.place.line}"
    rows = [f"{head}   {place}", ""]
    for verdict in answer:
        if verdict.evidence is Evidence.REFUTED:
            return [*rows, *failure(entry, verdict, answer, chapter.facts, settings)]
    return [*rows, *statement(entry, answer, chapter.facts), "", *resting(answer)]


def resting(verdicts: Sequence[Verdict]) -> list[str]:
    """The verdict of the whole, and what it rests on: laws, hypotheses, sizes, and what was not discharged."""
    if not verdicts:
        return []
    lowest = min(verdicts, key=lambda v: v.evidence)
    rows = [f"   {badge(lowest.evidence)}  {lowest.evidence.means}"]
    for head, words in (
        ("rests on", _union(v.rests_on for v in verdicts)),
        ("given", _union(v.hypotheses for v in verdicts)),
        ("owing", _union(v.obligations for v in verdicts)),
        ("sizes", _union(v.sizes for v in verdicts)),
        ("why", [lowest.why] if lowest.why else []),
    ):
        between = "; " if head in ("sizes", "given", "owing") else ", "
        pieces = wrapped(between.join(words), WIDTH - 14) if words else []
        rows += [f"   {head if k == 0 else '':<10} {piece}" for k, piece in enumerate(pieces)]
    bounds = [v.error_bound for v in verdicts if v.error_bound is not None]
    return rows + ([f"   {'error':<10} at most {sum(bounds):.1e}"] if bounds else [])


def _union(lists: Iterable[Sequence[str]]) -> list[str]:
    """Each word once, in order of appearance."""
    return list(dict.fromkeys(word for words in lists for word in words))
