"""An exception in somebody's chapter, told in one readable block: where, what was found, which names are near."""

from __future__ import annotations

import linecache
import sys
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType

from chainrule.errors import ENGINE, ChainruleError, Place
from chainrule.settings import Settings


@dataclass(frozen=True)
class ChapterError:
    """A chapter, or one item of it, that cannot be judged. `item` is empty where the whole chapter is lost."""

    chapter: str
    place: Place
    kind: str
    text: str
    item: str = ""

    @property
    def source(self) -> str:
        """The line of the file that the error points at."""
        return linecache.getline(self.place.file, self.place.line).strip()

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


def explained(error: BaseException, chapter: str, path: Path, settings: Settings, item: str = "") -> ChapterError:
    """What an exception means to the author of a chapter."""
    place = _place(error, path, settings)
    return ChapterError(chapter, place, type(error).__name__, _text(error, settings), item)


def _place(error: BaseException, path: Path, settings: Settings) -> Place:
    """The innermost line that the author wrote."""
    if isinstance(error, ChainruleError) and _is_users(error.place.file, settings):
        return error.place
    if isinstance(error, SyntaxError) and error.filename:
        return Place(error.filename, error.lineno or 1)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if _is_users(f.filename, settings)]
    return Place(frames[-1].filename, frames[-1].lineno or 1) if frames else Place(str(path), 1)


def _is_users(file: str, settings: Settings) -> bool:
    path = Path(file)
    library = not path.is_absolute() or file.startswith(ENGINE + "/") or "site-packages" in path.parts
    return not library and path.is_relative_to(settings.root)


def _text(error: BaseException, settings: Settings) -> str:
    match error:
        case ChainruleError():
            return error.text
        case SyntaxError():
            return f"this is no Python: {error.msg}"
        case ImportError():
            return _import_text(error, settings)
        case AttributeError() if isinstance(error.obj, ModuleType):
            return _missing(error.obj, error.name or "", settings)
        case NameError():
            return f"{error}{_near(error.name or '', _names_at(error))}"
        case _:
            return str(error) or "raised without a word"


def _import_text(error: ImportError, settings: Settings) -> str:
    """`from numerics import rigde` and `import numerics.rigde`, told alike."""
    words = str(error).split("'")
    if isinstance(error, ModuleNotFoundError):
        package, _, name = (error.name or "").rpartition(".")
        return _missing(sys.modules[package], name, settings) if package in sys.modules else f"{error}"
    module = sys.modules.get(error.name or "")
    return _missing(module, words[1], settings) if module is not None and len(words) > 2 else f"{error}"


def _missing(module: ModuleType, name: str, settings: Settings) -> str:
    """What a module was asked for and what it has."""
    there = sorted({*_public(module), *_inside(module)})
    where = settings.relative(module.__file__ or "") if module.__file__ else module.__name__.replace(".", "/") + "/"
    listed = f"; it has: {', '.join(there)}" if there else "; it has nothing yet"
    return f"{where} has no {name!r}{_near(name, there) or listed}"


def _public(module: ModuleType) -> list[str]:
    words = getattr(module, "__all__", None) or [n for n in vars(module) if not n.startswith("_")]
    return [n for n in words if not isinstance(vars(module).get(n), ModuleType)]


def _inside(module: ModuleType) -> list[str]:
    """The modules of a package, imported or not."""
    if (module.__file__ or "").startswith(ENGINE):
        return []
    folders = [Path(p) for p in getattr(module, "__path__", ())]
    return [f.stem for folder in folders if folder.is_dir() for f in folder.glob("*.py") if f.stem != "__init__"]


def _names_at(error: BaseException) -> list[str]:
    """The names that could be used where an exception was raised, the engine's vocabulary among them."""
    import chainrule

    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    here = [*trace.tb_frame.f_locals, *trace.tb_frame.f_globals] if trace is not None else []
    return [*here, *chainrule.__all__]


def _near(name: str, there: Iterable[str]) -> str:
    near = get_close_matches(name, sorted(set(there)), 3)
    return f"; near it: {', '.join(near)}" if near else ""
