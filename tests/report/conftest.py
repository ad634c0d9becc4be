"""Projects to print: a book of two chapters, and one file that was handed in."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chainrule.project import Project, load
from tests.report.specimen import FILES, HANDIN, PYPROJECT


@pytest.fixture
def book(make: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Project:
    """The project with its two chapters. Generated code is not what is tested here."""
    fake: Any = types.ModuleType("chainrule.code")
    fake.numpy_source = lambda node, name, arguments=None: (
        f'def {name}(X, y, lam):\n    """w* = A⁻¹Xᵀy"""\n    return 0 * y[0] <= 1\n'
    )
    monkeypatch.setitem(sys.modules, "chainrule.code", fake)
    project = load(make(FILES, PYPROJECT))
    assert not project.errors
    return project


@pytest.fixture
def handed_in(make: Callable[..., Path]) -> Project:
    """One file that belongs to no book."""
    root = make({"handin.py": HANDIN}, "")
    (root / "pyproject.toml").unlink()
    project = load(root, [root / "handin.py"])
    assert not project.errors
    return project
