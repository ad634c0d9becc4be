"""The book as data: what stands on each page, before anyone decides on HTML, Typst or LaTeX."""

from __future__ import annotations

from dataclasses import dataclass, field

from chainrule.errors import Place
from chainrule.evidence import Evidence

HALF_PAGE, FULL_PAGE = 56, 100
"""Letters of code in half the width of a page, and in the whole."""


# --- inside a line of text ---------------------------------------------------------------------------
@dataclass(frozen=True)
class Words:
    """Plain words."""

    text: str


@dataclass(frozen=True)
class Emph:
    """Words in italics: the title of a book, the name of a law."""

    text: str


@dataclass(frozen=True)
class Strong:
    """Words in bold: the name at the head of a statement."""

    text: str


@dataclass(frozen=True)
class Lost:
    """Words in the colour of SAMPLED: digits that a program loses."""

    text: str


@dataclass(frozen=True)
class Code:
    """A name in typewriter: a file, a function."""

    text: str


@dataclass(frozen=True)
class Math:
    """A formula for each writer, in the pieces between which a line may break."""

    latex: tuple[str, ...]
    typst: tuple[str, ...]


@dataclass(frozen=True)
class Mark:
    """A sign of evidence with its word and colour."""

    evidence: Evidence


@dataclass(frozen=True)
class Link:
    """Words that lead to a page of the book: page stem and, within it, an anchor."""

    text: str
    page: str
    anchor: str = ""
    law: bool = False


Span = Words | Emph | Strong | Lost | Code | Math | Mark | Link
Text = tuple[Span, ...]


# --- blocks of a page --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Statement:
    """What is shown, with its hypotheses: paragraphs and displayed formulas in turn. `aside` stands in the margin."""

    name: str
    parts: tuple[Text | Math, ...]
    aside: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Row:
    """number | relation | formula | evidence | reason. `rests` is the soft second part of the reason."""

    number: int
    relation: Math | None
    formula: Math | Text
    evidence: Evidence
    reason: Text
    rests: tuple[Text, ...] = ()
    place: Place | None = None
    state: str = ""  # "is-refuted", or "after" for a line that follows a refuted one


@dataclass(frozen=True)
class Chain:
    """A derivation: where it starts and its rows. One that is not anchored repeats numbers that stand elsewhere."""

    label: str
    first: Math | Text | None
    rows: tuple[Row, ...]
    anchored: bool = True


@dataclass(frozen=True)
class Identity:
    """A row of a table of identities: its name, its lines, the first with the formula that it starts from, and the
    notes under them."""

    name: Text
    lines: tuple[Row, ...]
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Identities:
    """A table with one row an item: name | lines | evidence."""

    label: str
    rows: tuple[Identity, ...]


@dataclass(frozen=True)
class Heading:
    """A section of an entry; `level` 2, or 3 inside it."""

    text: Text
    level: int = 2
    anchor: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Words between the formulas; `soft` ones are remarks."""

    text: Text
    soft: bool = False


@dataclass(frozen=True)
class Display:
    """Formulas on a line of their own."""

    formulas: tuple[Math, ...]


@dataclass(frozen=True)
class Figure:
    """A drawing: `stem` names its files, one for each page colour and width."""

    stem: str
    alt: str
    caption: Text


@dataclass(frozen=True)
class Listing:
    """A piece of Python and what stands over it."""

    title: Text
    source: str


@dataclass(frozen=True)
class CodePair:
    """The generated function beside the hand-written one; and the latter read as mathematics, where that is safe."""

    left: Listing | None
    right: Listing
    formula: Math | Text | None = None

    @property
    def stacked(self) -> bool:
        """Whether a line is too long for half a page, so that the one listing stands above the other."""
        sources = [x.source for x in (self.left, self.right) if x is not None]
        return max(len(line) for s in sources for line in s.splitlines()) > HALF_PAGE


@dataclass(frozen=True)
class Table:
    """A caption, the heads of the columns and rows of cells; the first cell of a row is its head."""

    caption: Text
    heads: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]


@dataclass(frozen=True)
class Box:
    """A heading and a list under it."""

    head: Text
    items: tuple[Text, ...]


@dataclass(frozen=True)
class Boxes:
    """Boxes side by side: what a verdict rests on."""

    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class World:
    """Where a line is false: the values of the symbols, both sides, and how to see it."""

    values: tuple[Math, ...]
    sides: Table
    remarks: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Family:
    """What an entry stands on, and what stands on it."""

    up: tuple[tuple[Evidence, Text], ...]
    here: str
    down: tuple[tuple[Evidence, Text], ...]


@dataclass(frozen=True)
class MapRow:
    """A row of the map: a chapter or an entry, with the evidence of what is in it."""

    number: str
    title: str
    page: str
    anchor: str
    strip: tuple[Evidence, ...]
    evidence: Evidence
    note: str


@dataclass(frozen=True)
class Map:
    """Rows in reading order, and arcs (i, j) from a row to a later one that uses it."""

    ident: str
    rows: tuple[MapRow, ...]
    arcs: tuple[tuple[int, int], ...]
    entries: bool = False


@dataclass(frozen=True)
class Legend:
    """The six signs and what they mean."""


@dataclass(frozen=True)
class LawRow:
    """A row of the appendix."""

    name: str
    says: Text = ()
    words: Text = ()
    source: Text = ()
    used: Text = ()


@dataclass(frozen=True)
class LawTable:
    """The laws of one kind."""

    title: str
    rows: tuple[LawRow, ...]


Block = (
    Statement | Chain | Heading | Paragraph | Display | Figure | CodePair | Table | Boxes | World | Family | Map
    | Legend | LawTable | Identities
)  # fmt: skip


# --- pages and the book ------------------------------------------------------------------------------
@dataclass(frozen=True)
class Page:
    """A page of the book (in HTML a file): an entry, the front page, the law appendix."""

    stem: str
    number: str
    title: str
    head: str  # the running head: the chapter it stands in
    lead: Text
    source: Text = ()
    verdict: tuple[Text, ...] = ()
    blocks: tuple[Block, ...] = ()
    evidence: Evidence | None = None
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Part:
    """A chapter of the book and its entries."""

    number: str
    title: str
    pages: tuple[Page, ...]


@dataclass(frozen=True)
class Book:
    """Front page, chapters, appendix."""

    title: str
    front: Page
    parts: tuple[Part, ...]
    laws: Page | None
    appendices: tuple[Page, ...] = ()
    figures: dict[str, Figure] = field(default_factory=dict)

    @property
    def pages(self) -> tuple[Page, ...]:
        """All pages in reading order."""
        entries = tuple(page for part in self.parts for page in part.pages)
        return (self.front, *entries, *((self.laws,) if self.laws else ()), *self.appendices)
