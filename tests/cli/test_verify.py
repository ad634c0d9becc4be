"""chainrule verify: what it prints, what it writes, and when it fails."""

import json

import pytest
from click.testing import CliRunner

from chainrule.cli import main
from tests.conftest import RIGHT


@pytest.fixture
def run(monkeypatch):
    """Runs a command in a folder: status and output."""

    def go(root, *words):
        monkeypatch.chdir(root)
        result = CliRunner().invoke(main, [*words, *(["--jobs", "1"] if words[0] != "show" else [])])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    return go


def chapter(name, title="A title"):
    return RIGHT.replace("gradient =", f"{name} =").replace("Least squares", title)


def test_a_sound_project(make, run):
    root = make({"derivations/a.py": chapter("gradient", "First"), "derivations/b.py": chapter("sampled", "Second")})
    status, text = run(root, "verify")
    assert status == 0
    assert "2 of 2 entries" in text
    rows = [line.split() for line in text.splitlines()]
    assert ["First", "1", "·", "·", "·", "·", "·", "·", "1"] in rows
    assert ["Second", "·", "·", "·", "1", "·", "·", "·", "1"] in rows
    assert ["everything", "1", "·", "·", "1", "·", "·", "·", "2"] in rows
    assert "weakest   ⁘ SAMPLED   Second: sampled   derivations/b.py:17" in text
    assert text.rstrip().endswith("2 entries, none refuted.")


def test_a_refuted_line_is_printed_in_full_and_fails(make, run):
    root = make({"derivations/a.py": chapter("wrong"), "derivations/b.py": chapter("gradient")})
    status, text = run(root, "verify")
    assert status == 1
    assert "✗ REFUTED   line 2 does not follow from line 1   derivations/a.py:17" in text
    assert "the smallest world in which it fails, n = 2" in text
    assert "A = ⎡0  1⎤    x = ⎡0⎤    lam = 3    line 1  =  (1, 0)" in text
    assert "    ⎣0  0⎦        ⎣1⎦               line 2  =  (2, 0)" in text
    assert "why       the sign is lost" in text
    assert "2 entries, 1 line refuted." in text


def test_broken_chapters_and_items_fail_and_the_others_are_judged(make, run):
    root = make(
        {
            "derivations/a.py": "from chainrule import *\nbad = scalar(3)\n",
            "derivations/b.py": chapter("gradient"),
            "derivations/c.py": chapter("unsupported"),
            "derivations/d.py": chapter("crash"),
        }
    )
    status, text = run(root, "verify")
    assert status == 1
    assert "! ERROR     derivations.a cannot be judged   derivations/a.py:2" in text
    assert "      2  bad = scalar(3)" in text
    assert "Unsupported: no arm for this node" in text
    assert "the engine failed here" in text and "KeyError" in text
    assert "1 entry, none refuted, 3 that could not be judged." in text
    assert "Traceback" not in text


def test_lower_than_committed_fails_and_update_commits(make, run):
    committed = (
        "# a comment\nderivations.a.sampled 1 PROVED\nderivations.a.sampled 2 CITED\nderivations.gone.b 1 PROVED\n"
    )
    root = make({"derivations/a.py": chapter("sampled"), "reports/verdicts.txt": committed})
    status, text = run(root, "verify")
    assert status == 1
    assert "line 2 of sampled stands lower than before: it was CITED" in text
    assert "changed   1 lowered, 1 gone since reports/verdicts.txt" in text
    assert "lowered  derivations.a.sampled line 2: CITED -> SAMPLED" in text
    status, _ = run(root, "verify", "--update")
    assert (root / "reports/verdicts.txt").read_text().splitlines()[1:] == [
        "derivations.a.sampled 1 PROVED",
        "derivations.a.sampled 2 SAMPLED",
    ]
    status, text = run(root, "verify")
    assert status == 0 and "nothing since reports/verdicts.txt; none lowered" in text


def test_update_keeps_the_lines_of_what_was_not_judged(make, run):
    committed = "derivations.a.bad 1 PROVED\nderivations.b.gradient 1 PROVED\nderivations.c.crash 2 CITED\n"
    root = make(
        {
            "derivations/a.py": "1 / 0\n",
            "derivations/b.py": chapter("gradient"),
            "derivations/c.py": chapter("crash"),
            "reports/verdicts.txt": committed,
        }
    )
    run(root, "verify", "--update")
    kept = (root / "reports/verdicts.txt").read_text().splitlines()[1:]
    assert kept == ["derivations.a.bad 1 PROVED", "derivations.b.gradient 1 PROVED", "derivations.b.gradient 2 PROVED",
                    "derivations.c.crash 2 CITED"]  # fmt: skip
    status, text = run(root, "verify", "derivations/b.py", "--update")
    assert status == 0 and "gone" not in text
    assert (root / "reports/verdicts.txt").read_text().splitlines()[1:] == kept


