"""chainrule diff FORMULA: the derivative of a formula typed in, its evidence, its steps, its code."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass

from rich.cells import cell_len

from chainrule import printing
from chainrule.diff import Derived, derived
from chainrule.diff.batch import answers, as_fields
from chainrule.diff.domain import plainly
from chainrule.diff.engine import names_in
from chainrule.diff.steps import Steps, steps
from chainrule.errors import ChainruleError, NotationError
from chainrule.evidence import Evidence, Verdict
from chainrule.notation.dims import show_shape
from chainrule.notation.nodes import Node
from chainrule.typed import Formula, read_formula

from .blocks import badge, wrapped
from .console import console, say
from .world import WIDTH

COLUMN = 46
"""Where the evidence of a line stands."""


@dataclass(frozen=True)
class Options:
    """What is asked of one formula, beside the formula."""

    wrt: str | None
    order: int
    declare: tuple[str, ...]
    steps: bool
    code: bool
    latex: bool
    as_json: bool


def run(text: str | None, options: Options) -> int:
    """The exit status: 0 if the derivative was found, 2 if the formula could not be read or differentiated."""
    try:
        formula = read_formula(text or "", ", ".join(options.declare))
        found = derived(formula, _wrt(formula, options.wrt), options.order)
        taken = steps(found) if options.steps else None
        if options.as_json:
            print(json.dumps(_fields(found, taken), ensure_ascii=False))
        else:
            say(console(), ["", *_page(found, taken, options)])
    except ChainruleError as error:
        print(f"! ERROR     {error.text}", file=sys.stderr)
        return 2
    return 0


def run_batch(file: str | None) -> int:
    """JSON lines in, JSON lines out; 0 whatever they say, 2 if there is nothing to read."""
    try:
        stdin = file in (None, "-")
        with nullcontext(sys.stdin) if stdin else open(str(file), encoding="utf-8", errors="replace") as lines:
            for answer in answers(lines):
                print(answer, flush=True)
    except OSError as error:
        print(f"! ERROR     {error}", file=sys.stderr)
        return 2
    return 0


def _wrt(formula: Formula, name: str | None) -> str:
    """The symbol asked for; the only one, if none is named."""
    if name is not None:
        return name
    if len(formula.symbols) == 1:
        return next(iter(formula.symbols))
    known = f"add --wrt and one of {', '.join(formula.symbols)}" if formula.symbols else "there is none in this formula"
    raise NotationError(f"by which symbol? {known}")


def _fields(found: Derived, taken: Steps | None) -> dict[str, object]:
    """The derivative as data: the fields of a batch answer, with shapes and steps."""
    fields: dict[str, object] = {
        "formula": printing.text(found.formula.node),
        "shapes": {name: [str(d) for d in v.shape] for name, v in found.formula.symbols.items()},
        "shape": [str(d) for d in found.result.shape],
        **as_fields(found),
    }
    if taken is not None:
        pairs = zip(taken.chain.lines, taken.verdicts, strict=True)
        fields["steps"] = [
            {"text": printing.text(x.expr), "law": x.reason.name, "evidence": v.evidence.name} for x, v in pairs
        ]
    return fields


# --- the page ------------------------------------------------------------------------------------------
def _page(found: Derived, taken: Steps | None, options: Options) -> Iterator[str]:
    page = "latex" if options.latex else "unicode"
    head = _heads(found, page)
    yield from _shown(f"{head[0]} = ", found.formula.node, page)
    yield from _shapes(found.formula)
    yield ""
    if taken is None:
        yield from _shown(f"{head[1]} = ", found.result, page)
    else:
        yield f"   {head[1]}"
        for k, (line, verdict) in enumerate(zip(taken.chain.lines, taken.verdicts, strict=True), 1):
            yield from _step(k, line.expr, verdict, line.reason.name, page)
    yield from _where(found.result, page)
    if not options.latex:
        yield ""
        yield from _hung("", found.shown("text"))
    if options.code:
        yield from ("", *(f"   {row}".rstrip() for row in found.python.rstrip().splitlines()))
    yield ""
    yield from _evidence(found, taken)


def _heads(found: Derived, page: str) -> tuple[str, str]:
    """f(w) and the name of its derivative."""
    x = printing.formula(found.variable, page)
    nabla, partial = {"latex": (r"\nabla ", r"\partial ")}.get(page, ("∇", "∂"))
    sign = partial if found.formula.node.ndim else nabla
    power = "" if found.order == 1 else "^2 " if page == "latex" else "²"
    return f"f({x})", f"{sign.rstrip() if power else sign}{power}f({x})"


def _shapes(formula: Formula) -> Iterator[str]:
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


def _shown(head: str, formula: Node, page: str) -> Iterator[str]:
    """A formula behind its head, cut where it is too long; LaTeX, which is there to be copied, in one row."""
    text = printing.formula(formula, page)
    yield from [f"   {head}{text}"] if page == "latex" else _hung(head, text)


def _hung(head: str, text: str) -> Iterator[str]:
    """Text behind a head, its later rows below its first."""
    for k, piece in enumerate(wrapped(text, WIDTH - 3 - cell_len(head))):
        yield "   " + (head if k == 0 else " " * cell_len(head)) + piece


def _step(k: int, formula: Node, verdict: Verdict, law: str, page: str) -> Iterator[str]:
    rows = list(_shown(f"{k:<2} = ", formula, page))
    shown = f"{badge(verdict.evidence)}  {law}"
    if len(rows) == 1 and cell_len(rows[0]) < COLUMN:
        yield rows[0] + " " * (COLUMN - cell_len(rows[0])) + shown
    else:
        yield from (*rows, " " * COLUMN + shown)


def _where(node: Node, page: str) -> Iterator[str]:
    """where  t1 = ..., for each name in a formula, those that others use last."""
    for k, let in enumerate(names_in(node)):
        yield from _shown(f"{'where' if k == 0 else '':<6} {printing.formula(let, page)} = ", let.value, page)


def _evidence(found: Derived, taken: Steps | None) -> Iterator[str]:
    """The verdict on the whole, what it rests on and what it asks."""
    verdicts = [found.verdict, *(taken.verdicts if taken is not None else [])]
    lowest = min(verdicts, key=lambda v: v.evidence)
    yield f"   {badge(lowest.evidence)}  {lowest.evidence.means}"
    rests = ", ".join(dict.fromkeys(r for v in verdicts for r in v.rests_on))
    given = taken.chain.given if taken is not None else found.given
    asked = "; ".join(printing.predicate(p, "unicode") for p in plainly(given))
    names = ", ".join(printing.unicode(v) for v in found.formula.symbols.values())
    declared = ", ".join(h for h in lowest.hypotheses if not h.startswith("assumed: "))
    rows = [
        ("rests on", rests),
        ("declared", declared),
        ("where", asked or f"everywhere: nothing is asked of {names}"),
        ("why", lowest.why if lowest.evidence < Evidence.CITED else ""),
    ]
    for head, text in rows:
        if text:
            yield from _hung(f"{head:<10} ", text)
