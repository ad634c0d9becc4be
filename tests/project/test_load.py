"""A project is read in the book's order, and a chapter as a text with its items."""

from pathlib import Path

import pytest

from chainrule.project import load
from chainrule.settings import SettingsError
from tests.conftest import RIGHT

BOOK = """
[[part]]
number = 10
title = "Linear models"
entries = [{ number = "10.01", stem = "second" }, { number = "10.02", stem = "first" }]
"""


def test_a_chapter_is_a_title_a_lead_sources_and_items_in_order(make):
    root = make({"derivations/least_squares.py": RIGHT})
    (chapter,) = load(root).chapters
    assert (chapter.name, chapter.stem, chapter.shelf) == ("derivations.least_squares", "least_squares", "derivations")
    assert chapter.title == "Least squares"
    assert chapter.lead == "Find the weights that come nearest to the data."
    assert chapter.prose == ("They are found by hand.",)
    assert chapter.sources == ("Gauss (1809).",)
    (entry,) = chapter.entries
    assert (entry.full, entry.heading, entry.kind) == ("derivations.least_squares.gradient", "Gradient", "derivation")
    assert entry.note == "A residual, carried back through X."
    assert list(chapter.symbols) == ["X", "y", "w"]


def test_items_keep_the_order_of_the_file_and_those_made_elsewhere_are_not_listed(make):
    more = """
        from chainrule import algebra, by, claim, derive, equals, let, positive_definite, matrix, dims, vector
        from derivations.least_squares import gradient
        n = dims("n")[0]
        A = matrix("A", n, n, positive_definite=True)
        b = vector("b", n)
        S = let("S", A + A)
        z_first = derive(b + b, equals(2 * b, algebra))
        a_second = claim(positive_definite(A), by(gradient))
        steps = [derive(b - b, equals(0)), derive(b, equals(b))]
    """
    root = make({"derivations/least_squares.py": RIGHT, "derivations/more.py": more})
    chapter = load(root).chapters[1]
    assert [e.name for e in chapter.entries] == ["z_first", "a_second", "steps[0]", "steps[1]"]
    assert list(chapter.lets) == ["S"]
    assert "gradient" in chapter.facts.values()


def test_the_book_orders_and_numbers_and_the_rest_is_unplaced(make):
    root = make({f"derivations/{n}.py": RIGHT for n in ("first", "other", "second")} | {"reports/book.toml": BOOK})
    project = load(root)
    assert [(c.number, c.stem) for c in project.chapters] == [("10.01", "second"), ("10.02", "first"), ("", "other")]
    assert [p.title for p in project.parts] == ["Linear models", "Unplaced"]
    assert not project.errors


def test_the_book_says_how_a_page_is_set(make):
    table = BOOK.replace('stem = "first"', 'stem = "first", layout = "table"')
    root = make({f"derivations/{n}.py": RIGHT for n in ("first", "second")} | {"reports/book.toml": table})
    assert [c.layout for c in load(root).chapters] == ["", "table"]


@pytest.mark.parametrize(
    ("book", "says", "line"),
    [
        (BOOK.replace('"first"', '"first", layout = "tabel"'), 'first has layout = "tabel"; there is "table"', 4),
        (BOOK.replace('"10.02", stem = "first"', '"10.01", layout = "table", stem = "first"'), "10.01 is one page", 4),
    ],
)
def test_a_layout_that_cannot_be_is_an_error_with_its_line(make, book, says, line):
    root = make({f"derivations/{n}.py": RIGHT for n in ("first", "second")} | {"reports/book.toml": book})
    with pytest.raises(SettingsError) as error:
        load(root)
    assert says in error.value.text and error.value.place.line == line


def test_paths_choose_files_and_folders(make):
    root = make({f"derivations/{n}.py": RIGHT for n in ("first", "second")} | {"handed_in/third.py": RIGHT})
    only = load(root, [root / "derivations" / "second.py"])
    assert [c.name for c in only.chapters] == ["derivations.second"] and not only.whole
    assert [c.name for c in load(root, [root / "handed_in"]).chapters] == ["handed_in.third"]


def test_a_file_outside_any_project_is_read_alone(make, tmp_path):
    root = make({"handin7.py": RIGHT})
    (root / "pyproject.toml").unlink()
    project = load(Path.cwd(), [root / "handin7.py"])
    assert [c.name for c in project.chapters] == ["handin7"]
    assert not project.settings.declared


def test_two_projects_with_shelves_of_one_name_do_not_mix(make, tmp_path):
    root = make({"one/pyproject.toml": '[tool.chainrule]\nshelves = ["derivations"]\n', "one/derivations/a.py": RIGHT,
                 "two/pyproject.toml": '[tool.chainrule]\nshelves = ["derivations"]\n',
                 "two/derivations/a.py": RIGHT.replace("Least squares", "Another")})  # fmt: skip
    assert [load(root / n).chapters[0].title for n in ("one", "two", "one")] == [
        "Least squares",
        "Another",
        "Least squares",
    ]


def test_settings_say_what_is_wrong_with_them_and_where(make):
    for table, text in {
        'shelfs = ["a"]': "did you mean shelves",
        "shelves = 3": "a list of folder names",
        'pytest = "yes"': "true or false",
    }.items():
        root = make({}, "[tool.chainrule]\n" + table + "\n")
        with pytest.raises(SettingsError, match=text) as caught:
            load(root)
        assert (caught.value.place.file, caught.value.place.line) == (str(root / "pyproject.toml"), 2)
    root = make({}, "[tool.chainrule\n")
    with pytest.raises(SettingsError, match="no TOML"):
        load(root)


def test_a_path_that_is_not_there_is_an_error(make):
    with pytest.raises(SettingsError, match="no such file"):
        load(make({}), [Path("nowhere.py")])
