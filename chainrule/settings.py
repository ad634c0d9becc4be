"""What a project says of itself, in [tool.chainrule] of its pyproject.toml. Light: it imports no mathematics."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from chainrule.errors import ChainruleError, Place


class SettingsError(ChainruleError):
    """A pyproject.toml, book.toml or verdicts.txt that cannot be read as it stands."""


@dataclass(frozen=True)
class Settings:
    """Where a project keeps its shelves, its book and its verdicts. Paths are relative to `root`.

    shelves    folders of chapters; each Python file in one is a chapter
    numerics   the package of hand-written functions
    book       parts, order and catalogue numbers
    verdicts   the committed evidence of each line
    report     where the built report goes
    pytest     whether pytest collects the chapters, one item a line
    long       stems of chapters that take a minute or more: pytest collects them with --long, or when they are named
    """

    root: Path
    shelves: tuple[str, ...] = ("derivations", "proofs")
    numerics: str = "numerics"
    book: str = "reports/book.toml"
    verdicts: str = "reports/verdicts.txt"
    report: str = "reports/build"
    pytest: bool = False
    long: tuple[str, ...] = ()
    declared: bool = True  # False: no pyproject.toml speaks for this folder

    @property
    def pyproject(self) -> Path:
        return self.root / "pyproject.toml"

    def relative(self, path: Path | str) -> str:
        """A path as a reader wants it: from the project's root if it lies below."""
        resolved = Path(path).resolve()
        return str(resolved.relative_to(self.root)) if resolved.is_relative_to(self.root) else str(path)


def find(start: Path) -> Settings | None:
    """The settings of the nearest folder upward whose pyproject.toml has [tool.chainrule]."""
    here = start.resolve()
    for folder in (here, *here.parents):
        table = _table(folder / "pyproject.toml")
        if table is not None:
            return _settings(folder, table)
    return None


def alone(folder: Path) -> Settings:
    """The settings of a folder that belongs to no project: its files are judged one by one."""
    return Settings(folder.resolve(), shelves=(), declared=False)


def _table(pyproject: Path) -> Mapping[str, Any] | None:
    if not pyproject.is_file():
        return None
    try:
        found = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"this file is no TOML: {error}", Place(str(pyproject), 1)) from None
    table = found.get("tool", {}).get("chainrule")
    return table if isinstance(table, dict) else None


def _settings(folder: Path, table: Mapping[str, Any]) -> Settings:
    known = {f.name: f for f in fields(Settings) if f.name not in ("root", "declared")}
    for key, value in table.items():
        if key not in known:
            near = get_close_matches(key, known, 1)
            hint = f"; did you mean {near[0]}?" if near else f"; there are: {', '.join(known)}"
            raise SettingsError(f"[tool.chainrule] has no setting {key!r}{hint}", place_of(folder, key))
        _fits(folder, key, value, known[key].default)
    given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}
    return Settings(folder, **given)


def _fits(folder: Path, key: str, value: object, default: object) -> None:
    expected = {tuple: "a list of folder names", bool: "true or false"}.get(type(default), "a path as text")
    fits = isinstance(value, list) and all(isinstance(v, str) for v in value)
    if not (fits if isinstance(default, tuple) else isinstance(value, type(default))):
        raise SettingsError(f"[tool.chainrule] {key} = {value!r}: expected {expected}", place_of(folder, key))


def place_of(folder: Path, word: str) -> Place:
    """The line of a folder's pyproject.toml that first speaks of a word after [tool.chainrule]."""
    pyproject, inside = folder / "pyproject.toml", False
    for number, line in enumerate(pyproject.read_text(encoding="utf-8").splitlines(), 1):
        inside = inside or line.strip().startswith("[tool.chainrule")
        if inside and word in line:
            return Place(str(pyproject), number)
    return Place(str(pyproject), 1)
