"""Plain text of a docstring, read as prose: `X` is a symbol or code, *words* are italic, X alone is the symbol.

What is written as mathematics is set as such: powers, indices and transposes (X'X, x_i, A^-1 b), Greek letters that
are symbols (lam), and <= and >=.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from chainrule.notation.vocabulary import scalar
from chainrule.printing import latex, typst
from chainrule.printing.names import ALIASES, GREEK

from .model import Code, Emph, Math, Span, Text, Words

AMBIGUOUS = frozenset({"A", "I", "a"})
"""Letters that are also English words: they are symbols only between backticks, or with a power or an index."""
_GREEK = "|".join(sorted((*GREEK, *ALIASES), key=len, reverse=True))
_BASE = rf"(?:\|[A-Za-z]\||(?:{_GREEK})(?![A-Za-z])|[A-Za-z])"
_PRIME = r"'(?=[A-Za-z]{1,2}\b(?!')|[A-Za-z]['^_]|[\s(),.;:]|$)(?!s\b)"
_SCRIPT = rf"(?:{_PRIME}|_(?:{_GREEK}|[A-Za-z0-9])\b|\^(?:-?\w+|\([^()]*\)))"
_TOKEN = re.compile(
    r"`(?P<tick>[^`]+)`|\*(?P<star>[^*\s][^*]*)\*"
    rf"|(?<![\w`'’])(?P<math>[A-Z]?(?:{_BASE}{_SCRIPT}+)+(?:{_BASE}(?!\w))?)|(?<=\))(?P<close>\^-?\w+)"
    rf"|(?P<sign>[<>]=)|(?<![\w'’])(?P<letter>{_BASE}\*?)(?![\w^])(?!['’]s)"
)
_PART = re.compile(rf"(?P<base>{_BASE})(?P<scripts>{_SCRIPT}*)")
_MARK = re.compile(r"'|_\w+?(?=_|'|\^|$)|\^(?:-?\w+|\([^()]*\))")
_NAME = re.compile(r"[A-Za-z_][A-Za-z_0-9]*\*?")
SIGNS = {"<=": "≤", ">=": "≥"}


def read(text: str, symbols: Mapping[str, Math]) -> Text:
    """Spans of a sentence; `symbols` prints the names that are formulas. Without any, nothing is a formula."""
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
    if found["sign"]:
        return Words(SIGNS[found["sign"]])
    if found["math"]:
        return _formula(found["math"]) if symbols else None
    if found["close"]:
        return _script(Math(("{}",), ('""',)), found["close"]) if symbols else None
    name = found["letter"]
    return symbols.get(name) if name not in AMBIGUOUS else None


# --- formulas in a sentence --------------------------------------------------------------------------
def _formula(text: str) -> Math:
    """X'X, x_i, A^-1: letters side by side with what is raised and lowered."""
    parts = [_script(_base(m["base"]), m["scripts"]) for m in _PART.finditer(text)]
    return Math(("".join(p.latex[0] for p in parts),), (" ".join(p.typst[0] for p in parts),))


def _base(text: str) -> Math:
    inner = _symbol(text.strip("|"))
    bars = text.startswith("|")
    return Math((rf"|{inner.latex[0]}|",), (f"abs({inner.typst[0]})",)) if bars else inner


def _symbol(name: str) -> Math:
    node = scalar(name)
    return Math((latex(node),), (typst(node),))


def _script(base: Math, scripts: str) -> Math:
    """A base with its index, then its power."""
    below, above = [""] * 2, [""] * 2
    for mark in _MARK.findall(scripts):
        if mark == "'":
            above = [above[0] + r"\mathsf T", above[1] + ' upright(sans("T"))']
        else:
            part = _exponent(mark[1:].strip("()"))
            side = below if mark[0] == "_" else above
            side[0], side[1] = side[0] + part.latex[0], side[1] + " " + part.typst[0]
    tex, typ = base.latex[0], base.typst[0]
    for sign, (inner, other) in (("_", below), ("^", above)):
        tex += f"{sign}{{{inner}}}" if inner else ""
        typ += f"{sign}({other.strip()})" if other else ""
    return Math((tex,), (typ,))


def _exponent(text: str) -> Math:
    """-1, T, lambda_i, k+1."""
    sign, name = ("-", text[1:]) if text.startswith("-") else ("", text)
    if re.fullmatch(r"[A-Za-z]\w*", name) and name != "T":
        inner = _symbol(name)
        return Math((sign + inner.latex[0],), (sign + inner.typst[0],))
    plain = name.replace("T", r"\mathsf T")
    return Math((sign + plain,), (sign + (name if name != "T" else 'upright(sans("T"))'),))


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
