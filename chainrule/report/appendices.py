"""The appendices that a book names, after the laws.

    [[appendix]]
    formulas = "formulas.toml"     typed formulas with their derivatives, computed when the book is made

    [[appendix]]
    speed = "speed.json"           measurements, printed as the file has them

    [[appendix]]
    survey = "models.toml"         items of many chapters, a row a thing and a column a quantity

Files are looked for beside book.toml.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from chainrule.errors import Place
from chainrule.project import Project
from chainrule.settings import SettingsError

from . import speed, survey, typed_formulas
from .model import Page
from .register import Register

Writer = Callable[[Register, Path, str, str], Page]
KINDS: dict[str, Writer] = {
    "formulas": lambda _, *where: typed_formulas.page(*where),
    "speed": lambda _, *where: speed.page(*where),
    "survey": survey.page,
}


def appendices(register: Register) -> tuple[Page, ...]:
    """Their pages, numbered from B: A is the laws. Errors: SettingsError for a kind or a file that is not there."""
    return tuple(_page(register, book, k, table) for k, (book, table) in enumerate(_tables(register.project)))


def _tables(project: Project) -> Iterator[tuple[Path, dict[str, Any]]]:
    book = project.root / project.settings.book
    if book.is_file():
        yield from ((book, t) for t in tomllib.loads(book.read_text(encoding="utf-8")).get("appendix", []))


def _page(register: Register, book: Path, k: int, table: dict[str, Any]) -> Page:
    known = [kind for kind in KINDS if kind in table]
    if len(table) != 1 or not known:
        kinds = " or ".join(f'{kind} = "..."' for kind in KINDS)
        raise SettingsError(f"an [[appendix]] has one line, {kinds}; this one has {table!r}", _place(book, table))
    file = book.parent / str(table[known[0]])
    if not file.is_file():
        raise SettingsError(
            f"the appendix {known[0]} is read from {file.name}, which is not there", _place(book, table)
        )
    return KINDS[known[0]](register, file, f"appendix-{file.stem}", f"Appendix {chr(ord('B') + k)}")


def _place(book: Path, table: dict[str, Any]) -> Place:
    """The line of book.toml that says it."""
    words = [*(str(v) for v in table.values()), "[[appendix]]"]
    lines = book.read_text(encoding="utf-8").splitlines()
    return Place(str(book), next((n for w in words for n, line in enumerate(lines, 1) if w in line), 1))
