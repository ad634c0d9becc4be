"""Code beside code: the function that was generated, the one written by hand, and how well they agree."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chainrule.errors import ChainruleError
from chainrule.evidence import Evidence, Verdict
from chainrule.notation.nodes import Let
from chainrule.notation.statements import Agreement
from chainrule.project import Entry

from . import formulas, read_as_math
from .model import Block, Code, CodePair, Heading, Listing, Lost, Paragraph, Strong, Table, Text, Words
from .register import Register, Topic


def code(register: Register, topic: Topic, entry: Entry) -> tuple[Block, ...]:
    """Both listings, and the hand-written one as mathematics where that can be trusted."""
    item = entry.item
    assert isinstance(item, Agreement)
    left, trouble = _generated(topic, item)
    right = Listing((Words("Written by hand, "), Code(_file(register, item))), source_of(item))
    shown = read_as_math.formula(item.function)
    pair = CodePair(left, right, formulas.raw(*shown) if shown else None)
    return (pair, *((Paragraph((Words(trouble),), soft=True),) if trouble else ()))


def _generated(topic: Topic, item: Agreement) -> tuple[Listing | None, str]:
    """The generated listing, or a sentence that says why there is none."""
    from chainrule.code import numpy_source

    name = item.function.__name__
    try:
        source = numpy_source(item.formula, name=name)
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
    """In words, and flavour by flavour: one column a function."""
    found = [(e, register.verdict(e, 0)) for e in entries if isinstance(e.item, Agreement)]
    if not found:
        return ()
    blocks: list[Block] = [Heading((Words("Agreement"),))]
    blocks += [Paragraph(_summary(e, v)) for e, v in found]
    columns = {e.item.function.__name__: _flavours(v) for e, v in found}  # type: ignore[union-attr]
    rows = tuple(dict.fromkeys(f for column in columns.values() for f in column))
    if rows:
        cells = tuple(((Words(f),), *(column.get(f, (Words("–"),)) for column in columns.values())) for f in rows)
        blocks.append(Table((Words(CAPTION),), ("inputs", *columns), cells))
    return tuple(blocks)


OUTCOMES = {
    "agrees": "the same function",
    "unstable": "the same function, but unstable",
    "disagrees": "not the same function",
}


def outcome(verdict: Verdict) -> str:
    """What the comparison found, in words."""
    found = str(verdict.detail.get("outcome", ""))
    if not found:
        return OUTCOMES["disagrees"] if verdict.evidence is Evidence.REFUTED else "not judged"
    return OUTCOMES.get(found, found)


def _summary(entry: Entry, verdict: Verdict) -> Text:
    assert isinstance(entry.item, Agreement)
    why = f" {sentence(verdict.why)}" if verdict.why else ""
    return (Code(entry.item.function.__name__), Words(": "), Strong(outcome(verdict)), Words(f".{why}"))


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def _flavours(verdict: Verdict) -> Mapping[str, Text]:
    """The error of each flavour of inputs; lost digits stand in words."""
    found = verdict.detail.get("flavours", {})
    items = found.items() if isinstance(found, Mapping) else ((_get(f, "flavour", "name"), f) for f in found)
    return {str(name): _cell(value) for name, value in items}


def _cell(value: Any) -> Text:
    lost = _get(value, "lost_digits", "lost") if not isinstance(value, (int, float, str)) else None
    error = value if isinstance(value, (int, float, str)) else _get(value, "error", "ratio", "worst")
    if lost:
        return (Lost(f"{float(lost):.1f} digits lost"),)
    if isinstance(error, (int, float)):
        return (Words(f"{error:.2f}"),)
    return (Words(str(error) if error is not None else "–"),)


def _get(value: Any, *names: str) -> Any:
    """The first of several fields that a mapping or an object has."""
    for name in names:
        if isinstance(value, Mapping) and name in value:
            return value[name]
        if hasattr(value, name):
            return getattr(value, name)
    return None
