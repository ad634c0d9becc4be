"""A page about a typed formula: its symbols with their shapes, formulas cut where they are long, lines of a chain."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len

from chainrule import printing
from chainrule.diff.engine import names_in
from chainrule.evidence import Verdict
from chainrule.notation.dims import show_shape
from chainrule.notation.nodes import Node
from chainrule.typed import Formula

from .blocks import badge, wrapped
from .world import WIDTH

COLUMN = 46
"""Where the evidence of a line stands."""


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


def step(head: str, formula: Node, verdict: Verdict, reason: str, page: str) -> Iterator[str]:
    """A line of a chain: its sign, the formula, and in a fixed column the evidence and the reason."""
    rows = list(shown(head, formula, page))
    yield from beside(rows, f"{badge(verdict.evidence)}  {reason}")


def beside(rows: list[str], said: str) -> Iterator[str]:
    """Rows with something said in the column of the evidence, on a row of its own where they are too long."""
    if len(rows) == 1 and cell_len(rows[0]) < COLUMN:
        yield rows[0] + " " * (COLUMN - cell_len(rows[0])) + said
    else:
        yield from (*rows, " " * COLUMN + said)


def where(node: Node, page: str) -> Iterator[str]:
    """where  t1 = ..., for each name in a formula, those that others use last."""
    for k, let in enumerate(names_in(node)):
        yield from shown(f"{'where' if k == 0 else '':<6} {printing.formula(let, page)} = ", let.value, page)
