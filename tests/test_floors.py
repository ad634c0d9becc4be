"""An import runs down only. The floors are read from the table in docs/architecture.md: there is no second list."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ENGINE = ROOT / "chainrule"
TABLE = ROOT / "docs" / "architecture.md"

UPWARD = {
    ("notation/nodes.py", "printing"): "display hooks (str, Jupyter) ask for the printer when a formula is shown",
    ("notation/statements.py", "printing"): "a derivation shows itself in Jupyter",
    ("__init__.py", "notation"): "the package's own door: it hands out the vocabulary",
    ("__init__.py", "optimality"): "the package's own door: it hands out minimise",
    ("__init__.py", "distributions"): "the package's own door: it hands out expect and its laws",
    ("__main__.py", "cli"): "python -m chainrule is the command line",
}
"""The imports that may run up, all of them made late, each with its reason."""

NUMERICS_MAY = {"numpy", "scipy", "numerics", *sys.stdlib_module_names}
CHAPTERS_MAY = {"chainrule", "numerics", "derivations", "proofs", "numpy", *sys.stdlib_module_names}


@dataclass(frozen=True)
class Floor:
    """Where a room stands: its floor, its row of the table, its place in the row."""

    number: int
    row: int
    place: int

    def may_import(self, other: Floor) -> bool:
        """A lower floor; within a row, what stands to the right."""
        return other.number < self.number or (other.row == self.row and other.place > self.place)


def floors() -> dict[str, Floor]:
    """Room -> floor, from the rows `| 7 | `project/`, `judge/` | ... |`."""
    rows = re.findall(r"^\| (\d+) \| ([^|]+) \|", TABLE.read_text(encoding="utf-8"), re.M)
    return {
        name.rstrip("/").removesuffix(".py"): Floor(int(n), row, place)
        for row, (n, cell) in enumerate(rows)
        for place, name in enumerate(re.findall(r"`([^`]+)`", cell))
    }


def imports(file: Path) -> Iterator[tuple[int, str, bool]]:
    """Line, dotted name and whether it runs when the file is imported, of each import outside `if TYPE_CHECKING`."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    types_only = {id(n) for test in ast.walk(tree) if _type_checking(test) for n in ast.walk(test)}
    late = {id(n) for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) for n in ast.walk(f)}
    for node in ast.walk(tree):
        if id(node) not in types_only and isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from ((node.lineno, name, id(node) not in late) for name in _names(node, file))


def _type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _names(node: ast.Import | ast.ImportFrom, file: Path) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    package = file.relative_to(ROOT).parts[:-1]
    above = list(package[: len(package) - node.level + 1]) if node.level else []
    whole = ".".join([*above, *([node.module] if node.module else [])])
    return [f"{whole}.{alias.name}" for alias in node.names] if "." not in whole else [whole]


def room(name: str) -> str | None:
    """chainrule.notation.nodes -> notation; a word of the vocabulary (chainrule.derive) lives in notation."""
    head, _, rest = name.partition(".")
    first = rest.partition(".")[0]
    if head != "chainrule" or not first:
        return None
    return first if (ENGINE / first).is_dir() or (ENGINE / f"{first}.py").exists() else "notation"


ENGINE_FILES = sorted(ENGINE.rglob("*.py"))


def test_every_room_has_a_floor_and_every_floor_a_room():
    rooms = {f.relative_to(ENGINE).parts[0].removesuffix(".py") for f in ENGINE_FILES} - {"__init__", "__main__"}
    listed = floors()
    assert not rooms - set(listed), f"docs/architecture.md gives no floor to {sorted(rooms - set(listed))}"
    assert not set(listed) - rooms, (
        f"docs/architecture.md lists rooms that are not there: {sorted(set(listed) - rooms)}"
    )


@pytest.mark.parametrize("file", ENGINE_FILES, ids=lambda f: str(f.relative_to(ENGINE)))
def test_imports_run_down(file):
    listed, here = floors(), file.relative_to(ENGINE)
    mine = here.parts[0].removesuffix(".py")
    wrong = [
        f"{here}:{line} imports {name}: {mine} imports {theirs}"
        for line, name, _ in imports(file)
        for theirs in [room(name)]
        if theirs not in (None, mine)
        and (str(here), theirs) not in UPWARD
        and not (mine in listed and theirs in listed and listed[mine].may_import(listed[theirs]))
    ]
    assert not wrong, "\n".join(wrong)


def test_the_exceptions_are_needed_and_late():
    for (file, theirs), reason in UPWARD.items():
        found = [at_once for _, name, at_once in imports(ENGINE / file) if room(name) == theirs]
        assert found or file == "__init__.py", f"{file} no longer imports {theirs}: strike the exception ({reason})"
        assert file == "__main__.py" or not any(found), f"{file} imports {theirs} when it is itself imported"


def shelf(name: str) -> list[Path]:
    return sorted((ROOT / name).rglob("*.py"))


@pytest.mark.parametrize("file", shelf("numerics"), ids=lambda f: str(f.relative_to(ROOT)))
def test_the_witness_knows_nothing_of_the_engine(file):
    assert {name.split(".")[0] for _, name, _ in imports(file)} <= NUMERICS_MAY


@pytest.mark.parametrize("file", shelf("derivations") + shelf("proofs"), ids=lambda f: str(f.relative_to(ROOT)))
def test_a_chapter_imports_the_vocabulary_and_its_witness(file):
    names = [name for _, name, _ in imports(file)]
    assert {name.split(".")[0] for name in names} <= CHAPTERS_MAY
    deep = [n for n in names if n.startswith("chainrule.") and room(n) not in ("notation", "laws")]
    assert not deep, f"{file.name} reaches into the engine: {deep}"


def test_this_test_sees_an_upward_import(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    file = tmp_path / "chainrule" / "kernel" / "x.py"
    file.parent.mkdir(parents=True)
    file.write_text("from chainrule.judge import judge\nfrom ..search import match\nfrom . import poly\n")
    assert [room(name) for _, name, _ in imports(file)] == ["judge", "search", "kernel"]
