"""An appendix that surveys items of many chapters: a row a thing, a column a quantity, in each cell how it stands.

    title = "Models"
    lead = "What is shown of each model."

    [[column]]
    name = "score"
    items = ["[*gradient]"]            what follows the row's name in the names of its items

    [[row]]
    name = "Normal"
    item = "maximum_likelihood.normal"      chapter and the beginning of the items' names
    words = { "compared with" = "scipy.stats.norm.fit" }

A cell holds the weakest evidence of all its items, and leads to the first; code that agrees says so. A `*` stands for
anything. A row may name a column's items itself: `items = { code = ["mixture.full_means"] }`.

    measured = "layers_measured.json"       a machine, a date, and words for cells, by row and by what was measured

    [[column]]
    name = "generated code"
    generated = "code by hand"      how the code generated for the items of that column stands
    [[column]]
    name = "speed"
    measured = "speed"              what the file of measurements says
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from chainrule.errors import Place
from chainrule.evidence import Evidence
from chainrule.notation.statements import Agreement
from chainrule.project import Entry
from chainrule.settings import SettingsError

from .model import Block, Link, Mark, Page, Paragraph, Strong, Table, Text, Words
from .register import Register

NOTHING: Text = (Words("–"),)
AGREES = "agrees"
GENERATED = {
    AGREES: "agree",
    "unstable": "the same, with digits lost",
    "disagrees": "another function",
    "none": "not generated",
}
"""What a comparison of generated code found, in words."""


def page(register: Register, file: Path, stem: str, number: str) -> Page:
    """The page of a survey. Errors: SettingsError where the file has another form, or a row finds no item."""
    table = _read(file)
    entries = {f"{c.stem}.{e.name}": e for t in register.topics for c in t.chapters for e in c.entries}
    columns = [str(c["name"]) for c in table["column"]]
    measured = _measured(file.parent / table["measured"]) if "measured" in table else {}
    found = measured.get("rows", {})
    rows = tuple(
        _row(register, entries, table["column"], row, file, found.get(row["name"], {})) for row in table["row"]
    )
    counted = (Words(f"{len(rows)} rows."),)
    heads = (str(table.get("head", "")), *columns)
    where = f"Measured on {measured['machine']}, {measured['date']}." if measured else ""
    blocks: tuple[Block, ...] = (
        *((Paragraph((Words(where),), soft=True),) if where else ()),
        Table(counted, heads, rows),
    )
    return Page(stem, number, table["title"], number, (Words(table["lead"]),), blocks=blocks)


def _read(file: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"this file is no TOML: {error}", Place(str(file), 1)) from None
    columns, rows = table.get("column"), table.get("row")
    if not (isinstance(table.get("title"), str) and isinstance(table.get("lead"), str) and columns and rows):
        raise SettingsError("a survey has a title, a lead, [[column]] and [[row]] tables", Place(str(file), 1))
    for what, group, asked in (("column", columns, "name"), ("row", rows, "name"), ("row", rows, "item")):
        wrong = [k for k, one in enumerate(group, 1) if not isinstance(one.get(asked), str)]
        if wrong:
            raise SettingsError(f"{what} {wrong[0]} needs a {asked}", Place(str(file), 1))
    return table


def _measured(file: Path) -> dict[str, Any]:
    """Words for cells, by row and by what was measured. Errors: SettingsError where there is no such file."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"no measurements are read from it: {error}; `make speed` writes it", Place(str(file), 1)
        ) from None
    words = isinstance(found, dict) and all(isinstance(found.get(key), str) for key in ("machine", "date"))
    if not words or not isinstance(found.get("rows"), dict):
        raise SettingsError(
            "a file of measurements has a machine, a date and rows; `make speed` writes it", Place(str(file), 1)
        )
    return dict(found)


def _row(
    register: Register,
    entries: Mapping[str, Entry],
    columns: list[dict[str, Any]],
    row: dict[str, Any],
    file: Path,
    measured: Mapping[str, str],
) -> tuple[Text, ...]:
    cells: list[Text] = []
    shown = False
    for column in columns:
        words = row.get("words", {}).get(column["name"], measured.get(column.get("measured", "")))
        if words is not None:
            cells.append((Words(str(words)),))
            continue
        own = row.get("items", {}).get(column.get("generated", column["name"]))
        patterns = own if own is not None else [row["item"] + end for end in column.get("items", ())]
        found = [e for name, e in entries.items() if any(matches(p, name) for p in patterns)]
        if own and not found:
            raise SettingsError(f"the row {row['name']!r} names {own[0]!r}, and there is no such item", _at(file, row))
        shown = shown or bool(found)
        cell = _generated if "generated" in column else _cell
        cells.append(cell(register, found) if found else NOTHING)
    if not shown:
        raise SettingsError(f"the row {row['name']!r} finds no item {row['item']!r}", _at(file, row))
    return ((Strong(row["name"]),), *cells)


def matches(pattern: str, name: str) -> bool:
    """Is it the name, with anything in place of each star?"""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), name) is not None


def _at(file: Path, row: dict[str, Any]) -> Place:
    lines = file.read_text(encoding="utf-8").splitlines()
    return Place(str(file), next((k for k, line in enumerate(lines, 1) if row["item"] in line), 1))


def _cell(register: Register, entries: list[Entry]) -> Text:
    """The weakest evidence of the items, and the way to the first of them."""
    weakest = min(v.evidence for e in entries for v in register.of_entry(e))
    runs = all(isinstance(e.item, Agreement) for e in entries)
    said = Words("agrees") if runs and weakest > Evidence.OPEN else Mark(weakest)
    return (said, *_way(register, entries[0]))


def _generated(register: Register, entries: list[Entry]) -> Text:
    """What the comparisons say of the generated code: it agrees, or it loses digits somewhere, or worse."""
    outcomes = [
        str(v.detail.get("generated", {}).get("outcome", "none")) for e in entries for v in register.of_entry(e)
    ]
    if set(outcomes) == {AGREES}:
        return (Words("agrees"),)
    counts = {said: outcomes.count(kind) for kind, said in GENERATED.items() if kind in outcomes}
    return (Words(f"of {len(outcomes)}: " + ", ".join(f"{n} {said}" for said, n in counts.items())),)


def _way(register: Register, entry: Entry) -> Iterator[Words | Link]:
    ref = register.refs.get(entry.item.place)
    if ref is not None:
        yield Words(" ")
        yield Link(f"{ref.topic.shown} ({ref.first})", ref.topic.stem, f"line-{ref.first}")
