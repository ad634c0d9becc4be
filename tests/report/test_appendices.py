"""The appendices that a book names: typed formulas with their derivatives, and measurements as their file has them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from chainrule.errors import ChainruleError
from chainrule.evidence import Evidence
from chainrule.project import load
from chainrule.report import build, speed, survey, typed_formulas
from chainrule.report.appendices import appendices
from chainrule.report.model import Chain, Mark, Math, Paragraph, Table, Words
from chainrule.report.register import register
from chainrule.settings import SettingsError
from tests.report.specimen import BOOK, FILES, PYPROJECT, made_up

FORMULAS = """
title = "Three formulas"
lead = "As typed."

[[formula]]
name = "least squares"
text = "norm2(X*f - y)^2"
declare = "f: vector"
wrt = "f"

[[formula]]
name = "factorisation"
text = "norm2(X - U*V')^2"
wrt = "U"

[[formula]]
name = "norm"
text = "norm2(x)"
wrt = "x"
"""
SPEED = {
    "machine": "two cores",
    "date": "2026-01-31",
    "rows": [
        {"case": "ridge gradient", "sizes": "n = 1000, p = 20", "milliseconds": 0.01234,
         "against": {"hand-written NumPy": 1.02, "JAX": 250.0}, "goal": "at most 1.1", "met": True, "note": ""},
        {"case": "softmax", "sizes": "n = 10", "milliseconds": 1234.5, "against": {"torch": 3.0},
         "goal": "at least 5", "met": False, "note": "It allocates twice."},
    ],
}  # fmt: skip


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_formulas_are_differentiated_and_judged(tmp_path: Path) -> None:
    page = typed_formulas.page(written(tmp_path, "three.toml", FORMULAS), "appendix-three", "Appendix B")
    chains = [b for b in page.blocks if isinstance(b, Chain)]
    assert page.title == "Three formulas" and page.evidence is Evidence.PROVED
    assert [r.number for c in chains for r in c.rows] == [1, 2, 3, 4, 5, 6]
    shown = [["".join(s.latex) for s in r.formula if isinstance(s, Math)] for c in chains for r in c.rows]
    assert shown[0] == [r"\nabla_f g{}= 2 X^{\mathsf T}(Xf - y)"]
    assert shown[1] == [r"\nabla_f^2 g{}= 2 X^{\mathsf T} X"]
    assert shown[3] == [
        r"\frac{\partial^2 f}{\partial U_{ij}\,\partial U_{kl}}{}= 2 \delta_{ik} (V^{\mathsf T} V)_{jl}",
        r"I_n \otimes (2 V^{\mathsf T} V)",
    ]
    assert [c.rows[0].rests != () for c in chains] == [False, False, True]


def test_measurements_are_printed_as_they_stand(tmp_path: Path) -> None:
    page = speed.page(written(tmp_path, "speed.json", json.dumps(SPEED)), "appendix-speed", "Appendix C")
    (table,) = (b for b in page.blocks if isinstance(b, Table))
    assert table.heads == ("case", "sizes", "milliseconds", "hand-written NumPy", "JAX", "torch", "goal")
    cells = [["".join(s.text for s in cell if not isinstance(s, Math)) for cell in row] for row in table.rows]  # type: ignore[union-attr]
    assert cells[0] == ["ridge gradient", "n = 1000, p = 20", "0.0123", "1.02", "250", "–", "at most 1.1: met"]
    assert cells[1] == ["softmax", "n = 10", "1234", "–", "–", "3.00", "at least 5: not met"]
    assert Words("Measured on two cores, 2026-01-31. 1 of 2 goals met.") in page.blocks[0].text  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["no json", "[]", '{"rows": []}', json.dumps({**SPEED, "rows": [{"case": "x"}]})])
def test_measurements_of_another_form_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=r"speed.json:1: .*(JSON|make speed)"):
        speed.page(written(tmp_path, "speed.json", text), "s", "B")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no toml", "title"),
        ('title = "x"\n[[formula]]\nname = "y"', "text"),
        ('title = "x"\n[[formula]]\nname = "y"\ntext = "x +"\nwrt = "x"', "three.toml:3: y: "),
        ('title = "x"\n[[formula]]\nname = "y"\ntext = "x\'*x"\nwrt = "z"', "three.toml:3: y: "),
    ],
)
def test_formulas_that_cannot_be_read_are_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        typed_formulas.page(written(tmp_path, "three.toml", text), "s", "B")


def appended(make: Callable[..., Path], more: str, **files: str) -> Path:
    return make({**FILES, "reports/book.toml": BOOK + more, **files}, PYPROJECT)


def test_a_book_has_its_appendices_in_every_format(make: Callable[..., Path], tmp_path: Path) -> None:
    more = '[[appendix]]\nformulas = "three.toml"\n[[appendix]]\nspeed = "speed.json"\n'
    files = {"reports/three.toml": FORMULAS, "reports/speed.json": json.dumps(SPEED)}
    project = load(appended(make, more, **files))
    out = tmp_path / "out"
    written = build(project, made_up(project), out)
    assert {"appendix-three.html", "appendix-speed.html"} <= {p.name for p in written}
    html = (out / "index.html").read_text(encoding="utf-8")
    assert 'href="appendix-three.html"' in html and 'href="appendix-speed.html"' in html
    for source in (out / "typst" / "book.typ", out / "tex" / "book.tex"):
        assert "It allocates twice" in source.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[[appendix]]\nspeed = "gone.json"\n', r"book.toml:\d+: .*gone.json, which is not there"),
        ('[[appendix]]\nrecipes = "x.toml"\n', r"book.toml:\d+: .*formulas = .* or speed ="),
        ('[[appendix]]\nformulas = "a"\nspeed = "b"\n', "has one line"),
    ],
)
def test_an_appendix_that_is_not_there(make: Callable[..., Path], more: str, said: str) -> None:
    with pytest.raises(ChainruleError, match=said):
        project = load(appended(make, more))
        appendices(register(project, made_up(project)))


SURVEY = """
title = "Items"
lead = "How they stand."
head = "thing"
[[column]]
name = "slope"
items = ["gradient"]
[[column]]
name = "other"
items = ["*ary", "no such"]
[[column]]
name = "runs"
[[column]]
name = "with"
[[row]]
name = "the price"
item = "price."
items = { runs = ["price.code"] }
words = { with = "by hand" }
[[row]]
name = "Gram"
item = "gram.never_negative"
items = { slope = ["gram.never*"] }
"""


def test_a_survey_has_the_weakest_of_its_items(make: Callable[..., Path], tmp_path: Path) -> None:
    project = load(appended(make, ""))
    found = register(project, made_up(project))
    page = survey.page(found, written(tmp_path, "items.toml", SURVEY), "s", "B")
    (table,) = (b for b in page.blocks if isinstance(b, Table))
    assert table.heads == ("thing", "slope", "other", "runs", "with")
    first, second = table.rows
    assert first[1][0] == Mark(Evidence.CERTIFIED) and first[2][0] == Mark(Evidence.CITED)
    assert first[3][0] == Words("agrees") and first[4] == (Words("by hand"),)
    assert second[1][0] == Mark(Evidence.OPEN) and second[2] == second[3] == (Words("–"),)


MEASURED = {"machine": "two cores", "date": "2026-01-31", "rows": {"the price": {"speed": "1.2 (0.9 to 1.4)"}}}
MORE = (
    SURVEY.replace(
        '[[column]]\nname = "with"',
        '[[column]]\nname = "generated"\ngenerated = "runs"\n[[column]]\nname = "times"\nmeasured = "speed"',
    )
    .replace('words = { with = "by hand" }', "")
    .replace('head = "thing"', 'head = "thing"\nmeasured = "found.json"')
)


def test_a_survey_shows_generated_code_and_what_was_measured(make: Callable[..., Path], tmp_path: Path) -> None:
    project = load(appended(make, ""))
    judged = made_up(project)
    found = register(project, judged)
    written(tmp_path, "found.json", json.dumps(MEASURED))
    page = survey.page(found, written(tmp_path, "items.toml", MORE), "s", "B")
    paragraph, table = page.blocks
    assert isinstance(paragraph, Paragraph) and paragraph.text == (Words("Measured on two cores, 2026-01-31."),)
    assert isinstance(table, Table) and table.heads == ("thing", "slope", "other", "runs", "generated", "times")
    first, second = table.rows
    assert first[4] == (Words("of 1: 1 the same, with digits lost"),) and first[5] == (Words("1.2 (0.9 to 1.4)"),)
    assert second[4] == second[5] == (Words("–"),)
    for outcome, said in (
        ("agrees", "agrees"),
        ("disagrees", "of 1: 1 another function"),
        ("none", "of 1: 1 not generated"),
    ):
        key = next(k for k in judged if k[0].endswith(".code"))
        judged[key].detail["generated"] = {"outcome": outcome}
        page = survey.page(register(project, judged), tmp_path / "items.toml", "s", "B")
        assert page.blocks[1].rows[0][4] == (Words(said),)  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["", "no JSON", '{"rows": {}}', '{"machine": "m", "date": "d", "rows": []}'])
def test_measurements_of_a_survey_that_cannot_be_read_are_named(
    make: Callable[..., Path], tmp_path: Path, text: str
) -> None:
    project = load(appended(make, ""))
    if text:
        written(tmp_path, "found.json", text)
    with pytest.raises(SettingsError, match=r"found.json:1: .*make speed"):
        survey.page(register(project, made_up(project)), written(tmp_path, "items.toml", MORE), "s", "B")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no toml", "TOML"),
        ('title = "x"', "a survey has"),
        (SURVEY.replace('item = "price."', ""), "row 1 needs a item"),
        (SURVEY.replace("price.code", "price.cod"), "'the price' names 'price.cod'"),
        (SURVEY.replace("gram.never*", "gram.*x"), "'Gram' names"),
        (
            SURVEY.replace('"gram.never_negative"\nitems = { slope = ["gram.never*"] }', '"grams"'),
            "finds no item 'grams'",
        ),
    ],
)
def test_a_survey_that_cannot_be_read_is_named(make: Callable[..., Path], tmp_path: Path, text: str, said: str) -> None:
    project = load(appended(make, ""))
    with pytest.raises(SettingsError, match=said):
        survey.page(register(project, made_up(project)), written(tmp_path, "items.toml", text), "s", "B")
