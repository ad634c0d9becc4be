"""A project: its chapters in the order of the book, and whatever could not be read, each with its place."""

from __future__ import annotations

import importlib
import importlib.util
import linecache
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from chainrule.errors import Place
from chainrule.notation.statements import Agreement
from chainrule.settings import Settings, SettingsError, alone, find, place_of

from .book import Part, read_book
from .chapter import Chapter, Entry, read_chapter
from .explain import ChapterError, explained
from .parameters import unmatched


@dataclass(frozen=True)
class Project:
    """Chapters in book order, the parts they stand in, and what could not be read."""

    settings: Settings
    chapters: tuple[Chapter, ...]
    parts: tuple[Part, ...]
    errors: tuple[ChapterError, ...]
    whole: bool = True  # False where only some files were asked for

    @property
    def root(self) -> Path:
        return self.settings.root

    @property
    def entries(self) -> Iterator[tuple[Chapter, Entry]]:
        """Every item with its chapter, in order."""
        return ((chapter, entry) for chapter in self.chapters for entry in chapter.entries)


def load(start: Path, paths: Sequence[Path] = ()) -> Project:
    """The project that `start` lies in, with all its chapters; or only those at `paths`, files or folders.

    Nothing raises for a chapter that cannot be read: it becomes a ChapterError and the others go on.
    Errors: SettingsError where pyproject.toml itself cannot be read or a path does not exist.
    """
    for path in paths:
        if not path.exists():
            raise SettingsError("there is no such file or folder", Place(str(path), 0))
    first = (paths[0] if paths else start).resolve()
    settings = find(first) or alone(first.parent if first.is_file() else first)
    files, errors = _wanted(settings, paths)
    chapters: list[Chapter] = []
    for file in files:
        chapter, found = read(settings, file)
        chapters += [chapter] if chapter else []
        errors += found
    ordered, parts, misplaced = read_book(settings, chapters, {e.chapter for e in errors}, whole=not paths)
    return Project(settings, ordered, parts, (*errors, *misplaced), whole=not paths)


def load_for(start: Path, name: str) -> Project:
    """The project with the chapters that the name of an item speaks of: ridge.py alone for ridge.gradient, all of them
    where no chapter's stem is in the name. Errors: as load."""
    settings = find(start.resolve()) or alone(start.resolve())
    spoken = [file for file in _wanted(settings, ())[0] if file.stem in name.split(".")]
    return load(start, spoken)


def _wanted(settings: Settings, paths: Sequence[Path]) -> tuple[list[Path], list[ChapterError]]:
    """The files to read, and the shelves that are not there."""
    if paths:
        return list(dict.fromkeys(f for p in paths for f in _files(p.resolve()))), []
    if not settings.declared:
        return _files(settings.root), []
    errors = [
        ChapterError(shelf, place_of(settings.root, shelf), "SettingsError", f"there is no folder {shelf}/ here")
        for shelf in settings.shelves
        if not (settings.root / shelf).is_dir()
    ]
    return [f for shelf in settings.shelves for f in _files(settings.root / shelf)], errors


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(f for f in path.rglob("*.py") if is_chapter_name(f, path))


def is_chapter_name(file: Path, shelf: Path) -> bool:
    """Tests, packages' inits and private or hidden files on a shelf are no chapters."""
    parts = file.relative_to(shelf).parts
    return not any(part.startswith(("_", ".", "test_")) or part == "conftest.py" for part in parts)


def read(settings: Settings, path: Path) -> tuple[Chapter | None, tuple[ChapterError, ...]]:
    """Import one chapter and check what can be checked without judging. None where it does not import."""
    name = module_name(settings, path)
    linecache.checkcache(str(path))
    try:
        module = _import(settings, path, name)
        chapter, errors = read_chapter(module, name, path)
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:  # a chapter may raise anything, SystemExit included
        return None, (explained(error, name, path, settings),)
    bad = tuple(_bad_agreements(chapter))
    sound = tuple(e for e in chapter.entries if e.name not in {b.item for b in bad})
    return replace(chapter, entries=sound), (*errors, *bad)


def _bad_agreements(chapter: Chapter) -> Iterator[ChapterError]:
    for entry in chapter.entries:
        if isinstance(entry.item, Agreement):
            for text in unmatched(entry.item, chapter.symbols.values()):
                yield ChapterError(chapter.name, entry.item.place, "NotationError", text, entry.name)


def module_name(settings: Settings, path: Path) -> str:
    """derivations/ridge.py -> derivations.ridge; a file outside the root goes by its stem."""
    inside = path.relative_to(settings.root) if path.is_relative_to(settings.root) else Path(path.name)
    return ".".join(inside.with_suffix("").parts)


def _import(settings: Settings, path: Path, name: str) -> ModuleType:
    _enter(settings)
    if any(path.is_relative_to(settings.root / shelf) for shelf in settings.shelves):
        importlib.invalidate_caches()
        return importlib.import_module(name)
    spec = importlib.util.spec_from_file_location(f"handed_in:{name}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path.name} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


_entered: list[Path] = []


def _enter(settings: Settings) -> None:
    """Make the project's own packages importable, and forget those of the project read before it."""
    if _entered == [settings.root] and sys.path[0] == str(settings.root):
        return
    for old in {*map(str, _entered), str(settings.root)} & set(sys.path):
        sys.path.remove(old)
    sys.path.insert(0, str(settings.root))
    _entered[:] = [settings.root]
    packages = {Path(p).parts[0] for p in (*settings.shelves, settings.numerics)}
    _forget(packages, settings.root)
    for package in packages - set(sys.modules):
        _claim(package, settings.root / package)


def _claim(package: str, folder: Path) -> None:
    """A folder without __init__.py is this project's package, even where another of its name is on the path."""
    if folder.is_dir() and not (folder / "__init__.py").exists():
        spec = ModuleSpec(package, None, is_package=True)
        spec.submodule_search_locations = [str(folder)]
        sys.modules[package] = importlib.util.module_from_spec(spec)


def _forget(packages: Iterable[str], root: Path) -> None:
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] in packages:
            where = [getattr(module, "__file__", None) or "", *getattr(module, "__path__", ())]
            if not any(w and Path(w).is_relative_to(root) for w in where):
                del sys.modules[name]
