"""The committed evidence of each line, and how a run differs from it: a lowered line is a red diff.

    derivations.ridge.gradient 1 PROVED

One line for each line judged, sorted by name and number; 0 is a claim, an agreement or an example.
"""

from __future__ import annotations

import dataclasses
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chainrule.errors import Place
from chainrule.evidence import Evidence, Verdict
from chainrule.settings import Settings, SettingsError

HEAD = "# The evidence of each line of each chapter; written by `chainrule verify --update`.\n"
Key = tuple[str, int]
Standing = dict[Key, Evidence]


@dataclass(frozen=True)
class Change:
    """A line whose evidence is not what was committed. `was` or `now` is None for a line that is new or gone."""

    item: str
    line: int
    was: Evidence | None
    now: Evidence | None

    def __str__(self) -> str:
        where = f"{self.item} line {self.line}" if self.line else self.item
        was, now = self.was.name if self.was is not None else "new", self.now.name if self.now is not None else "gone"
        return f"{where}: {was} -> {now}"


@dataclass(frozen=True)
class Changes:
    """What is lower, higher, new and gone since the verdicts were committed; `opened` are new lines that are OPEN.

    A run fails for what is lowered or opened.
    """

    lowered: tuple[Change, ...] = ()
    raised: tuple[Change, ...] = ()
    new: tuple[Change, ...] = ()
    gone: tuple[Change, ...] = ()
    opened: tuple[Change, ...] = ()


def standing(verdicts: Iterable[Verdict]) -> Standing:
    """The evidence of each line judged."""
    return {(v.item, v.line): v.evidence for v in verdicts}


def read(path: Path) -> Standing:
    """The committed evidence; empty where there is no file. Errors: SettingsError at a line that says nothing."""
    found: Standing = {}
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    for number, line in enumerate(text.splitlines(), 1):
        match line.split():
            case []:
                continue
            case [word, *_] if word.startswith("#"):
                continue
            case [item, digits, word] if digits.isdigit() and word in Evidence.__members__:
                found[item, int(digits)] = Evidence[word]
            case _:
                place = Place(str(path), number)
                raise SettingsError(f"{line!r} is no verdict; expected `derivations.ridge.gradient 1 PROVED`", place)
    return found


def write(path: Path, lines: Standing) -> None:
    """The committed evidence, sorted, written at one stroke."""
    replace_text(path, HEAD + "".join(f"{item} {n} {e.name}\n" for (item, n), e in sorted(lines.items())))


def updated(old: Standing, new: Standing, chapters: Iterable[str], troubled: Iterable[str]) -> Standing:
    """What to commit: the new lines of these chapters; the old ones of all others and of items not judged."""
    judged, kept = set(chapters), set(troubled)
    stays = {k: e for k, e in old.items() if chapter_of(k[0]) not in judged or k[0] in kept}
    return stays | new


def compare(old: Standing, new: Standing, chapters: Iterable[str], troubled: Iterable[str] = ()) -> Changes:
    """How the lines of these chapters changed. Items that could not be judged are troubles, not gone."""
    judged, lost = set(chapters), set(troubled)
    both = sorted(old.keys() & new.keys())
    gone = [k for k in sorted(old.keys() - new.keys()) if chapter_of(k[0]) in judged and k[0] not in lost]
    return Changes(
        lowered=tuple(Change(*k, old[k], new[k]) for k in both if new[k] < old[k]),
        raised=tuple(Change(*k, old[k], new[k]) for k in both if new[k] > old[k]),
        new=tuple(Change(*k, None, new[k]) for k in sorted(new.keys() - old.keys())) if old else (),
        gone=tuple(Change(*k, old[k], None) for k in gone),
        opened=tuple(Change(*k, None, new[k]) for k in sorted(new) if new[k] is Evidence.OPEN and k not in old),
    )


def falls(now: Evidence, before: Evidence | None) -> bool:
    """Whether a line fails: refuted; or lower than committed; or open, and not committed as open."""
    if now is Evidence.REFUTED:
        return True
    return now is Evidence.OPEN if before is None else now < before


def chapter_of(item: str) -> str:
    """derivations.ridge.gradient -> derivations.ridge"""
    return item.rpartition(".")[0]


def as_json(verdict: Verdict, settings: Settings) -> dict[str, Any]:
    """A verdict as plain data. Its time is left out: two runs of the same lines give the same text."""
    plain: dict[str, Any] = {f.name: getattr(verdict, f.name) for f in dataclasses.fields(verdict)}
    del plain["seconds"]
    plain["evidence"] = verdict.evidence.name
    plain["place"] = place_json(verdict.place, settings) if verdict.place else None
    if verdict.counterexample is not None:
        plain["counterexample"] = dataclasses.asdict(verdict.counterexample)
    return plain


def place_json(place: Place, settings: Settings) -> dict[str, Any]:
    """A place with its file as seen from the project's root."""
    return {"file": settings.relative(place.file), "line": place.line}


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Plain data as JSON, written at one stroke; what JSON does not know is written as text."""
    replace_text(path, json.dumps(content, indent=1, ensure_ascii=False, default=str) + "\n")


def replace_text(path: Path, text: str) -> None:
    """Write beside the file, then take its place: a reader sees the old text or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(beside, 0o644)
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
