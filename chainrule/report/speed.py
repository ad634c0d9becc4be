"""An appendix of measurements: what `make speed` wrote into a file, printed as it stands there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from chainrule.errors import Place
from chainrule.settings import SettingsError

from .model import Block, Page, Paragraph, Strong, Table, Text, Words

TITLE = "Speed"
LEAD = "How long the generated code takes, and beside it what others take on the same machine in the same run."
HAND = "hand-written NumPy"
"""The column that is divided the other way round."""
RATIOS = (
    f"Against {HAND} a ratio is our time by theirs: 1.00 is as fast, smaller is faster. Against a library it is the "
    "library's time by ours: larger is faster for us."
)
FIELDS: dict[str, type | tuple[type, ...]] = {
    "case": str, "sizes": str, "milliseconds": (int, float), "against": dict, "goal": str, "met": bool, "note": str,
}  # fmt: skip


def page(file: Path, stem: str, number: str) -> Page:
    """The page of a file of measurements. Errors: SettingsError where the file has another form."""
    table = _read(file)
    rows = table["rows"]
    others = list(dict.fromkeys(name for row in rows for name in row["against"]))
    where: Text = (Words(f"Measured on {table['machine']}, {table['date']}. {_met(rows)}"),)
    blocks: list[Block] = [Paragraph(where, soft=True), _times(rows, others), *_notes(rows)]
    return Page(stem, number, TITLE, number, (Words(LEAD),), blocks=tuple(blocks))


def _read(file: Path) -> dict[str, Any]:
    place = Place(str(file), 1)
    try:
        table = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SettingsError(f"this file is no JSON: {error}", place) from None
    rows = table.get("rows") if isinstance(table, dict) else None
    if not isinstance(rows, list) or not all(isinstance(table.get(k), str) for k in ("machine", "date")):
        raise SettingsError("a file of measurements has a machine, a date and rows; `make speed` writes it", place)
    for k, row in enumerate(rows, 1):
        wrong = [f for f, kind in FIELDS.items() if not isinstance(row, dict) or not isinstance(row.get(f), kind)]
        if wrong:
            raise SettingsError(f"row {k} needs {wrong[0]!r}; `make speed` writes it", place)
    return table


def _met(rows: list[dict[str, Any]]) -> str:
    aimed = [row for row in rows if row["goal"]]
    met = sum(row["met"] for row in aimed)
    return f"{met} of {len(aimed)} goals met." if aimed else ""


def _times(rows: list[dict[str, Any]], others: list[str]) -> Table:
    heads = ("case", "sizes", "milliseconds", *others, "goal")
    return Table((Words(RATIOS),), heads, tuple(_row(row, others) for row in rows))


def _row(row: dict[str, Any], others: list[str]) -> tuple[Text, ...]:
    ratios: list[Text] = [(Words(_ratio(row["against"].get(name))),) for name in others]
    return ((Words(row["case"]),), (Words(row["sizes"]),), (Words(_time(row["milliseconds"])),), *ratios, _goal(row))


def _goal(row: dict[str, Any]) -> Text:
    if not row["goal"]:
        return (Words("–"),)
    return (Words(f"{row['goal']}: met"),) if row["met"] else (Words(f"{row['goal']}: "), Strong("not met"))


def _time(milliseconds: float) -> str:
    """Three digits."""
    return f"{milliseconds:.3g}" if milliseconds < 1000 else f"{milliseconds:.0f}"


def _ratio(ratio: float | None) -> str:
    return "–" if ratio is None else f"{ratio:.2f}" if ratio < 100 else f"{ratio:.0f}"


def _notes(rows: list[dict[str, Any]]) -> list[Block]:
    return [Paragraph((Strong(f"{r['case']}, {r['sizes']}. "), Words(r["note"]))) for r in rows if r["note"]]
