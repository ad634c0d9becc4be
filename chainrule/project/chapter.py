"""One chapter: a Python file read as a text, with its title, prose, symbols, and the items to be judged, in order."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from chainrule.errors import Place
from chainrule.notation.nodes import Let, Var
from chainrule.notation.statements import Agreement, Assumption, Claim, Derivation, Example, Integral, Item

from .explain import ChapterError

ITEMS = (Derivation, Claim, Agreement, Example, Integral)


@dataclass(frozen=True)
class Entry:
    """One item of a chapter: `name` is the variable's, `note` the text that stands right below it.

    A note whose first paragraph has no full stop at its end begins with the item's `title`.
    """

    chapter: str
    name: str
    item: Item
    note: str = ""
    title: str = ""

    @property
    def full(self) -> str:
        """The item's name in verdicts: derivations.ridge.gradient."""
        return f"{self.chapter}.{self.name}"

    @property
    def heading(self) -> str:
        """The title, or normal_equations -> Normal equations."""
        if self.title:
            return self.title
        words = self.name.strip("_").replace("_", " ").replace("[", ": ").rstrip("]").replace(".", ", ")
        return words[:1].upper() + words[1:]

    @property
    def kind(self) -> str:
        """derivation, claim, agreement or example."""
        return type(self.item).__name__.lower()


@dataclass(frozen=True)
class Chapter:
    """A file of a shelf. `lead` is the first sentence of the text; `prose` are the paragraphs that follow it."""

    name: str  # derivations.ridge
    stem: str  # ridge
    shelf: str  # derivations
    path: Path
    title: str
    lead: str = ""
    prose: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    symbols: Mapping[str, Var] = field(default_factory=dict)
    lets: Mapping[str, Let] = field(default_factory=dict)
    assumptions: Mapping[str, Assumption] = field(default_factory=dict)
    facts: Mapping[Place, str] = field(default_factory=dict)  # the name of what a reason may lean on, by its place
    number: str = ""  # 10.02, from the book
    layout: str = ""  # how its page is set, from the book: "" line by line, "table" one row an item


def read_chapter(module: ModuleType, name: str, path: Path) -> tuple[Chapter, tuple[ChapterError, ...]]:
    """What an imported file holds."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    notes = notes_of(tree)
    title, lead, prose, sources = prose_of(ast.get_docstring(tree) or "", path.stem)
    entries = tuple(Entry(name, n, item, *_note(notes.get(n, ""))) for n, item in items_of(module, path))
    chapter = Chapter(
        name,
        path.stem,
        name.rpartition(".")[0],
        path,
        title,
        lead,
        prose,
        sources,
        entries,
        symbols=_named(module, Var),
        lets=_named(module, Let),
        assumptions=_named(module, Assumption),
        facts={v.place: n for n, v in _flat(vars(module)) if isinstance(v, (Derivation, Claim, Assumption))},
    )
    return chapter, tuple(_lost(tree, chapter))


def prose_of(docstring: str, stem: str) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
    """Title, lead, further paragraphs and sources of a chapter's docstring."""
    blocks = [" ".join(b.split()) for b in re.split(r"\n\s*\n", docstring) if b.strip()]
    sources = tuple(b.removeprefix("Source:").strip() for b in blocks if b.startswith("Source:"))
    texts = [b for b in blocks if not b.startswith("Source:")]
    title = texts[0].rstrip(".") if texts else stem.replace("_", " ").capitalize()
    if len(texts) < 2:
        return title, "", (), sources
    lead, *rest = re.split(r"(?<=[.!?])\s+(?=[A-Z])", texts[1], maxsplit=1)
    return title, lead, (*rest, *texts[2:]), sources


def _note(text: str) -> tuple[str, str]:
    """A note and its title, if it begins with one."""
    first, _, rest = text.partition("\n\n")
    titled = bool(first) and first[-1] not in ".:,;"
    return (rest.strip(), first) if titled else (text, "")


def notes_of(tree: ast.Module) -> dict[str, str]:
    """The text that stands right below an assignment, by the name assigned."""
    found = {}
    for statement, below in zip(tree.body, tree.body[1:], strict=False):
        match below:
            case ast.Expr(ast.Constant(str(text))):
                paragraphs = (" ".join(p.split()) for p in re.split(r"\n\s*\n", text))
                found.update(dict.fromkeys(_assigned(statement), "\n\n".join(paragraphs)))
    return found


def _assigned(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.Assign(targets=targets):
            return [n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)]
        case ast.AnnAssign(target=ast.Name(name), value=value) if value is not None:
            return [name]
    return []


def items_of(module: ModuleType, path: Path) -> Iterator[tuple[str, Item]]:
    """The items made in this file, by name and in order; those of a list as steps[0], steps[1]; each once."""
    seen: set[int] = set()
    for name, value in _flat(vars(module)):
        if isinstance(value, ITEMS) and id(value) not in seen and Path(value.place.file).resolve() == path:
            seen.add(id(value))
            yield name, value


def _flat(names: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in list(names.items()):
        if isinstance(value, (list, tuple)):
            yield from ((f"{name}[{k}]", v) for k, v in enumerate(value))
        elif isinstance(value, Mapping) and not name.startswith("__"):
            yield from ((f"{name}[{k}]", v) for k, v in value.items())
        else:
            yield name, value


def _named(module: ModuleType, kind: type) -> dict[str, Any]:
    """The module's values of one kind, by variable name, each once, in order of declaration."""
    seen: set[int] = set()
    found = {}
    for name, value in _flat(vars(module)):
        if isinstance(value, kind) and id(value) not in seen:
            seen.add(id(value))
            found[name] = value
    return found


def _lost(tree: ast.Module, chapter: Chapter) -> Iterator[ChapterError]:
    """Items whose name was given away again: the first is never judged, which nobody means."""
    first: dict[str, int] = {}
    judged = {e.name for e in chapter.entries}
    for statement in tree.body:
        for name in _assigned(statement):
            if name in first and name in judged:
                text = f"{name} is written a second time (first at line {first[name]}): only one is judged; rename one"
                yield ChapterError(chapter.name, Place(str(chapter.path), statement.lineno), "NameError", text, name)
            first.setdefault(name, statement.lineno)
