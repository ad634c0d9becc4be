"""The pages: every line with its number, evidence and reason; links that lead somewhere; nothing from the network."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from chainrule.project import Project
from chainrule.report import build
from tests.report.specimen import made_up


class Outline(HTMLParser):
    """The tags of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def every(self, tag: str) -> list[dict[str, str | None]]:
        return [a for t, a in self.tags if t == tag]


@pytest.fixture
def pages(book: Project, tmp_path: Path) -> Path:
    build(book, made_up(book), tmp_path / "out", ("html",))
    return tmp_path / "out"


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


class Reader(HTMLParser):
    """What a reader sees: words, and formulas as TeX."""

    def __init__(self, text: str):
        super().__init__()
        self.words: list[str] = []
        self.inside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "link", "img", "source", "br"):
            self.inside.append("set" if dict(attrs).get("class") == "katex-html" else tag)

    def handle_endtag(self, tag: str) -> None:
        self.inside.pop()

    def handle_data(self, data: str) -> None:
        formula = "math" in self.inside and "annotation" not in self.inside
        if not formula and not {"set", "style", "title"} & set(self.inside):
            self.words.append(data)


def visible(html: str) -> str:
    """The words of a page, one space between them."""
    return " ".join(" ".join(Reader(html).words).split())


def test_lines_are_numbered_through_the_entry(pages: Path) -> None:
    numbers = [int(n) for n in re.findall(r'id="line-(\d+)"', text(pages / "price.html"))]
    assert numbers == [1, 2, 3, 4, 5, 6]


def test_every_line_has_sign_word_and_colour(pages: Path) -> None:
    rows = re.findall(r'<li class="line.*?</li>', text(pages / "price.html"), re.S)
    found = [
        re.search(r'class="ev (\w+)"><svg aria-hidden="true"><use href="#(\w+)"/></svg>([A-Z]+)<', r) for r in rows
    ]
    assert [m and m.groups() for m in found] == [
        (k, k, k.upper()) for k in ("proved", "proved", "certified", "proved", "cited", "sampled")
    ]


def test_reasons_lead_to_what_they_lean_on(pages: Path) -> None:
    page = text(pages / "price.html")
    assert 'href="gram.html#line-1">10.01, lines 1–3</a>' in page
    assert 'href="price.html#line-1">line 1</a>' in page
    assert "Golub &amp; Van Loan, thm 2.4.1" in page


def test_what_is_below_proved_says_what_is_missing(pages: Path) -> None:
    price, gram = visible(text(pages / "price.html")), visible(text(pages / "gram.html"))
    assert "exact at n = 3, p = 2; error at most 3e-18" in price
    assert "30 digits at n = 3" in gram
    assert "asks: X : invertible" in gram
    assert "x < y & so on" in gram


def test_the_statement_has_hypotheses_and_conclusions(pages: Path) -> None:
    statement = re.search(r'<section class="statement".*?</section>', text(pages / "price.html"), re.S)
    assert statement
    tex = re.findall(r"<annotation[^>]*>(.*?)</annotation>", statement[0])
    assert any(r"\lambda" in t and "gt;" in t for t in tex)
    assert any(r"y \in \{-1,1\}^{n}" in t for t in tex)
    assert "is positive definite" in visible(statement[0])
    assert "positive: line 4" in visible(text(pages / "price.html"))


def test_links_and_files_exist(pages: Path) -> None:
    ids = {p.name: set(re.findall(r'id="([^"]+)"', text(p))) for p in pages.glob("*.html")}
    for name in ids:
        outline = Outline(text(pages / name))
        targets = [a["href"] for a in outline.every("a")] + [a["href"] for a in outline.every("link")]
        for target in targets:
            assert target is not None and ":" not in target
            file, _, anchor = target.partition("#")
            assert not file or (pages / file).is_file(), target
            assert not anchor or anchor in ids[file or name], f"{name}: {target}"


def test_it_works_offline_and_without_script(pages: Path) -> None:
    for page in pages.glob("*.html"):
        assert "<script" not in text(page) and not re.search(r'(src|srcset)="http', text(page))
    for sheet in (*pages.glob("*.css"), *pages.glob("katex/*.css")):
        for url in re.findall(r"url\(([^)]+)\)", text(sheet)):
            assert (sheet.parent / url).is_file(), url