def test_a_file_of_verdicts_that_says_nothing_is_an_error_with_its_line(make, run):
    root = make({"derivations/a.py": RIGHT, "reports/verdicts.txt": "derivations.a.gradient 1 PROVEN\n"})
    status, text = run(root, "verify")
    assert status == 1 and "reports/verdicts.txt:1" in text and "is no verdict" in text


def test_a_line_that_nothing_is_shown_for_fails_until_it_is_committed_as_open(make, run):
    root = make({"derivations/a.py": chapter("open_question")})
    status, text = run(root, "verify")
    assert status == 1 and "○ OPEN      nothing is shown for line 2 of open_question   derivations/a.py:17" in text
    assert "why       no proof was found" in text and "1 entry, none refuted, nothing shown for 1 line." in text
    run(root, "verify", "--update")
    status, text = run(root, "verify")
    assert status == 0 and text.rstrip().endswith("1 entry, none refuted.")


def test_json_lists_every_line(make, run):
    root = make({"derivations/a.py": chapter("wrong"), "derivations/b.py": "1 / 0\n"})
    run(root, "verify", "--json", "out/verdicts.json")
    found = json.loads((root / "out/verdicts.json").read_text())
    assert found["schema"] == 1
    assert [(v["item"], v["line"], v["evidence"]) for v in found["verdicts"]] == [
        ("derivations.a.wrong", 1, "PROVED"),
        ("derivations.a.wrong", 2, "REFUTED"),
    ]
    assert found["verdicts"][1]["place"] == {"file": "derivations/a.py", "line": 17}
    assert found["verdicts"][1]["counterexample"]["left"] == ["1", "0"]
    assert found["errors"] == [{"chapter": "derivations.b", "item": "", "kind": "ZeroDivisionError",
                                "text": "division by zero", "file": "derivations/b.py", "line": 1}]  # fmt: skip
    assert [p.name for p in (root / "out").iterdir()] == ["verdicts.json"]


def test_a_hand_in_outside_any_project(make, run):
    root = make({"handin7.py": chapter("wrong")})
    (root / "pyproject.toml").unlink()
    status, text = run(root, "verify", "handin7.py")
    assert status == 1 and "✗ REFUTED   line 2 does not follow from line 1   handin7.py:17" in text


def test_nothing_to_judge(make, run):
    (root := make({})).joinpath("derivations").mkdir()
    status, text = run(root, "verify")
    assert status == 1 and "There is nothing to judge" in text
    status, text = run(root, "verify", "nowhere.py")
    assert status == 1 and "no such file or folder" in text


def test_a_proof_against_a_refutation_stops_the_run(make, run):
    root = make({"derivations/a.py": chapter("contradiction"), "derivations/b.py": chapter("gradient")})
    status, text = run(root, "verify")
    assert status == 3 and "proved and refuted" in text and "derivations/a.py:14" in text


def test_show_prints_an_item_and_names_what_is_near(make, run):
    root = make({"derivations/a.py": chapter("gradient"), "derivations/b.py": chapter("wrong")})
    status, text = run(root, "show", "a.gradient")
    assert status == 0
    assert "A title: Gradient   derivations/a.py:14" in text
    assert "■ PROVED     kernel-checked from the laws alone, in every dimension" in text
    assert "rests on   sums" in text
    assert text.count("■ PROVED") == 3
    status, text = run(root, "show", "wrong")
    assert status == 1 and text.index("✗ REFUTED") < text.index("■ PROVED")
    status, text = run(root, "show", "gradeint")
    assert status == 1 and "near it: " in text and "gradient" in text


def test_no_report_is_built_of_a_project_that_cannot_be_read(make, run, monkeypatch):
    """That a build that breaks off leaves the old report is the report's own test."""
    asked = []

    def build(project, verdicts, out, formats):
        asked.append((sorted(verdicts), out, formats))
        return [out / "index.html", out / "gradient.html", out / "book.pdf"]

    monkeypatch.setattr("chainrule.report.build", build)
    root = make({"derivations/a.py": chapter("gradient"), "derivations/b.py": "1 / 0\n"})
    status, text = run(root, "report")
    assert status == 1 and not asked and "not built; reports/build is left as it was" in text
    (root / "derivations/b.py").unlink()
    status, text = run(root, "report", "--format", "pdf")
    keys = [("derivations.a.gradient", 1), ("derivations.a.gradient", 2)]
    assert status == 0 and asked == [(keys, root / "reports/build", ("pdf",))]
    assert "reports/build/index.html" in text and "book.pdf" in text and "gradient.html" not in text


def test_a_folder_that_holds_other_things_is_refused_before_the_work(make, run, monkeypatch):
    root = make({"derivations/a.py": chapter("gradient"), "thesis/chapter-1.tex": "years of work"})
    monkeypatch.setattr("chainrule.cli.report.with_progress", lambda *_: pytest.fail("judged first"))
    status, text = run(root, "report", "--out", "thesis")
    assert status == 1 and "would be lost" in text and "thesis" in text
    assert (root / "thesis/chapter-1.tex").read_text() == "years of work"
