"""Plain text of a docstring, read as prose: `X` is a symbol or code, *words* are italic, X alone is the symbol."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from .model import Code, Emph, Math, Span, Text, Words

AMBIGUOUS = frozenset({"A", "I"})
"""Capitals that are also English words: they are symbols only between backticks."""
_TOKEN = re.compile(r"`(?P<tick>[^`]+)`|\*(?P<star>[^*\s][^*]*)\*|\b(?P<capital>[A-Z])\b(?!['’]s)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z_0-9]*\*?")


def read(text: str, symbols: Mapping[str, Math]) -> Text:
    """Spans of a sentence; `symbols` prints the names that are formulas."""
    spans: list[Span] = []
    end = 0
    for found in _TOKEN.finditer(text):
        span = _span(found, symbols)
        if span is not None:
            spans += [Words(text[end : found.start()]), span]
            end = found.end()
    spans.append(Words(text[end:]))
    return tuple(s for s in spans if s != Words(""))


def _span(found: re.Match[str], symbols: Mapping[str, Math]) -> Span | None:
    if found["tick"]:
        return symbols.get(found["tick"], Code(found["tick"]))
    if found["star"]:
        return Emph(found["star"])
    name = found["capital"]
    return symbols.get(name) if name not in AMBIGUOUS else None


def terse(text: str, symbols: Mapping[str, Math]) -> Text:
    """A short technical phrase, such as a hypothesis: every name of a symbol in it is a formula."""
    spans: list[Span] = []
    end = 0
    for found in _NAME.finditer(text):
        if found[0] in symbols:
            spans += [Words(text[end : found.start()]), symbols[found[0]]]
            end = found.end()
    spans.append(Words(text[end:]))
    return tuple(s for s in spans if s != Words(""))


def listed(items: Sequence[Text], last: str = " and ") -> Text:
    """a, b and c."""
    out: list[Span] = []
    for k, item in enumerate(items):
        out += [Words(last if k == len(items) - 1 else ", ")] if k else []
        out += item
    return tuple(out)
