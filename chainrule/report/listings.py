"""Code beside code: the function that was generated, the one written by hand, and how well they agree."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from chainrule.errors import ChainruleError
from chainrule.evidence import Evidence, Verdict
from chainrule.notation.nodes import Let, Node
from chainrule.notation.statements import Agreement
from chainrule.project import Entry

from . import formulas, prose, read_as_math
from .fitting import fitted
from .model import (
    FULL_PAGE,
    HALF_PAGE,
    Block,
    Code,
    CodePair,
    Heading,
    Listing,
    Lost,
    Paragraph,
    Strong,
    Table,
    Text,
    Words,
)
from .register import Register


def code(register: Register, entry: Entry, shown: Collection[Node]) -> tuple[Block, ...]:
    """Both listings, and the hand-written one as mathematics where that can be trusted. What is generated from one of
    the formulas `shown` stands on the page already."""
    item = entry.item
    assert isinstance(item, Agreement)
    left, trouble = (None, "") if item.formula in shown else _generated(item)
    right = Listing((Words("Written by hand, "), Code(_file(register, item))), source_of(item))
    pair = _fitted(CodePair(left, right, read_as_math.shown(item, register.verdict(entry, 0))))
    return (pair, *((Paragraph((Words(trouble),), soft=True),) if trouble else ()))


def _fitted(pair: CodePair) -> CodePair:
    """Side by side where both can be broken to half a page; else one above the other, in lines of a whole one."""
    beside = _at_width(pair, HALF_PAGE)
    return beside if pair.left is not None and not beside.stacked else _at_width(pair, FULL_PAGE)


def _at_width(pair: CodePair, width: int) -> CodePair:
    left, right = (x and replace(x, source=fitted(x.source, width)) for x in (pair.left, pair.right))
    assert right is not None
    return replace(pair, left=left, right=right)


def _generated(item: Agreement) -> tuple[Listing | None, str]:
    """The generated listing, or a sentence that says why there is none."""
    from chainrule.code import numpy_source

    name = item.function.__name__
    try:
        source = numpy_source(item.formula, name, item.arguments)
    except ChainruleError as error:
        return None, f"No code is generated for this formula: {error.text}."
    title: Text = (Words("Generated from "), formulas.inline(item.formula))
    return Listing(title if isinstance(item.formula, Let) else (Words("Generated"),), str(source)), ""


def source_of(item: Agreement) -> str:
    """The text of the hand-written function."""
    try:
        return textwrap.dedent(inspect.getsource(inspect.unwrap(item.function)))
    except (OSError, TypeError):
        return f"# the source of {item.function.__name__} is not to be had"


def _file(register: Register, item: Agreement) -> str:
    try:
        file = inspect.getsourcefile(inspect.unwrap(item.function)) or ""
    except TypeError:
        file = ""
    return register.project.settings.relative(Path(file)) if file else item.function.__name__


# --- agreement ---------------------------------------------------------------------------------------
CAPTION = (
    "Largest error, in units of what the problem itself allows (moving each input by one ulp). "
    "Above 64 it counts as lost digits."
)


def agreement(register: Register, entries: tuple[Entry, ...]) -> tuple[Block, ...]:
    """In words, functions of one outcome together; then flavour by flavour, the hand-written beside the generated."""
    blocks: list[Block] = [Heading((Words("Agreement"),))] if entries else []
    said: dict[Text, list[Text]] = {}
    for entry in entries:
        said.setdefault(_summary(register.verdict(entry, 0)), []).append((Code(_called(entry)),))
    blocks += [Paragraph((*prose.listed(names), Words(": "), *how)) for how, names in said.items()]
    columns = list(_columns(register, entries))
    for k in range(0, len(columns), ACROSS):
        blocks += _table(columns[k : k + ACROSS], CAPTION if k == 0 else "The same, of the other functions.")
    return tuple(blocks)


ACROSS = 6
"""Columns of errors that fit on a page."""
Column = tuple[str, Mapping[str, Text]]


def _columns(register: Register, entries: tuple[Entry, ...]) -> Iterator[Column]:
    """A column a function, and one for the generated code after the first function of its formula."""
    formulas_seen: set[Node] = set()
    for entry in entries:
        assert isinstance(entry.item, Agreement)
        detail = register.verdict(entry, 0).detail
        yield _called(entry), _errors(detail.get("by hand", {}))
        if entry.item.formula not in formulas_seen:
            yield "generated", _errors(detail.get("generated", {}))
        formulas_seen.add(entry.item.formula)


def _table(columns: list[Column], caption: str) -> list[Block]:
    flavours = tuple(dict.fromkeys(f for _, errors in columns for f in errors))
    rows = tuple(((Words(f),), *(errors.get(f, (Words("–"),)) for _, errors in columns)) for f in flavours)
    return [Table((Words(caption),), ("inputs", *(name for name, _ in columns)), rows)] if rows else []


OUTCOMES = {
    "agrees": "the same function",
    "unstable": "the same function, but unstable",
    "disagrees": "not the same function",
}


def outcome(verdict: Verdict) -> str:
    """What the comparison found, in words."""
    found = str(verdict.detail.get("by hand", {}).get("outcome", ""))
    if not found:
        return OUTCOMES["disagrees"] if verdict.evidence is Evidence.REFUTED else "not judged"
    return OUTCOMES.get(found, found)


def _summary(verdict: Verdict) -> Text:
    why = f" {sentence(verdict.why)}" if verdict.why else ""
    found = verdict.detail.get("by hand", {})
    how = ""
    if found.get("cases"):
        lifted = "the source was run in ball arithmetic" if found.get("lifted") else "floats alone decided"
        because = f" ({found['not_lifted']})" if found.get("not_lifted") else ""
        how = f" On {found['cases']} inputs {lifted}{because}."
    return (Strong(outcome(verdict)), Words(f".{how}{why}"))


def _called(entry: Entry) -> str:
    assert isinstance(entry.item, Agreement)
    return entry.item.function.__name__


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def _errors(found: Mapping[str, Any]) -> Mapping[str, Text]:
    """The error of each flavour of inputs; lost digits stand in words."""
    return {str(row["flavour"]): _cell(row) for row in found.get("rows", ())}


def _cell(row: Mapping[str, Any]) -> Text:
    if row["lost_digits"]:
        return (Lost(f"{row['lost_digits']:.1f} digits lost"),)
    return (Words(f"{row['error']:.2f}"),)
