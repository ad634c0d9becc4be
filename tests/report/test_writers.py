"""The three writers: each knows every block and span, escapes what it must, and prints the same words."""

from __future__ import annotations

import re
import shutil
import typing
from pathlib import Path

import pytest

from chainrule.errors import ChainruleError, Unsupported
from chainrule.evidence import Evidence
from chainrule.project import Project
from chainrule.report import build, formulas, gather, html, model, signs, tex, tex_letters, typst_pdf
from chainrule.report.katex import ASSETS, render
from tests.report.specimen import made_up

NASTY = r"""a#b $c$ *d* _e_ `f` <g> @h [i] ~j \k "l" %m &n {o} ^p =q +r -s /t // <b>u</b> 'v'"""
TEX = r"""a\#b \$c\$ *d* \_e\_ `f` \textless{}g\textgreater{} @h [i] \textasciitilde{}j \textbackslash{}k "l" """


def page_of(*blocks: model.Block) -> model.Book:
    words = (model.Words(NASTY), model.Emph(NASTY), model.Strong(NASTY), model.Code(NASTY), model.Lost(NASTY))
    page = model.Page("index", "1.02", NASTY, NASTY, words, words, (words,), blocks)
    return model.Book(NASTY, page, (), None)


@pytest.mark.parametrize("kind", typing.get_args(model.Block), ids=lambda k: k.__name__)
def test_every_writer_has_an_arm_for_every_block(kind: type) -> None:
    macros = html._environment().get_template("blocks.html").module
    assert hasattr(macros, kind.__name__.lower())
    assert typst_pdf.block.dispatch(kind) is not typst_pdf.block.dispatch(object)
    assert tex.block.dispatch(kind) is not tex.block.dispatch(object)


@pytest.mark.parametrize("writer", [html, tex, typst_pdf])
def test_what_is_no_span_is_refused(writer: typing.Any) -> None:
    with pytest.raises(Unsupported):
        writer.text((object(),))


def test_html_escapes() -> None:
    shown = html.page_html(page_of(), page_of().front)
    assert "<b>u</b>" not in shown.replace("<b>", "", 1).split("<main")[1].split("<b>a#b")[0]
    assert "&lt;b&gt;u&lt;/b&gt;" in shown


def test_typst_sets_any_words(tmp_path: Path) -> None:
    """Every character that Typst reads as markup survives: the PDF compiles, and the source escapes each."""
    typst_pdf.write(page_of(model.Paragraph((model.Words(NASTY),))), tmp_path)
    assert (tmp_path / "book.pdf").read_bytes().startswith(b"%PDF")


def test_tex_escapes() -> None:
    assert tex.words(NASTY).startswith(TEX.strip())
    assert not re.search(r"(?<!\\)[#$%&_]", tex.words(NASTY))


def test_letters_beyond_ascii_are_declared_for_latex() -> None:
    declared = tex_letters.declarations("w* = A⁻¹Xᵀy, λ Iₚ, Σ ≥ 0, é")
    assert r"\DeclareUnicodeCharacter{03BB}{\ensuremath{\lambda}}" in declared
    assert r"{209A}{\ensuremath{_{p}}}" in declared and r"{03A3}{\ensuremath{\Sigma}}" in declared
    assert "00E9" not in declared
    with pytest.raises(Unsupported, match="U\\+4E2D"):
        tex_letters.declarations("中")


def test_what_katex_cannot_set_is_an_error() -> None:
    with pytest.raises(ChainruleError, match="Undefined control sequence"):
        render(r"\nosuchcommand x")


def test_accented_letters_are_accents() -> None:
    assert formulas.symbol("ŷ").latex == (r" \hat{y}",) and formulas.symbol("ŷ").typst == (" hat(y)",)
    render(formulas.symbol("x̄").latex[0])


def test_the_signs_differ() -> None:
    assert set(signs.SVG) == set(Evidence) and len(set(signs.SVG.values())) == len(Evidence)
    look, preamble = (ASSETS / "book.typ").read_text("utf-8"), (ASSETS / "preamble.tex").read_text("utf-8")
    for evidence in Evidence:
        name = signs.name(evidence)
        assert f'"{name}"' in look and rf"\newcommand{{\s{name}}}" in preamble and f'id="{name}"' in signs.sprite()
    assert signs.SVG[Evidence.SAMPLED].count("z") == 4, "four dots in a square: three dots read 'therefore'"


def test_the_colours_agree_between_the_formats() -> None:
    css, look = (ASSETS / "book.css").read_text("utf-8"), (ASSETS / "book.typ").read_text("utf-8")
    preamble = (ASSETS / "preamble.tex").read_text("utf-8")
    for evidence in Evidence:
        name = signs.name(evidence)
        colour = re.search(rf"--{name}: (#\w+);", css)
        assert colour and f'{name}: rgb("{colour[1]}")' in look
        assert rf"\definecolor{{{name}}}{{HTML}}{{{colour[1][1:]}}}" in preamble


def test_pdf_and_tex_hold_every_line(book: Project, tmp_path: Path) -> None:
    written = build(book, made_up(book), tmp_path / "out", ("pdf", "tex"))
    pages = gather.book(book, made_up(book), tmp_path / "fig")
    typst, latex = typst_pdf.document(pages), tex.document(pages)
    for number in range(1, 7):
        assert f"row({number}, " in typst and f"\\row{{}}{{{number}}}" in latex
    assert (tmp_path / "out" / "book.pdf").stat().st_size > 10_000
    compiled = [p.name for p in written]
    assert compiled == ["book.pdf", "book.tex"] + ["book-latex.pdf"] * bool(shutil.which("latexmk"))


def test_a_long_formula_is_cut_where_the_printer_says(book: Project, tmp_path: Path) -> None:
    page = next(p for p in gather.book(book, made_up(book), tmp_path).pages if p.stem == "price")
    rows = [r for b in page.blocks if isinstance(b, model.Chain) for r in b.rows]
    first = rows[1].formula
    assert isinstance(first, model.Math) and len(first.latex) == len(first.typst) == 2
    assert html.pieces(first).count('<span><span class="katex">') == 2
    assert tex.formula(first).count(r"\piece{") == 2 and tex.formula(first).count(r"\cut ") == 1


def test_what_follows_a_formula_or_a_link_in_typst_is_no_part_of_it() -> None:
    """`#f(x);` would lose its semicolon, and `#emph[x](1970)` would be a call."""
    spans = (model.Math(("a", "b"), ("a", "b")), model.Words("; "), model.Emph("title"), model.Words("(1970)"))
    assert typst_pdf.formula(spans).endswith(r"\; #emph[title]\(1970)")
