"""The terminal: the colours of the evidence, and blocks of text printed in them."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from chainrule.errors import ChainruleError
from chainrule.evidence import Evidence

SOFT = "#aaa395"
COLOURS = {
    Evidence.PROVED: "#85c9a3",
    Evidence.CITED: "#8fbbee",
    Evidence.CERTIFIED: "#c5abf0",
    Evidence.SAMPLED: "#e0b464",
    Evidence.OPEN: SOFT,
    Evidence.REFUTED: "bold #ff9485",
}


def console() -> Console:
    """Standard output; 100 columns where it is no terminal."""
    return Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 100)


def say(out: Console, rows: Iterable[str]) -> None:
    """Lines of text, each evidence word in its colour."""
    for row in rows:
        text = Text(row)
        for evidence, colour in COLOURS.items():
            text.highlight_words([f"{evidence.sign} {evidence.name}"], colour)
        text.highlight_regex(r"^ ✗", COLOURS[Evidence.REFUTED])
        text.highlight_regex(r"^! ERROR", COLOURS[Evidence.REFUTED])
        out.print(text)


def stopped(error: ChainruleError) -> int:
    """An error that ends the run, as one block; the exit status is 1."""
    print(f"! ERROR     {error.place}\n\n   {error.text}", file=sys.stderr)
    return 1
