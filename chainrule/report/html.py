"""The book as HTML: static pages, formulas already set, no script, no network."""

from __future__ import annotations

import html
import shutil
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup as safe
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from chainrule.errors import Unsupported
from chainrule.evidence import Evidence

from . import signs
from .katex import ASSETS, render
from .model import Block, Book, Code, Emph, Link, Lost, Map, Mark, Math, Page, Span, Strong, Text, Words

TEMPLATES = Path(__file__).parent / "templates"


def write(book: Book, folder: Path) -> list[Path]:
    """Every page of the book, and the assets beside them. Returns the pages."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ASSETS / "book.css", folder / "book.css")
    shutil.copytree(ASSETS / "fonts", folder / "fonts", dirs_exist_ok=True)
    shutil.copytree(ASSETS / "katex", folder / "katex", dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.js"))
    written = []
    for page in book.pages:
        path = folder / f"{page.stem}.html"
        path.write_text(page_html(book, page), encoding="utf-8")
        written.append(path)
    return written


def page_html(book: Book, page: Page) -> str:
    """One page."""
    return _environment().get_template("page.html").render(book=book, page=page)


@cache
def _environment() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(TEMPLATES)
    env = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    env.undefined = jinja2.StrictUndefined
    env.filters.update(
        text=text, words=words, pieces=pieces, block=_block, code=code, evidence=mark, sign=sign, ident=ident
    )
    env.globals.update(
        sprite=lambda: safe(signs.sprite()), arcs=arcs, dimming=dimming, Evidence=Evidence, name=signs.name
    )
    return env


def _block(block: Block) -> str:
    """The macro of blocks.html that has the block's name."""
    macros = _environment().get_template("blocks.html").module
    macro = getattr(macros, type(block).__name__.lower(), None)
    if macro is None:
        raise Unsupported(f"blocks.html has no macro for {type(block).__name__}")
    return str(macro(block))


# --- inside a line -----------------------------------------------------------------------------------
def text(spans: Text) -> str:
    """A run of text."""
    return safe("".join(_span(s) for s in spans))


def words(spans: Text) -> str:
    """The same without markup: for titles and labels."""
    return "".join(s.text for s in spans if isinstance(s, (Words, Emph, Strong, Lost, Code, Link)))


def _span(span: Span) -> str:
    match span:
        case Words(t):
            return html.escape(t, quote=False)
        case Emph(t):
            return f"<i>{html.escape(t)}</i>"
        case Strong(t):
            return f"<b>{html.escape(t)}</b>"
        case Lost(t):
            return f'<span class="lost">{html.escape(t)}</span>'
        case Code(t):
            return f"<code>{html.escape(t)}</code>"
        case Math():
            return "".join(render(p) for p in span.latex)
        case Mark(evidence):
            return mark(evidence)
        case Link(t, page, anchor, law):
            target = f"{page}.html" + (f"#{anchor}" if anchor else "")
            return f'<a{" class=law" if law else ""} href="{target}">{html.escape(t)}</a>'
        case _:
            raise Unsupported(f"a line of text cannot hold {span!r}")


def pieces(formula: Math | Text) -> str:
    """A displayed formula as spans between which the line may break."""
    if isinstance(formula, Math):
        return safe("".join(f"<span>{render(chr(92) + 'displaystyle ' + p)}</span>" for p in formula.latex))
    return safe("".join(pieces(s) if isinstance(s, Math) else _span(s) for s in formula))


def mark(evidence: Evidence) -> str:
    """Sign, word and colour."""
    k = signs.name(evidence)
    return safe(f'<span class="ev {k}"><svg aria-hidden="true"><use href="#{k}"/></svg>{k.upper()}</span>')


def sign(evidence: Evidence) -> str:
    """The sign alone, for a strip too small for words."""
    k = signs.name(evidence)
    return safe(f'<svg class="sign {k}" aria-hidden="true"><use href="#{k}"/></svg>')


def code(source: str) -> str:
    """A listing: keywords and names semibold, docstrings soft."""
    return safe(highlight(source.strip("\n"), PythonLexer(), HtmlFormatter(nowrap=True)))


def ident(words_: str) -> str:
    """A name as an anchor."""
    return "".join(c if c.isalnum() else "_" for c in words_.lower())


# --- the map -----------------------------------------------------------------------------------------
def arcs(drawn: Map) -> str:
    """Half ellipses left of the rows, every one read downward."""
    n, height = len(drawn.rows), 100
    paths = []
    for i, j in drawn.arcs:
        reach = min(130.0, 18 + 120 * ((j - i) / n) ** 0.7) if n > 4 else 22 + 24 * (j - i)
        x, top, bottom = 100 - reach, i * height + 50, j * height + 50
        curve = f"M100 {top} C {x:.1f} {top + 8} {x:.1f} {bottom - 8} 100 {bottom}"
        paths.append(f'<path class="a{i + 1} b{j + 1}" d="{curve}"/>')
    view = f'viewBox="0 0 100 {n * height}" preserveAspectRatio="none" aria-hidden="true"'
    return safe(f"<svg {view}>{''.join(paths)}</svg>")


def dimming(drawn: Map) -> str:
    """Pointing at a row dims the arcs of the others; nothing is lost where :has is not known."""
    rows = range(1, len(drawn.rows) + 1)
    rules = ",".join(f"#{drawn.ident}:has(li:nth-child({k}):hover) path:not(.a{k}):not(.b{k})" for k in rows)
    return (
        safe(f"<style>{rules}{{opacity:.08}}#{drawn.ident} path{{transition:opacity .15s}}</style>")
        if rules
        else safe("")
    )
