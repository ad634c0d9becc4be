"""chainrule diff FORMULA: the derivative of a formula typed in, its evidence, its steps, its code."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass

from chainrule import printing
from chainrule.code import with_imports
from chainrule.diff import Derived, derived
from chainrule.diff.batch import answers, as_fields
from chainrule.diff.steps import Steps, steps
from chainrule.errors import ChainruleError, NotationError
from chainrule.typed import read_formula

from .console import console, say
from .formula_page import evidence, hung, shapes, shown, step, the_symbol, where

LARGEST = 10**9
"""No typical size is larger."""


@dataclass(frozen=True)
class Options:
    """What is asked of one formula, beside the formula."""

    wrt: str | None
    order: int
    declare: tuple[str, ...]
    steps: bool
    code: bool
    together: bool
    portable: bool
    sizes: str
    latex: bool
    as_json: bool


def run(text: str | None, options: Options) -> int:
    """The exit status: 0 if the derivative was found, 2 if the formula could not be read or differentiated."""
    try:
        formula = read_formula(text or "", ", ".join(options.declare))
        found = derived(formula, the_symbol(formula, options.wrt), options.order, typical_sizes(options.sizes))
        taken = steps(found) if options.steps else None
        if options.as_json:
            print(json.dumps(_fields(found, taken, options), ensure_ascii=False))
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


def typical_sizes(text: str) -> dict[str, int]:
    """n=10000, p=50 as sizes by name. Errors: NotationError for anything else."""
    sizes: dict[str, int] = {}
    for piece in filter(None, (p.strip() for p in text.split(","))):
        name, _, size = (part.strip() for part in piece.partition("="))
        if not name.isidentifier() or not size.isascii() or not size.isdigit() or not 0 < int(size[:11]) <= LARGEST:
            raise NotationError(f'{piece!r} is no size; write the dimension and a number up to {LARGEST}: "n=10000"')
        sizes[name] = int(size)
    return sizes


def _sources(found: Derived, options: Options) -> dict[str, str]:
    """The functions asked for, by what they are called in the data."""
    sources: dict[str, str | None] = {}
    if options.code:
        sources |= {"python": found.python, "compressed": found.compressed}
    if options.together:
        sources["together"] = found.together
    if options.portable:
        sources["portable"] = found.portable
    return {name: with_imports(source) for name, source in sources.items() if source is not None}


def _fields(found: Derived, taken: Steps | None, options: Options) -> dict[str, object]:
    """The derivative as data: the fields of a batch answer, with shapes and steps."""
    fields: dict[str, object] = {
        "formula": printing.text(found.formula.node),
        "shapes": {name: [str(d) for d in v.shape] for name, v in found.formula.symbols.items()},
        "shape": [str(d) for d in found.result.shape],
        **as_fields(found),
        **_sources(found, options),
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
    yield from shown(f"{head[0]} = ", found.formula.node, page)
    yield from shapes(found.formula)
    yield ""
    if taken is None:
        yield from shown(f"{head[1]} = ", found.result, page)
    else:
        yield f"   {head[1]}"
        for k, (line, verdict) in enumerate(zip(taken.chain.lines, taken.verdicts, strict=True), 1):
            yield from step(k, line.expr, verdict, line.reason.name, page)
    yield from where(found.result, page)
    if not options.latex:
        yield ""
        yield from hung("", found.shown("text"))
    for source in _sources(found, options).values():
        yield from ("", *(f"   {row}".rstrip() for row in source.rstrip().splitlines()))
    yield ""
    verdicts = [found.verdict, *(taken.verdicts if taken is not None else [])]
    yield from evidence(found.formula, verdicts, taken.chain.given if taken is not None else found.given)


def _heads(found: Derived, page: str) -> tuple[str, str]:
    """f(w) and the name of its derivative."""
    x = printing.formula(found.variable, page)
    nabla, partial = {"latex": (r"\nabla ", r"\partial ")}.get(page, ("∇", "∂"))
    sign = partial if found.formula.node.ndim else nabla
    power = "" if found.order == 1 else "^2 " if page == "latex" else "²"
    return f"f({x})", f"{sign.rstrip() if power else sign}{power}f({x})"
