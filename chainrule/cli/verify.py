"""chainrule verify: every line judged, a table by topic and evidence, and what changed since the last commit."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from chainrule.errors import ChainruleError, EngineBug
from chainrule.evidence import Evidence
from chainrule.project import Chapter, ChapterError, Project, load
from chainrule.verdicts import (
    Changes,
    as_json,
    chapter_of,
    compare,
    place_json,
    read,
    standing,
    updated,
    write,
    write_json,
)

from .console import COLOURS, console, say, stopped
from .judging import Judged, judge_all
from .summary import closing, kinds, summary, troubles


def run(paths: Sequence[Path], json_file: Path | None, update: bool, jobs: int) -> int:
    """The exit status: 0 if nothing is refuted, lowered or unreadable."""
    out = console()
    try:
        project = load(Path.cwd(), paths)
        judged = with_progress(out, project, jobs)
        changes = committed(project, judged, update)
    except EngineBug as error:
        return contradiction(error)
    except ChainruleError as error:
        return stopped(error)
    summary(out, project, judged, changes)
    if json_file is not None:
        write_json(json_file, report(project, judged, changes))
        say(out, [f"  verdicts  {json_file}"])
    return closing(out, project, judged, changes)


def contradiction(error: EngineBug) -> int:
    """A proof and a refutation of one line: the run has stopped, and says so with both. The exit status is 3."""
    stopped(error)
    return 3


def with_progress(out: Console, project: Project, jobs: int) -> Judged:
    """Judge everything; a bar shows how far it is."""
    style = COLOURS[Evidence.PROVED]
    bar = BarColumn(44, complete_style=style, finished_style=style)
    columns = (TextColumn(" "), bar, TextColumn("{task.completed} of {task.total} entries"))
    with Progress(*columns, console=out) as progress:
        entries = list(project.entries)
        task = progress.add_task("", total=len(entries))
        found = judge_all(project, jobs, lambda entry: progress.advance(task))
    out.print()
    return found


def committed(project: Project, judged: Judged, update: bool) -> Changes:
    """What changed since the committed verdicts; with `update`, they are written anew."""
    file = project.root / project.settings.verdicts
    old = read(file) if project.settings.declared else {}
    new = standing(judged.all)
    known = {c.name for c in project.chapters}
    unread = {e.chapter for e in project.errors} - known
    wholly = known | ({chapter_of(item) for item, _ in old} - unread if project.whole else set())
    lost = {f"{e.chapter}.{e.item}" for e in (*project.errors, *judged.errors) if e.item}
    if update and project.settings.declared:
        write(file, updated(old, new, wholly, lost))
    return compare(old, new, wholly, lost)


# --- what is written ---------------------------------------------------------------------------------
def report(project: Project, judged: Judged, changes: Changes) -> dict[str, object]:
    """Every verdict as plain data, with what could not be judged and what changed."""
    settings = project.settings
    return {
        "schema": 1,
        "chainrule": _version(),
        "chapters": [_chapter_json(c, project) for c in project.chapters],
        "verdicts": [as_json(v, settings) for v in judged.all],
        "errors": [_error_json(e, project) for e in troubles(project, judged)],
        "changes": {word: [str(c) for c in which] for word, which in kinds(changes)},
    }


def _version() -> str:
    try:
        return version("chainrule")
    except PackageNotFoundError:
        return "not installed"


def _chapter_json(chapter: Chapter, project: Project) -> dict[str, object]:
    entries = [{"name": e.name, "kind": e.kind, **place_json(e.item.place, project.settings)} for e in chapter.entries]
    file = project.settings.relative(chapter.path)
    return {"name": chapter.name, "number": chapter.number, "title": chapter.title, "file": file, "entries": entries}


def _error_json(error: ChapterError, project: Project) -> dict[str, object]:
    where = place_json(error.place, project.settings)
    return {"chapter": error.chapter, "item": error.item, "kind": error.kind, "text": error.text, **where}
