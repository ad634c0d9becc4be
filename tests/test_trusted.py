"""The list of what has to be trusted, in docs/architecture.md, says how long each file is: it has to stay true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROWS = re.findall(r"^\| (`[^|]+`) \| (\d+) \|", (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"), re.M)


@pytest.mark.parametrize(("files", "lines"), ROWS)
def test_the_figure_is_true_to_a_tenth(files: str, lines: str) -> None:
    real = sum(
        (ROOT / "chainrule" / name).read_text(encoding="utf-8").count("\n") for name in re.findall(r"`([^`]+)`", files)
    )
    assert abs(real - int(lines)) <= 0.1 * real


def test_the_whole_kernel_is_on_the_list() -> None:
    listed = {name for files, _ in ROWS for name in re.findall(r"`([^`]+)`", files)}
    kernel = {f"kernel/{p.name}" for p in (ROOT / "chainrule" / "kernel").glob("*.py") if p.name != "__init__.py"}
    assert kernel <= listed
