"""All items of a project judged, here or in worker processes: the same verdicts in the same order either way."""

from __future__ import annotations

import multiprocessing
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from chainrule.errors import ENGINE, ChainruleError, EngineBug, Place
from chainrule.evidence import Verdict
from chainrule.project import Chapter, ChapterError, Entry, Project, explained, read
from chainrule.settings import Settings

Answer = list[Verdict] | ChapterError


@dataclass
class Judged:
    """What a run found: verdicts by item, and the items that could not be judged."""

    verdicts: dict[str, list[Verdict]] = field(default_factory=dict)
    errors: list[ChapterError] = field(default_factory=list)

    @property
    def all(self) -> list[Verdict]:
        return [v for of_item in self.verdicts.values() for v in of_item]


def judge_entry(settings: Settings, chapter: Chapter, entry: Entry) -> Answer:
    """The verdicts of one item, or why there are none. EngineBug passes: it stops the run."""
    try:
        from chainrule.judge import judge

        return judge(entry.item, entry.full)
    except EngineBug:
        raise
    except ChainruleError as error:
        return explained(error, chapter.name, chapter.path, settings, entry.name)
    except Exception as error:
        return ChapterError(chapter.name, entry.item.place, type(error).__name__, _bug(error), entry.name)


def _bug(error: Exception) -> str:
    """An exception that nobody declared: the engine's fault, with the engine's own lines."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith(ENGINE)][-3:]
    way = " > ".join(f"{Path(f.filename).relative_to(ENGINE)}:{f.lineno} {f.name}" for f in frames)
    return f"the engine failed here, and that is its fault, not the chapter's: {error!r} in {way}"


def judge_all(project: Project, jobs: int, done: Callable[[Entry], None] = lambda entry: None) -> Judged:
    """Every item of a project, in order, by `jobs` processes; `done` is called as each answer comes in."""
    found = Judged()
    todo = list(project.entries)
    jobs = min(jobs, len(todo))
    for (_, entry), answer in zip(todo, _in_workers(project, jobs) if jobs > 1 else _here(project), strict=True):
        if isinstance(answer, ChapterError):
            found.errors.append(answer)
        else:
            found.verdicts[entry.full] = answer
        done(entry)
    return found


def _here(project: Project) -> Iterator[Answer]:
    return (judge_entry(project.settings, chapter, entry) for chapter, entry in project.entries)


def _in_workers(project: Project, jobs: int) -> Iterator[Answer]:
    pool = ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))
    try:
        yield from judged_by(pool, project)
    finally:
        pool.shutdown(cancel_futures=True)


def judged_by(pool: Executor, project: Project) -> Iterator[Answer]:
    """The answers of any executor, in the project's order. A worker gets names, and reads the chapter itself."""
    waiting = [pool.submit(_work, project.settings, c.path, e.name) for c, e in project.entries]
    for future, (chapter, entry) in zip(waiting, project.entries, strict=True):
        try:
            yield future.result()
        except EngineBug:
            raise
        except Exception as error:  # the worker died, or its answer could not travel
            yield _no_answer(chapter, entry, error)


def _no_answer(chapter: Chapter, entry: Entry, error: Exception) -> ChapterError:
    place: Place = entry.item.place
    return ChapterError(chapter.name, place, type(error).__name__, f"the worker gave no answer: {error!r}", entry.name)


@lru_cache
def _chapter(settings: Settings, path: Path) -> Chapter | None:
    return read(settings, path)[0]


def _work(settings: Settings, path: Path, name: str) -> Answer:
    """In a worker: read the chapter once, judge one item of it."""
    chapter = _chapter(settings, path)
    if chapter is None:
        raise RuntimeError(f"{path} imports in one process and not in another")
    entry = next(e for e in chapter.entries if e.name == name)
    return judge_entry(settings, chapter, entry)
