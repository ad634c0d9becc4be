"""pytest on a project of chapters: one test a line, only where the project asks for it."""

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.conftest import RIGHT

ROOT = Path(__file__).parent.parent.parent
INSTALLED = bool(entry_points(group="pytest11", name="chainrule"))
FAKE = "from tests import fake_judge\nfake_judge.install()\n"


@pytest.fixture
def run():
    """pytest in a process of its own: status and output."""

    def go(root, *words):
        plugin = [] if INSTALLED else ["-p", "chainrule.plugin"]
        env = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "140", "CI": ""}
        env = {k: v for k, v in env.items() if not k.startswith("PYTEST_")}
        words = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *plugin, *words)
        done = subprocess.run(words, cwd=root, env=env, capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout + done.stderr

    return go


def chapter(*names):
    head, body = RIGHT.split("gradient =")
    return head + "".join(f"{name} ={body}" for name in names)


def test_one_test_a_line_and_a_failure_tells_the_verdict_first(make, run):
    root = make({"conftest.py": FAKE, "derivations/a.py": chapter("gradient", "wrong"), "derivations/b.py": "1 / 0\n"})
    status, text = run(root, "-v", f"--junitxml={root / 'out.xml'}")
    assert status == 1
    for line in (
        "a.py::gradient::1 PASSED",
        "a.py::gradient::2 PASSED",
        "a.py::wrong::1 PASSED",
        "a.py::wrong::2 FAILED",
        "b.py::import FAILED",
        "2 failed, 3 passed",
    ):
        assert line in text, text
    block = text[text.index("✗ REFUTED   line 2 does not follow from line 1   derivations/a.py:") :]
    assert block.index("■ PROVED") < block.index("the smallest world in which it fails, n = 2")
    assert "FAILED derivations/a.py::wrong::2 - REFUTED at n = 2: (1, 0) != (2, 0)" in text
    assert "FAILED derivations/b.py::import - ZeroDivisionError: division by zero" in text
    assert "Traceback" not in text
    cases = {c.get("name"): c for c in ElementTree.parse(root / "out.xml").iter("testcase")}
    failure = cases["2"].find("failure") if "2" in cases else None
    assert len(list(ElementTree.parse(root / "out.xml").iter("failure"))) == 2
    assert failure is not None and "REFUTED at n = 2" in failure.get("message")


def test_k_and_xdist(make, run):
    names = ["gradient", "wrong", *(f"more_{k}" for k in range(4))]
    root = make({"conftest.py": FAKE, "derivations/a.py": chapter(*names), "derivations/b.py": chapter("wrong_too")})
    status, text = run(root, "-k", "more_1 or (b.py and wrong)")
    assert status == 1 and "1 failed, 3 passed" in text
    status, text = run(root, "-n", "2", "--dist", "loadgroup")
    assert status == 1 and "2 failed, 12 passed" in text
    assert "the smallest world in which it fails, n = 2" in text
    assert "::wrong::2" in text and "REFUTED at n = 2: (1, 0) != (2, 0)" in text


def test_an_open_line_fails_unless_it_is_committed_as_open_and_a_lowered_one_fails(make, run):
    files = {"conftest.py": FAKE, "derivations/a.py": chapter("open_question", "sampled")}
    root = make(files)
    status, text = run(root)
    assert status == 1 and "1 failed, 3 passed" in text and "OPEN: no proof was found" in text
    root = make({"reports/verdicts.txt": "derivations.a.open_question 2 OPEN\nderivations.a.sampled 2 PROVED\n"})
    status, text = run(root)
    assert status == 1 and "1 failed, 3 passed" in text
    assert "::sampled::2 - SAMPLED, was PROVED" in text


def test_claims_and_items_that_cannot_be_judged(make, run):
    claims = """
        from chainrule import agrees, claim, definition, dims, matrix, positive_definite
        n = dims("n")[0]
        A = matrix("A", n, n, positive_definite=True)
        sure = claim(positive_definite(A), definition)
        unsupported_kind = claim(positive_definite(A), definition)
        bad = agrees(A, lambda B: B)
    """
    root = make({"conftest.py": FAKE, "derivations/a.py": claims})
    status, text = run(root, "-v")
    assert status == 1 and "a.py::sure::claim PASSED" in text
    assert "a.py::unsupported_kind::claim - Unsupported: no arm for this node" in text
    assert "a.py::bad - NotationError: no symbol matches the parameter 'B'" in text


def test_a_project_that_does_not_ask_collects_nothing_and_does_not_load_sympy(make, run):
    asked = "import sys\ndef test_it():\n    assert 'sympy' not in sys.modules\n"
    root = make(
        {"derivations/a.py": chapter("wrong"), "test_mine.py": asked}, '[tool.chainrule]\nshelves = ["derivations"]\n'
    )
    status, text = run(root)
    assert status == 0 and "1 passed" in text
    (root / "pyproject.toml").unlink()
    status, text = run(root)
    assert status == 0 and "1 passed" in text


def test_a_hand_in_named_on_the_command_line(make, run):
    root = make({"conftest.py": FAKE, "handin7.py": chapter("wrong"), "derivations/a.py": chapter("gradient")})
    status, text = run(root, "handin7.py")
    assert status == 1 and "FAILED handin7.py::wrong::2 - REFUTED at n = 2" in text and "1 failed, 1 passed" in text


def test_an_ordinary_test_file_is_left_alone(make, run):
    root = make(
        {
            "conftest.py": FAKE,
            "derivations/test_a.py": "def test_it():\n    pass\n",
            "derivations/a.py": RIGHT,
            "tests/test_b.py": "from chainrule import dims\ndef test_it():\n    assert dims('n')\n",
        }
    )
    status, text = run(root, "-v", "derivations", "tests/test_b.py")
    assert status == 0 and "4 passed" in text, text
