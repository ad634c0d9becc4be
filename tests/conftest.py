"""The same examples on every run; and small projects in a temporary folder, for tests of what runs whole projects."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("chainrule", derandomize=True, database=None, deadline=None)
settings.load_profile("chainrule")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that are marked long run with --long."""
    long = [] if config.getoption("long") else [item for item in items if item.get_closest_marker("long")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


PYPROJECT = '[tool.chainrule]\nshelves = ["derivations"]\npytest = true\n'

RIGHT = '''
"""Least squares.

Find the weights that come nearest to the data. They are found by hand.

Source: Gauss (1809).
"""
from chainrule import derive, differentiate, dims, equals, grad, matrix, sqnorm, vector

n, p = dims("n p")
X = matrix("X", n, p)
y = vector("y", n)
w = vector("w", p)

gradient = derive(
    grad(sqnorm(y - X @ w), w),
    equals(-2 * X.T @ (y - X @ w), differentiate),
    equals(2 * X.T @ (X @ w - y)),
)
"""A residual, carried back through X."""
'''

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Writes a project: make({"derivations/a.py": text, ...}) gives its root. Imports are undone after the test."""
    import chainrule.project.shelves as loading

    path, modules = list(sys.path), set(sys.modules)

    def write(files: dict[str, str], pyproject: str = PYPROJECT) -> Path:
        for name, text in {"pyproject.toml": pyproject, **files}.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return tmp_path.resolve()

    yield write
    for name in set(sys.modules) - modules:
        module = sys.modules[name]
        where = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
        if any(w and Path(w).is_relative_to(tmp_path.resolve()) for w in where):
            del sys.modules[name]
    sys.path[:] = path
    loading._entered.clear()  # what was read before was forgotten: whoever comes next enters its project anew
