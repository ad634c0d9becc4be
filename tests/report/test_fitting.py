"""Listings that fit half a page: the same program, broken where a person would break it."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from chainrule.report.fitting import fitted
from chainrule.report.model import HALF_PAGE

NUMERICS = sorted(p.stem for p in (Path(__file__).parents[2] / "numerics").glob("[a-z]*.py"))


def functions(module: ModuleType) -> list[Callable[..., object]]:
    return [f for f in vars(module).values() if inspect.isfunction(f) and f.__module__ == module.__name__]


def body(source: str) -> str:
    """The program without its docstring."""
    tree = ast.parse(source)
    assert isinstance(tree.body[0], ast.FunctionDef)
    if ast.get_docstring(tree.body[0]) is not None:
        del tree.body[0].body[0]
    return ast.dump(tree)


@pytest.mark.parametrize("stem", NUMERICS)
@pytest.mark.parametrize("width", [30, HALF_PAGE])
def test_the_program_stays_the_same(stem: str, width: int) -> None:
    for function in functions(import_module(f"numerics.{stem}")):
        source = textwrap.dedent(inspect.getsource(function))
        made = fitted(source, width)
        assert body(made) == body(source)
        before, after = (ast.get_docstring(ast.parse(s).body[0]) or "" for s in (source, made))  # type: ignore[arg-type]
        assert after.split() == before.split()


def test_nearly_all_hand_written_functions_fit_half_a_page() -> None:
    every = [f for stem in NUMERICS for f in functions(import_module(f"numerics.{stem}"))]
    made = [fitted(textwrap.dedent(inspect.getsource(f)), HALF_PAGE) for f in every]
    wide = [s for s in made if max(map(len, s.splitlines())) > HALF_PAGE]
    assert len(every) > 150
    assert len(wide) <= len(every) // 40


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("x = f(aaaaaaaaaa, bbbbbbbbbb, cc)", "x = f(\n    aaaaaaaaaa, bbbbbbbbbb, cc\n)"),
        ("x = f(aaaaaaaaaa, bbbbbbbbbb, ccc)", "x = f(\n    aaaaaaaaaa,\n    bbbbbbbbbb,\n    ccc\n)"),
        ("x = aaaaaaaaaa @ bbbbb - cccccccccc", "x = (\n    aaaaaaaaaa @ bbbbb\n    - cccccccccc\n)"),
        ("x = f(aaaaaaaaaa, b)(cccccccccccc)", "x = f(aaaaaaaaaa, b)(\n    cccccccccccc\n)"),
        ("x = f(key=aaaaaaaaa * bbbbbbbbbb)", "x = f(\n    key=aaaaaaaaa * bbbbbbbbbb\n)"),
        ("x = aaaaaaaaaaaaaaaaaa_bbbbbbbbbbbbb", "x = aaaaaaaaaaaaaaaaaa_bbbbbbbbbbbbb"),
        ("x = aaaaaaaaaa + bbbbbb  # why it is", "x = aaaaaaaaaa + bbbbbb  # why it is"),
        ("this is no Python, and it is long too", "this is no Python, and it is long too"),
    ],
)
def test_where_a_line_is_broken(source: str, made: str) -> None:
    assert fitted(source, 30) == made


def test_remarks_on_one_line_of_a_docstring_come_apart() -> None:
    source = 'def f(w):\n    """|w|^2, twice.    w (p,)  ->  ()"""\n    return 2 * w @ w'
    made = 'def f(w):\n    """|w|^2, twice.\n\n    w (p,)  ->  ()\n    """\n    return 2 * w @ w'
    assert fitted(source, 34) == made
