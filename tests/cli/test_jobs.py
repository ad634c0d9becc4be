"""The same verdicts in the same order, however many workers there are and whatever kind they are."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from chainrule.cli.judging import judge_all, judged_by
from chainrule.project import load
from tests.conftest import RIGHT

ROOT = Path(__file__).parent.parent.parent


def test_any_executor_gives_the_same_answers_in_the_same_order(make):
    head, body = RIGHT.split("gradient =")
    text = head + "".join(f"{name} ={body}" for name in ("gradient", "wrong", "crash", "open_one"))
    project = load(make({f"derivations/{n}.py": text for n in "abc"}))
    here = judge_all(project, 1)
    with ThreadPoolExecutor(3) as pool:
        answers = list(judged_by(pool, project))
    assert [a for a in answers if isinstance(a, list)] == list(here.verdicts.values())
    assert [str(a) for a in answers if not isinstance(a, list)] == [str(e) for e in here.errors]
    assert len(here.errors) == 3 and len(here.verdicts) == 9


HANDED_IN = """
from chainrule import *
n = dims("n")[0]
A = matrix("A", n, n)
x, b = vector("x", n), vector("b", n)
gradient = derive(
    grad(x.T @ A @ x - 2 * b.T @ x, x),
    equals(grad(x.T @ A @ x, x) - 2 * b, differentiate),
    equals(2 * A @ x - 2 * b, differentiate),
    equals(2 * (A @ x - b), algebra),
)
"""


def test_worker_processes_give_the_same_file(make):
    """The real judge, in processes that share nothing: a refuted chapter, a sound one, and one that does not import."""
    root = make({"derivations/a.py": HANDED_IN, "derivations/b.py": RIGHT, "derivations/c.py": "1 / 0\n"})
    written = []
    for jobs in ("1", "2"):
        words = ["verify", "--jobs", jobs, "--json", f"{jobs}.json"]
        done = subprocess.run(
            [sys.executable, "-m", "chainrule", *words],
            cwd=root, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.returncode == 1 and "✗ REFUTED   line 2 does not follow from line 1" in done.stdout, done.stderr
        written.append((root / f"{jobs}.json").read_text())
    assert written[0] == written[1]
    evidence = [(v["item"], v["line"], v["evidence"]) for v in json.loads(written[0])["verdicts"]]
    assert ("derivations.a.gradient", 2, "REFUTED") in evidence and len(evidence) == 5


def test_impossible_hypotheses_are_told_with_their_line_and_fail(make):
    """The real judge: whatever follows from hypotheses without a model is not shown."""
    impossible = """
        from chainrule import *
        a, b = scalar("a"), scalar("b")
        both = (assume(a, equals(b)), assume(a, equals(b + 1)))
        vacuous = derive(a, equals(b), given=both)
    """
    root = make({"derivations/a.py": impossible, "derivations/b.py": RIGHT})
    done = subprocess.run(
        [sys.executable, "-m", "chainrule", "verify"],
        cwd=root, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 1 and "nothing is shown for line 1 of vacuous   derivations/a.py:4" in done.stdout
    assert "hypotheses may have no model" in done.stdout and "2 entries, none refuted" in done.stdout
