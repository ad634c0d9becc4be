"""From a project and its verdicts to the book: the one place where pages are put together."""

from __future__ import annotations

import tomllib
from pathlib import Path

from chainrule.project import Project

from .appendices import appendices
from .entry import page
from .figures import Drawn, draw
from .front import TITLE, front
from .laws import appendix
from .model import Book, Part
from .register import Verdicts, register


def book(project: Project, verdicts: Verdicts, figures: Path) -> Book:
    """All pages. Figures of the topics are drawn into the folder `figures`."""
    found = register(project, verdicts)
    drawn = {t.stem: _figure(project, [c.stem for c in t.chapters], figures) for t in found.topics}
    pages = {t: page(found, t, drawn[t.stem]) for t in found.topics}
    parts = tuple(
        Part(p.number, p.title, tuple(pages[t] for t in found.topics if t.chapters[0] in p.chapters))
        for p in project.parts
    )
    title, lead = _words(project)
    laws, more = appendix(found), appendices(found)
    return Book(title or TITLE, front(found, title, lead, (laws, *more)), parts, laws, more)


def _figure(project: Project, stems: list[str], folder: Path) -> Drawn | None:
    """The drawing of the first chapter that has one beside the book: figures/<stem>.py."""
    home = (project.root / project.settings.book).parent / "figures"
    source = next((home / f"{s}.py" for s in dict.fromkeys(stems) if (home / f"{s}.py").is_file()), None)
    return draw(source, folder) if source else None


def _words(project: Project) -> tuple[str, str]:
    """Title and lead of the book, from book.toml."""
    file = project.root / project.settings.book
    table = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return str(table.get("title", "")), str(table.get("lead", ""))
