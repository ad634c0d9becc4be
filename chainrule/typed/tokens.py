"""A text cut into tokens: numbers, names and signs. What is on nobody's keyboard is read as what it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from chainrule.printing.names import GREEK

from .errors import FormulaError

LENGTH = 2000
"""Characters that a formula may have."""

NAME_LENGTH = 30
DIGITS = 30
EXPONENT = 30
"""The largest power of ten in a number such as 1e-3."""

TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>(?:[0-9]+(?:\.[0-9]+|\.(?![*/^'A-Za-z]))?|\.[0-9]+)(?:[eE][+-]?[0-9]+(?![A-Za-z0-9_]))?)
      | (?P<name>(?:np\.(?:linalg\.)?(?=[A-Za-z]))?[^\W\d_ᵀ][^\Wᵀ]*)
      | (?P<sign>\*\*|\.\*|\./|\.\^|\.T(?![A-Za-z0-9_])|\.I(?![A-Za-z0-9_])|<=|>=|[-+*/^'@(),:;=⊗])""",
    re.X,
)
SIGNS = {"−": "-", "–": "-", "·": "*", "×": "*", "⊙": ".*", "∘": ".*", "⊘": "./", "≤": "<=", "≥": ">=",
         "ᵀ": "'", "⊤": "'", "’": "'", "′": "'"}  # fmt: skip
LETTERS = {letter: word for word, letter in GREEK.items()} | {"ϵ": "epsilon", "ϕ": "phi", "ϑ": "theta", "µ": "mu"}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text and where it stands."""

    kind: Literal["number", "name", "sign", "end"]
    text: str
    start: int
    end: int


def tokens(source: str) -> list[Token]:
    """The tokens of a text, with one of kind `end` behind them. Raises FormulaError at the first strange character."""
    if len(source) > LENGTH:
        raise FormulaError(f"the text has {len(source)} characters; at most {LENGTH} are read", source, LENGTH)
    return [*_cut(source), Token("end", "", len(source), len(source) + 1)]


def _cut(source: str) -> Iterator[Token]:
    at = 0
    while at < len(source):
        if source[at] in SIGNS:
            yield Token("sign", SIGNS[source[at]], at, at + 1)
            at += 1
            continue
        found = TOKEN.match(source, at)
        if found is None:
            raise FormulaError(_strange(source, at), source, at)
        at, kind, text = found.end(), found.lastgroup, found.group()
        if kind == "number":
            _check_number(text, source, found.start())
            yield Token("number", text, found.start(), at)
        elif kind == "name":
            yield Token("name", _name(text, source, found.start()), found.start(), at)
        elif kind == "sign":
            yield Token("sign", text, found.start(), at)


def _check_number(text: str, source: str, at: int) -> None:
    digits, _, exponent = text.lower().partition("e")
    if len(digits) > DIGITS or abs(int((exponent or "0")[:6])) > EXPONENT:
        limit = f"at most {DIGITS} digits and powers of ten up to {EXPONENT}"
        raise FormulaError(f"the number is too long; {limit} are read", source, at, at + len(text))


def _name(text: str, source: str, at: int) -> str:
    """The name in plain letters: λ is lambda, np.exp is exp."""
    plain = text.removeprefix("np.").removeprefix("linalg.")
    for letter in plain:
        if not letter.isascii() and letter not in LETTERS:
            where = at + text.index(letter)
            raise FormulaError(f"{letter!r} is no letter of a name; write Latin or Greek ones", source, where)
    plain = "".join(LETTERS.get(letter, letter) for letter in plain)
    if len(plain) > NAME_LENGTH:
        raise FormulaError(f"the name is longer than {NAME_LENGTH} characters", source, at, at + len(text))
    return plain


def _strange(source: str, at: int) -> str:
    sign = source[at]
    if sign in "[]{}":
        return f"{sign!r} stands for nothing here; group with ( and ), and name a list of numbers by a vector"
    if sign == ".":
        return "a point stands before * / or ^ (entry by entry), T (transpose) or I (inverse), or inside a number"
    if sign in "<>":
        return f"{sign!r} is no sign of a formula; a constraint is written with = or <= or >="
    if sign in "!&|~%":
        return f"{sign!r} is no sign of a formula; there are + - * / ^ ' .* ./ .^ @ ** .T .I and functions"
    return f"{sign!r} is no sign of a formula"
