"""The pytest plugin: in a project that asks for it, each line of each chapter is a test.

    [tool.chainrule]
    pytest = true

    derivations/ridge.py::gradient::3

A line fails if it is refuted, if nothing is shown for it, or if it stands lower than reports/verdicts.txt says. A
project that does not opt in collects nothing, and pays for nothing: the engine is imported with the first chapter.
Chapters that the project calls `long` are collected with --long, or when they are named on the command line.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from _pytest._code.code import ExceptionInfo, ReprEntryNative, ReprExceptionInfo, ReprFileLocation, ReprTraceback

from chainrule.errors import ChainruleError
from chainrule.settings import Settings, find

if TYPE_CHECKING:
    from chainrule.evidence import Verdict
    from chainrule.project import Chapter, ChapterError, Entry


@cache
def _settings(folder: Path) -> Settings | None:
    """The settings of the project that a folder lies in, if it opts in."""
    try:
        found = find(folder)
    except ChainruleError as error:
        raise pytest.UsageError(str(error)) from None
    return found if found is not None and found.pytest else None


def pytest_addoption(parser: pytest.Parser) -> None:
    """--long: the chapters that the project calls long, too."""
    parser.addoption("--long", action="store_true", help="judge the chapters that take a minute or more, too")


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Generator[None, Any, Any]:
    """A chapter is collected here and nowhere else; every other file as ever."""
    found = yield
    settings = _settings(file_path.parent) if file_path.suffix == ".py" else None
    if settings is None or not _is_chapter(settings, file_path, parent):
        return found
    if file_path.stem in settings.long and not (
        parent.config.getoption("long") or parent.session.isinitpath(file_path)
    ):
        return []
    return [ChapterFile.from_parent(parent, path=file_path, settings=settings)]


def _is_chapter(settings: Settings, path: Path, parent: pytest.Collector) -> bool:
    """A file on a shelf, or a file named on the command line that imports chainrule and is no test."""
    from chainrule.project.shelves import is_chapter_name

    for shelf in (settings.root / s for s in settings.shelves):
        if path.is_relative_to(shelf):
            return is_chapter_name(path, shelf)
    if not parent.session.isinitpath(path) or not is_chapter_name(path, path.parent):
        return False
    source = path.read_text(encoding="utf-8", errors="replace")
    return "def test_" not in source and "from chainrule import" in source


class ChapterFile(pytest.File):
    """A chapter. Its items are the lines, and whatever of it could not be read."""

    def __init__(self, *, settings: Settings, **kwargs: Any):
        super().__init__(**kwargs)
        self.settings = settings

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        from chainrule.project import read

        chapter, errors = read(self.settings, self.path.resolve())
        for error in errors:
            yield Unreadable.from_parent(self, name=error.item or "import", error=error)
        for entry in chapter.entries if chapter else ():
            yield EntryLines.from_parent(self, name=entry.name, chapter=chapter, entry=entry)

    @cached_property
    def committed(self) -> dict[tuple[str, int], Any]:
        """What reports/verdicts.txt says of each line."""
        from chainrule.verdicts import read

        return read(self.settings.root / self.settings.verdicts)


class EntryLines(pytest.Collector):
    """An item of a chapter. It is judged once, when the first of its lines runs."""

    parent: ChapterFile

    def __init__(self, *, chapter: Chapter, entry: Entry, **kwargs: Any):
        super().__init__(**kwargs)
        self.chapter, self.entry = chapter, entry
        self.add_marker(pytest.mark.xdist_group(entry.full))  # one worker judges it, for all its lines

    def collect(self) -> Iterator[pytest.Item]:
        lines = getattr(self.entry.item, "lines", None)
        numbers = [0] if lines is None else range(1, len(lines) + 1)
        for n in numbers:
            place = lines[n - 1].place if lines is not None else self.entry.item.place
            yield LineItem.from_parent(self, name=str(n) if n else self.entry.kind, line=n, at=place.line)

    @cached_property
    def answer(self) -> list[Verdict] | ChapterError:
        """The verdicts, or why there are none."""
        from chainrule.cli.judging import judge_entry

        return judge_entry(self.parent.settings, self.chapter, self.entry)


class LineFailure(Exception):
    """A line that does not stand: the block to print, and the one line of the summary."""

    def __init__(self, short: str, block: list[str]):
        super().__init__(short)
        self.short, self.block = short, block


class _Told(pytest.Item):
    """An item that fails with a block of text instead of a traceback."""

    at: int

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.at - 1, self.nodeid.partition("::")[2]

    def repr_failure(self, excinfo: ExceptionInfo[BaseException], style: Any = None) -> Any:
        if not isinstance(excinfo.value, LineFailure):
            return super().repr_failure(excinfo)
        text = "\n".join(excinfo.value.block) + "\n"
        trace = ReprTraceback([ReprEntryNative([text])], None, style="native")
        return ReprExceptionInfo(trace, ReprFileLocation(str(self.path), self.at, excinfo.value.short))


class LineItem(_Told):
    """One line of a derivation; or a claim, an agreement or an example, whose line is 0."""

    parent: EntryLines

    def __init__(self, *, line: int, at: int, **kwargs: Any):
        super().__init__(**kwargs)
        self.line, self.at = line, at

    def runtest(self) -> None:
        """Fails if the line is refuted, open without being committed as open, or lower than committed."""
        from chainrule.cli.blocks import failure, short, trouble
        from chainrule.verdicts import falls

        entry, settings, answer = self.parent.entry, self.parent.parent.settings, self.parent.answer
        if not isinstance(answer, list):
            raise LineFailure(f"{answer.kind}: {answer.text}", trouble(answer, settings))
        verdict = next((v for v in answer if v.line == self.line), None)
        if verdict is None:
            raise LineFailure("no verdict", [f"the judge said nothing of line {self.line} of {entry.full}"])
        before = self.parent.parent.committed.get((entry.full, self.line))
        if falls(verdict.evidence, before):
            was = before.name if before is not None and verdict.evidence < before else ""
            block = failure(entry, verdict, answer, self.parent.chapter.facts, settings, was)
            raise LineFailure(short(verdict, was), block)


class Unreadable(_Told):
    """A chapter that does not import, or an item of it that means nothing: one failing test."""

    def __init__(self, *, error: ChapterError, **kwargs: Any):
        super().__init__(**kwargs)
        self.error, self.at = error, error.place.line

    def runtest(self) -> None:
        from chainrule.cli.blocks import trouble

        parent = self.parent
        assert isinstance(parent, ChapterFile)
        raise LineFailure(f"{self.error.kind}: {self.error.text}", trouble(self.error, parent.settings))
