"""A verdict does not depend on what was judged before it: the canonical form orders atoms by what they are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHAPTERS = ("leave_one_out", "quantile_regression", "orthonormal_design", "minimum_norm", "ridge_risk", "lasso")
"""Chapters whose proofs take the longest ways through search."""
PROGRAM = """
import random, sys
from pathlib import Path
from chainrule.judge import judge
from chainrule.notation.statements import Claim, Derivation
from chainrule.project import load

root, seed, *chapters = sys.argv[1:]
project = load(Path(root), [Path(root, "derivations", f"{name}.py") for name in chapters])
entries = [e for _, e in project.entries if isinstance(e.item, Claim | Derivation)]
random.Random(int(seed)).shuffle(entries)
for line in sorted(f"{v.item} {v.line} {v.evidence.name}" for e in entries for v in judge(e.item, e.full)):
    print(line)
"""


@pytest.mark.parametrize("seed", [1, 2])
def test_any_order_gives_the_committed_verdicts(seed: int) -> None:
    """In a process of its own, the chapters' items in a random order."""
    command = [sys.executable, "-c", PROGRAM, str(ROOT), str(seed), *CHAPTERS]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=True)
    found = run.stdout.splitlines()
    committed = set((ROOT / "reports" / "verdicts.txt").read_text().splitlines())
    assert len(found) > 60
    assert [line for line in found if line not in committed] == []
