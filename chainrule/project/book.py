"""The book: which parts there are, in which order the chapters stand in them, and their catalogue numbers.

    [[part]]
    number = 10
    title = "Linear models"
    entries = [{ number = "10.01", stem = "least_squares" }, { number = "10.02", stem = "ridge" }]

A stem means every chapter of that name, on whichever shelf. Chapters that no part names stand last, under Unplaced.
An entry that says layout = "table" is printed with one row an item. Entries of one number are one page, so that all of
them say it or none.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from chainrule.errors import Place
from chainrule.settings import Settings, SettingsError

from .chapter import Chapter
from .explain import ChapterError

UNPLACED = "Unplaced"
LAYOUTS = ("", "table")
"""How a page may be set: line by line, which is not said, or as a table."""


@dataclass(frozen=True)
class Part:
    """A part of the book and its chapters, in order. `number` is empty for the chapters that no part names."""

    number: str
    title: str
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True)
class Listed:
    """An entry as the book names it."""

    number: str
    stem: str
    layout: str


Placed = tuple[tuple[Chapter, ...], tuple[Part, ...], tuple[ChapterError, ...]]


def read_book(settings: Settings, chapters: Sequence[Chapter], lost: Collection[str], *, whole: bool) -> Placed:
    """Chapters in book order with their numbers, the parts, and entries of the book that no chapter answers.

    `lost` are chapters that could not be read: the book may name them. Only where `whole` holds were all looked for.
    """
    file = settings.root / settings.book
    by_stem: dict[str, list[Chapter]] = {}
    for chapter in chapters:
        by_stem.setdefault(chapter.stem, []).append(chapter)
    missing_is_known = {name.rpartition(".")[2] for name in lost}
    parts, errors = [], []
    for table in _tables(file):
        placed: list[Chapter] = []
        for entry in table[2]:
            found = by_stem.pop(entry.stem, [])
            placed += [replace(chapter, number=entry.number, layout=entry.layout) for chapter in found]
            if whole and not found and entry.stem not in missing_is_known:
                errors.append(_nobody(settings, file, entry.number, entry.stem))
        parts += [Part(table[0], table[1], tuple(placed))] if placed else []
    rest = tuple(chapter for left in by_stem.values() for chapter in left)
    parts += [Part("", UNPLACED, rest)] if rest else []
    return tuple(c for part in parts for c in part.chapters), tuple(parts), tuple(errors)


def _nobody(settings: Settings, file: Path, number: str, stem: str) -> ChapterError:
    shelves = ", ".join(f"{shelf}/" for shelf in settings.shelves)
    text = f"{number} names the chapter {stem}, and there is no {stem}.py on {shelves}"
    return ChapterError(settings.book, _line_of(file, f'"{stem}"'), "SettingsError", text)


def _tables(file: Path) -> list[tuple[str, str, list[Listed]]]:
    if not file.is_file():
        return []
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8")).get("part", [])
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"this file is no TOML: {error}", Place(str(file), 1)) from None
    return [_table(file, table) for table in tables]


def _table(file: Path, table: dict[str, Any]) -> tuple[str, str, list[Listed]]:
    try:
        entries = [Listed(str(e["number"]), str(e["stem"]), str(e.get("layout", ""))) for e in table["entries"]]
        _check_layouts(file, entries)
        return str(table["number"]), str(table["title"]), entries
    except (KeyError, TypeError):
        raise SettingsError(
            'a [[part]] needs number, title and entries = [{ number = "10.01", stem = "least_squares" }, ...]',
            _line_of(file, str(table.get("title", "[[part]]")) if isinstance(table, dict) else "part"),
        ) from None


def _check_layouts(file: Path, entries: Sequence[Listed]) -> None:
    said: dict[str, str] = {}
    for e in entries:
        where = _line_of(file, f'"{e.stem}"')
        if e.layout not in LAYOUTS:
            raise SettingsError(f'{e.stem} has layout = "{e.layout}"; there is "table", or leave it out', where)
        if said.setdefault(e.number, e.layout) != e.layout:
            raise SettingsError(
                f"{e.number} is one page of several chapters: give all of them the layout or none", where
            )


def _line_of(file: Path, word: str) -> Place:
    lines = file.read_text(encoding="utf-8").splitlines()
    return Place(str(file), next((n for n, line in enumerate(lines, 1) if word in line), 1))