def test_accessibility(pages: Path) -> None:
    for page in pages.glob("*.html"):
        outline = Outline(text(page))
        assert outline.every("html") == [{"lang": "en"}]
        assert len(outline.every("h1")) == 1 and len(outline.every("main")) == 1
        levels = [int(t[1]) for t, _ in outline.tags if re.fullmatch(r"h[1-6]", t)]
        assert all(b <= a + 1 for a, b in pairwise(levels)), levels
        assert 'class="skip" href="#main"' in text(page)
        assert all("scope" in a for a in outline.every("th"))
        assert all(a.get("alt") for a in outline.every("img"))
        assert all(a.get("tabindex") == "0" for t, a in outline.tags if a.get("class") in ("display", "scroll"))
        assert text(page).count('class="katex"') == text(page).count("<math ")


def test_agreement_tells_lost_digits_in_words(pages: Path) -> None:
    page = visible(text(pages / "price.html"))
    assert "the same function, but unstable, 2.3 digits lost at worst" in page
    assert "closed_form : the same function, but unstable . On 18 inputs the source was run in ball arithmetic." in page
    assert "ill-conditioned 2.3 digits lost 2.3 digits lost" in page and "typical 0.68 0.68" in page
    assert "by_hand/price.py" in page and "w* = A⁻¹Xᵀy" in page


def test_before_and_after(pages: Path) -> None:
    assert re.search(r'rests on</h3>.*href="gram.html">Gram matrices', text(pages / "price.html"), re.S)
    assert re.search(r'used by</h3>.*href="price.html">The price of long weights', text(pages / "gram.html"), re.S)


def test_the_front_page_is_the_table_of_contents(pages: Path) -> None:
    front = text(pages / "index.html")
    assert front.index("Gram matrices") < front.index("The price of long weights")
    assert '<path class="a1 b2"' in front
    assert "10.02–10.03" in front
    assert "9 lines: 4 proved, 1 cited, 1 certified, 2 sampled, 1 open" in visible(front)


def test_an_entry_stands_as_its_weakest_line_of_mathematics(pages: Path) -> None:
    rows = re.findall(r'href="(\w+).html">.*?class="ev (\w+)"', text(pages / "index.html").split('id="part-10"')[1])
    assert rows == [("gram", "open"), ("price", "certified")]  # price: its sampled code does not lower it


def test_the_appendix_has_every_law(pages: Path) -> None:
    from chainrule.laws import all_laws
    from chainrule.report.lines import anchor

    page = text(pages / "laws.html")
    assert all(f'id="{anchor(law.name)}"' in page for law in all_laws())
    assert "singular value decomposition" in page and "A A^-1 = I" in page


def test_a_refuted_line_is_loud(handed_in: Project, tmp_path: Path) -> None:
    build(handed_in, made_up(handed_in), tmp_path / "out", ("html",))
    page = text(tmp_path / "out" / "handin.html")
    assert page.count('class="line is-refuted"') == 1 and page.count('class="line after"') == 1
    shown = visible(page)
    assert "Line 2 is false." in shown and "at line 2 of 3" in shown and "Claim, as written" in shown
    assert "follows from line 2, so it falls with it" in shown
    assert r"A=\begin{pmatrix}0&amp;1\\0&amp;0\end{pmatrix}" in page
    assert "At n = 1 it holds." in shown
    cells = re.findall(r'<th scope="row">(line 1|line 2|difference)</th>', page)
    assert cells == ["line 1", "line 2", "difference"]
    assert r"\begin{pmatrix}1\\0\end{pmatrix}" in page and r"\begin{pmatrix}2\\0\end{pmatrix}" in page


def test_a_refuted_line_is_mended_by_what_is_proved(handed_in: Project, tmp_path: Path) -> None:
    build(handed_in, made_up(handed_in), tmp_path / "out")
    html = text(tmp_path / "out" / "handin.html")
    shown = visible(html)
    assert "Line 2 is false. It holds where A is symmetric, and nothing here says so." in shown
    assert "Two ways to mend line 2" in shown
    mended = shown[shown.index("Two ways to mend") : shown.index("What the verdict rests on")]
    assert "the derivative as the laws give it" in mended and "Ask more: let A be symmetric" in mended
    assert mended.count("PROVED") == 2 and html.count('id="line-2"') == 1
    assert "Two ways to mend line 2" in (tmp_path / "out" / "typst" / "book.typ").read_text(encoding="utf-8")
