"""The pieces of a page about one typed formula: its symbols, formulas cut where they are long, lines, the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from chainrule import printing
from chainrule.diff.domain import plainly
from chainrule.diff.engine import names_in
from chainrule.errors import NotationError
from chainrule.evidence import Evidence, Verdict
from chainrule.notation.dims import show_shape
from chainrule.notation.nodes import Node
from chainrule.notation.statements import Assumption
from chainrule.typed import Formula

from .blocks import badge, wrapped
from .world import WIDTH

COLUMN = 46
"""Where the evidence of a line stands."""


def the_symbol(formula: Formula, name: str | None) -> str:
    """The symbol asked for; the only one, if none is named."""
    if name is not None:
        return name
    if len(formula.symbols) == 1:
        return next(iter(formula.symbols))
    known = f"add --wrt and one of {', '.join(formula.symbols)}" if formula.symbols else "there is none in this formula"
    raise NotationError(f"by which symbol? {known}")


def shapes(formula: Formula) -> Iterator[str]:
    """X (n, p)   w (p,)   lam () positive"""
    said = [
        " ".join([printing.unicode(v), show_shape(v.shape), *(p.replace("_", " ") for p in sorted(v.declared))])
        for v in formula.symbols.values()
    ]
    row = ""
    for piece in said:
        if row and cell_len(row) + cell_len(piece) + 6 > WIDTH:
            yield f"   {row}"
            row = ""
        row += ("   " if row else "") + piece
    if row:
        yield f"   {row}"


def shown(head: str, formula: Node, page: str) -> Iterator[str]:
    """A formula behind its head, cut where it is too long; LaTeX, which is there to be copied, in one row."""
    text = printing.formula(formula, page)
    yield from [f"   {head}{text}"] if page == "latex" else hung(head, text)


def hung(head: str, text: str) -> Iterator[str]:
    """Text behind a head, its later rows below its first."""
    for k, piece in enumerate(wrapped(text, WIDTH - 3 - cell_len(head))):
        yield "   " + (head if k == 0 else " " * cell_len(head)) + piece


def step(k: int, formula: Node, verdict: Verdict, law: str, page: str) -> Iterator[str]:
    """A line of a chain, its evidence and its law in their column, or below where the formula is long."""
    yield from beside(list(shown(f"{k:<2} = ", formula, page)), verdict, law)


def beside(rows: list[str], verdict: Verdict, reason: str) -> Iterator[str]:
    """Rows, and in their column, or below where they are long, the evidence and the reason."""
    said = f"{badge(verdict.evidence)}  {reason}"
    if len(rows) == 1 and cell_len(rows[0]) < COLUMN:
        yield rows[0] + " " * (COLUMN - cell_len(rows[0])) + said
    else:
        yield from (*rows, " " * COLUMN + said)


def where(node: Node, page: str) -> Iterator[str]:
    """where  t1 = ..., for each name in a formula, those that others use last."""
    for k, let in enumerate(names_in(node)):
        yield from shown(f"{'where' if k == 0 else '':<6} {printing.formula(let, page)} = ", let.value, page)


def evidence(formula: Formula, verdicts: Sequence[Verdict], given: tuple[Assumption, ...]) -> Iterator[str]:
    """The lowest verdict, what all of them rest on, what is declared, where it holds, and why it is no higher."""
    lowest = min(verdicts, key=lambda v: v.evidence)
    yield f"   {badge(lowest.evidence)}  {lowest.evidence.means}"
    asked = "; ".join(printing.predicate(p, "unicode") for p in plainly(given))
    names = ", ".join(printing.unicode(v) for v in formula.symbols.values())
    rows = [
        ("rests on", ", ".join(dict.fromkeys(r for v in verdicts for r in v.rests_on))),
        ("declared", ", ".join(h for h in lowest.hypotheses if not h.startswith("assumed: "))),
        ("where", asked or f"everywhere: nothing is asked of {names}"),
        ("why", lowest.why if lowest.evidence < Evidence.CITED else ""),
    ]
    yield from remarks(rows)


def remarks(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    """A word in the margin and what it says, for each that says something."""
    for head, text in rows:
        if text:
            yield from hung(f"{head:<10} ", text)
