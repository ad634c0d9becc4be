"""The book as PDF by Typst: book.typ holds the look, this file writes what stands on the pages."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Iterator
from functools import singledispatch
from pathlib import Path

from chainrule.errors import ChainruleError, Unsupported
from chainrule.evidence import Evidence

from . import signs
from .katex import ASSETS
from .model import (
    Block,
    Book,
    Boxes,
    Chain,
    Code,
    CodePair,
    Display,
    Emph,
    Family,
    Figure,
    Heading,
    Identities,
    Identity,
    LawRow,
    LawTable,
    Legend,
    Link,
    Listing,
    Lost,
    Map,
    Mark,
    Math,
    Page,
    Paragraph,
    Row,
    Span,
    Statement,
    Strong,
    Table,
    Text,
    Words,
    World,
)

BREAK = "\N{ZERO WIDTH SPACE}"
"""Where a long name in the head of a column may go on in the next line."""


def write(book: Book, folder: Path) -> list[Path]:
    """book.typ beside its look, and book.pdf. Errors: ChainruleError with what Typst says."""
    import matplotlib
    import typst

    source = folder / "typst"
    source.mkdir(parents=True, exist_ok=True)
    shutil.copy(ASSETS / "book.typ", source / "look.typ")
    (source / "book.typ").write_text(document(book), encoding="utf-8")
    fonts = [Path(matplotlib.get_data_path()) / "fonts" / "ttf"]  # cmtt10, the typewriter face
    try:
        typst.compile(source / "book.typ", output=folder / "book.pdf", root=folder, font_paths=fonts)
    except RuntimeError as error:
        raise ChainruleError(f"Typst cannot set the book: {error}") from error
    return [folder / "book.pdf"]


def document(book: Book) -> str:
    """The whole book as Typst source."""
    pages = "\n#pagebreak(weak: true)\n".join(page(p) for p in book.pages)
    return f'#import "look.typ": *\n#show: book.with(title: {quoted(book.title)})\n{pages}\n'


def page(p: Page) -> str:
    """One entry."""
    number = f"#text(soft)[{words(p.number)}] #h(4pt) " if p.number else ""
    source = f"#aside[{text(p.source)}]\n" if p.source else ""
    verdict = " #h(8pt) ".join(text(v) for v in p.verdict)
    head = [
        f"#metadata({quoted(p.head)}) <runhead>",
        f"= {number}{words(p.title)} <{label(p.stem)}>",
        source + text(p.lead),
        f"#block(above: 7pt, {{ set par(justify: false); small[{verdict}] }})" if verdict else "",
    ]
    return "\n".join([*head, *_kept_together(p)])


def _kept_together(p: Page) -> Iterator[str]:
    """The blocks of a page; a paragraph stays with the chain that it introduces, a row with its code."""
    for b, after in zip(p.blocks, (*p.blocks[1:], None), strict=True):
        keep = (isinstance(b, Paragraph) and isinstance(after, (Chain, Identities))) or isinstance(after, CodePair)
        yield f"#block(sticky: true)[{block(b, p.stem)}]" if keep else block(b, p.stem)


# --- inside a line -----------------------------------------------------------------------------------
_SPECIAL = re.compile(r"([\\#$*_`<>@\[\]~=+/;(-])")


def words(plain: str) -> str:
    """Plain words, with everything that Typst would read as markup escaped."""
    return _SPECIAL.sub(r"\\\1", plain).replace("\\-\\-", "–")


_INSIDE = re.compile(r"(?<=[A-Za-z])([._])(?=[A-Za-z])")


def _breakable(name: str) -> str:
    """A name that may be broken behind its dots and underlines: a column is narrow."""
    return _INSIDE.sub(r"\1" + BREAK, name)


def _breakable_span(span: Span) -> Span:
    return Words(_breakable(span.text)) if isinstance(span, Words) else span


def quoted(plain: str) -> str:
    """A Typst string."""
    return json.dumps(plain, ensure_ascii=False)


def text(spans: Iterable[Span]) -> str:
    """A run of text."""
    return "".join(_span(s) for s in spans)


def _span(span: Span) -> str:
    match span:
        case Words(t):
            return words(t)
        case Emph(t):
            return f"#emph[{words(t)}]"
        case Strong(t):
            return f"#strong[{words(t)}]"
        case Lost(t):
            return f"#text(fill: colour.sampled)[{words(t)}]"
        case Code(t):
            return f"#raw({quoted(t)})"
        case Math():
            return f"${' '.join(span.typst)}$"
        case Mark(evidence):
            return f'#ev("{signs.name(evidence)}")'
        case Link(t, target, _, law):
            shown = f"#law[{words(t)}]" if law else words(t)
            return f"#link(<{label(target)}>)[{shown}]"
        case _:
            raise Unsupported(f"a line of text cannot hold {span!r}")


def label(stem: str) -> str:
    """A page stem as a Typst label."""
    return "p-" + re.sub(r"[^A-Za-z0-9]+", "-", stem)


LONG = 100
"""Only a piece of more letters than this may be too wide for its column, and is measured."""


def formula(f: Math | Text) -> str:
    """A displayed formula that may break between its pieces."""
    if isinstance(f, Math):
        return f"#pieces({', '.join(f'(long: ${p}$)' if len(p) > LONG else f'${p}$' for p in f.typst)})"
    return "".join(formula(s) if isinstance(s, Math) else _span(s) for s in f)


# --- blocks ------------------------------------------------------------------------------------------
@singledispatch
def block(b: Block, stem: str) -> str:
    """One block of a page."""
    raise Unsupported(f"the Typst writer has no arm for {type(b).__name__}")


@block.register
def _(b: Heading, stem: str) -> str:
    return f"{'=' * b.level} {text(b.text)}"


@block.register
def _(b: Paragraph, stem: str) -> str:
    return f"\n#block({{ set par(justify: false); small[{text(b.text)}] }})" if b.soft else f"\n{text(b.text)}\n"


@block.register
def _(b: Display, stem: str) -> str:
    return "".join(f"#display[{formula(f)}]" for f in b.formulas)


@block.register
def _(b: Statement, stem: str) -> str:
    aside = f"#aside[#v(13pt) _Hypotheses._ {' '.join(text(a) for a in b.aside)}]\n" if b.aside else ""
    parts = "\n".join(f"#display[{formula(p)}]" if isinstance(p, Math) else f"\n{text(p)}\n" for p in b.parts)
    return f"{aside}#statement[{words(b.name)}][{parts}]"


@block.register
def _(b: Chain, stem: str) -> str:
    first = f"[{formula(b.first)}]" if b.first else "none"
    return f"#chain({first},\n  " + ",\n  ".join(row(r) for r in b.rows) + ")"


def row(r: Row) -> str:
    """number | relation | formula | reason | evidence."""
    relation = f"${r.relation.typst[0]}$" if r.relation else "[]"
    rests = f", rests: [{'; '.join(text(t) for t in r.rests)}]" if r.rests else ""
    state = f', state: "{r.state}"' if r.state else ""
    why = f'[{text(r.reason)}], "{signs.name(r.evidence)}"'
    return f"row({r.number}, {relation}, [{formula(r.formula)}], {why}{rests}{state})"


@block.register
def _(b: Figure, stem: str) -> str:
    image = f'image("/fig/{b.stem}-print.svg", width: 100%, alt: {quoted(b.alt)})'
    caption = f"#aside[#v(6pt) {text(b.caption)}]"
    return f"#block(above: 8pt, below: 10pt, width: 100%, breakable: false)[{caption}#{image}]"


@block.register
def _(b: CodePair, stem: str) -> str:
    boxes = [listing(x) for x in (b.left, b.right) if x is not None]
    maths = (
        f"\n#v(4pt)\n#block(sticky: true)[The hand-written code, read as mathematics:]\n#display[{formula(b.formula)}]"
        if b.formula
        else ""
    )
    shown = [f"#pair({x})" for x in boxes] if b.stacked else [f"#pair({', '.join(boxes)})"]
    return "\n".join(shown) + maths


def listing(x: Listing) -> str:
    """A title and a piece of Python."""
    return f"listing([{text(x.title)}], {quoted(x.source.strip(chr(10)))})"


@block.register
def _(b: Table, stem: str) -> str:
    heads = ", ".join(f"[{words(_breakable(h))}]" for h in b.heads)
    rows = ", ".join(
        "(" + ", ".join(f"[{text(map(_breakable_span, c))}]" for c in r) + ("," if len(r) == 1 else "") + ")"
        for r in b.rows
    )
    caption = f"#block(above: 8pt, below: 4pt, sticky: true, small[{text(b.caption)}])"
    return f"{caption}\n#rows(({heads}{',' if b.heads else ''}), {rows})"


@block.register
def _(b: Boxes, stem: str) -> str:
    return "\n".join(
        f"#block(above: 6pt, below: 6pt, breakable: false)[#strong[{text(x.head)}] \\ "
        + " \\ ".join(f"#small[{text(item)}]" for item in x.items) + "]"
        for x in b.boxes
    )  # fmt: skip


@block.register
def _(b: World, stem: str) -> str:
    values = " ".join(formula(v) for v in b.values)
    remarks = "\n".join(f"\n{text(r)}\n" for r in b.remarks)
    return f"#display[{values}]\n{block(b.sides, stem)}\n{remarks}"


@block.register
def _(b: Family, stem: str) -> str:
    up = "; ".join(f'#sign("{signs.name(e)}") {text(t)}' for e, t in b.up) or "the laws alone"
    down = "; ".join(f'#sign("{signs.name(e)}") {text(t)}' for e, t in b.down) or "nothing yet"
    return f"Rests on: {up}. \\ Used by: {down}."


@block.register
def _(b: Map, stem: str) -> str:
    arcs = "(" + "".join(f"({i}, {j}), " for i, j in b.arcs) + ")"
    rows = ",\n  ".join(_map_row(b, k) for k in range(len(b.rows)))
    return f"#course({arcs},\n  {rows})"


def _map_row(b: Map, k: int) -> str:
    r = b.rows[k]
    title = f"#link(<{label(r.page)}>)[{words(r.title)}]" if r.page else words(r.title)
    strip = "#strip(" + ", ".join(f'"{signs.name(e)}"' for e in r.strip) + ")" if r.strip else ""
    end = f'#ev("{signs.name(r.evidence)}")' if b.entries else f"#small[{words(r.note)}]"
    at = f"#context counter(page).at(<{label(r.page)}>).first()" if r.page else ""
    return f"([#small[{words(r.number)}] #h(2pt) {title}], [{strip}], [{end}], align(right, small[{at}]))"


@block.register
def _(b: Legend, stem: str) -> str:
    rows = ", ".join(f'ev("{signs.name(e)}"), small[{words(e.means)}]' for e in sorted(Evidence, reverse=True))
    return f"#block(above: 6pt, below: 8pt, grid(columns: (22mm, 1fr), row-gutter: 5pt, {rows}))"


@block.register
def _(b: LawTable, stem: str) -> str:
    return f"== {words(b.title)}\n#laws({', '.join(_law_row(r) for r in b.rows)})"


def _law_row(r: LawRow) -> str:
    says = f"{formula(r.says)} {text(r.words)}"
    return f"([#law[{words(r.name)}]], [{says}], [#small[{text(r.source)}]], [#small[{text(r.used)}]])"


@block.register
def _(b: Identities, stem: str) -> str:
    return "#identities(\n  " + ",\n  ".join(_identity(r) for r in b.rows) + ")"


def _identity(r: Identity) -> str:
    """name, lines, notes."""
    lines = "".join(f"{_identity_line(line)}, " for line in r.lines)
    notes = "".join(f"[{text(n)}], " for n in r.notes)
    return f"identity([{text(r.name)}], ({lines}), ({notes}))"


def _identity_line(line: Row) -> str:
    """number, formula with its relation, evidence, state."""
    relation = f"${line.relation.typst[0]}$ #h(3pt) " if line.relation else ""
    return f'({line.number}, [{relation}{formula(line.formula)}], "{signs.name(line.evidence)}", "{line.state}")'
