"""Chapters printed as one table: a row an item, a section a chapter, in every format."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from chainrule.evidence import Evidence, Verdict
from chainrule.project import Project, load
from chainrule.report import build, gather, html, model, tex, typst_pdf
from chainrule.report.register import lines_of
from tests.report.specimen import PYPROJECT, WORLD
from tests.report.test_pages import visible

BOOK = """
[[part]]
number = 2
title = "Identities"
entries = [
    { number = "2.01", stem = "sums", layout = "table" },
    { number = "2.01", stem = "inverses", layout = "table" },
]
"""
SUMS = '''
"""Sums and their like.

They are short.

Source: Anybody (1900).
"""
from chainrule import algebra, derive, dims, equals, expand, vector

n, = dims("n")
x, y = vector("x", n), vector("y", n)
swapped = derive(x + y, equals(y + x, algebra))
"""Equation 7"""
twice = derive(x + x, equals(2 * x, algebra), equals(x + 2 * x, expand))
"""Equation 8

Correction. The last line is wrong.
"""
'''
INVERSES = '''
"""Inverses.

They come back.
"""
from chainrule import algebra, assume, claim, derive, dims, equals, invertible, let, matrix

n, = dims("n")
x, A = matrix("x", n, n), matrix("A", n, n)
regular = assume(invertible(x + A))
S = let("S", x + A)
back = derive(S.I.I, equals(S, algebra), given=regular)
still = claim(invertible(S.T), regular)
'''
FILES = {"reports/book.toml": BOOK, "leaves/sums.py": SUMS, "leaves/inverses.py": INVERSES}


@pytest.fixture
def table(make: Callable[..., Path]) -> Project:
    project = load(make(FILES, PYPROJECT))
    assert not project.errors
    return project


def judged(project: Project) -> dict[tuple[str, int], Verdict]:
    """PROVED; one line refuted in a world, and one that lacks something."""
    found = {}
    for _, entry in project.entries:
        for line in lines_of(entry.item):
            more = {
                ("twice", 2): {"evidence": Evidence.REFUTED, "counterexample": WORLD},
                ("still", 0): {"evidence": Evidence.SAMPLED, "why": "nobody knows", "sizes": ("n = 3",)},
            }.get((entry.name, line), {"evidence": Evidence.PROVED})
            found[entry.full, line] = Verdict(item=entry.full, line=line, place=entry.item.place, **more)  # type: ignore[arg-type]
    return found


def page_of(project: Project, folder: Path) -> model.Page:
    (page,) = gather.book(project, judged(project), folder).parts[0].pages
    return page


def test_a_section_a_chapter_and_a_row_an_item(table: Project, tmp_path: Path) -> None:
    page = page_of(table, tmp_path)
    tables = [b for b in page.blocks if isinstance(b, model.Identities)]
    assert [t.label for t in tables] == ["Sums and their like", "Inverses"]
    named = [[html.words(r.name) for r in t.rows] for t in tables]
    assert named == [["Equation 7", "Equation 8"], ["Back", "Still"]]
    assert [line.number for t in tables for r in t.rows for line in r.lines] == [1, 2, 3, 4, 5]
    assert page.title == "Sums and their like"
    assert not any(isinstance(b, model.Statement) or (isinstance(b, model.Chain) and b.anchored) for b in page.blocks)


def test_each_section_says_what_its_symbols_are(table: Project, tmp_path: Path) -> None:
    """x is a vector in the first chapter and a matrix in the second; symbols of one kind stand together."""
    said = [tex.text(b.text) for b in page_of(table, tmp_path).blocks if isinstance(b, model.Paragraph) and b.soft]
    assert [s.replace(" ", "") for s in said] == [
        r"Let$x,$$y\in\mathbb{R}^{n}$,forany$n\ge1$.",
        r"Let$x,$$A\in\mathbb{R}^{n\timesn}$,forany$n\ge1$.Write$S{}=x{}+A$.",
    ]


def test_a_row_says_what_it_asks_what_it_lacks_and_its_note(table: Project, tmp_path: Path) -> None:
    build(table, judged(table), tmp_path / "out", ("html",))
    page = (tmp_path / "out" / "sums.html").read_text(encoding="utf-8")
    rows = [visible(row) for row in re.findall(r"<tbody>.*?</tbody>", page, re.S) if 'class="line' in row]
    assert [row.split(" 1 ")[0].split(" 2 ")[0].split(" 4 ")[0].split(" 5 ")[0] for row in rows] == [
        "Equation 7", "Equation 8", "Back", "Still",
    ]  # fmt: skip
    assert "REFUTED" in rows[1] and rows[1].count("PROVED") == 1 and "<i>Correction.</i>" in page
    assert "If x {}+ A is invertible." in rows[2]
    assert "nobody knows; 30 digits at n = 3" in rows[3] and "SAMPLED" in rows[3]
    assert 'class="line is-refuted" id="line-3"' in page and "A world where line 3 fails" in page


def test_the_map_shows_the_sections_of_a_table(table: Project, tmp_path: Path) -> None:
    front = gather.book(table, judged(table), tmp_path).front
    (entries,) = [b for b in front.blocks if isinstance(b, model.Map)]
    assert [row.strip for row in entries.rows] == [(Evidence.REFUTED, Evidence.SAMPLED)]


def test_pdf_and_tex_hold_every_line(table: Project, tmp_path: Path) -> None:
    written = build(table, judged(table), tmp_path / "out", ("pdf", "tex"))
    book = gather.book(table, judged(table), tmp_path / "fig")
    typst, latex = typst_pdf.document(book), tex.document(book)
    for name in ("Equation 7", "Equation 8", "Back", "Still"):
        assert f"identity([{name}]" in typst and rf"\identityline{{{name}}}" in latex
    for number in range(1, 6):
        assert f"({number}, [" in typst and re.search(rf"\\identityline\{{[^}}]*\}}\{{{number}\}}", latex)
    assert (tmp_path / "out" / "book.pdf").stat().st_size > 10_000
    compiled = [p.name for p in written]
    assert compiled == ["book.pdf", "book.tex"] + ["book-latex.pdf"] * bool(shutil.which("latexmk"))
