"""What is said of symbols: "X: matrix(n, d), w: vector(d), S: symmetric(n), lam: positive"; and what is held unsaid.

    declarations  :=  declaration (("," | ";") declaration)*
    declaration   :=  name ("," name)* ":" word+                a word is a kind or a property, with sizes or without
    word          :=  name ("(" size ("," size)* ")")?          a size is a name or a number

Without a kind, a symbol has that of its letter: a-g are numbers, h-z vectors, A-Z matrices. So are
small Greek names numbers that rarely stand for anything else, lam and sigma; mu and theta have to be declared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from chainrule.notation.properties import ALIASES, TABLE
from chainrule.printing.names import ACCENTS, GREEK, MARKS

from .errors import FormulaError
from .sizes import Shape, Size, Sizes, unify
from .tokens import Token, tokens

RANKS = {"scalar": 0, "number": 0, "real": 0, "vector": 1, "column": 1, "matrix": 2}
SHORT = {"pd": "positive_definite", "spd": "positive_definite", "lower": "lower_triangular", **ALIASES}
GREEK_NUMBERS = frozenset(
    ["alpha", "gamma", "delta", "epsilon", "eps", "eta", "kappa", "lam", "lambda", "rho", "sigma", "tau", "omega"]
)
LARGEST = 10**6
"""The largest size that may be written as a number."""


@dataclass(frozen=True)
class Symbol:
    """A symbol: its name, its shape, what was declared of it."""

    name: str
    shape: Shape
    properties: tuple[str, ...] = ()


def by_letter(name: str) -> int | None:
    """The number of axes of a symbol of which nothing is said; None where that would be a guess."""
    head, *parts = name.split("_")
    head = re.sub(r"[0-9]+$", "", head)
    plain = all(p in (*ACCENTS, *MARKS) or len(p) <= 2 for p in parts)
    if head in GREEK_NUMBERS and plain:
        return 0
    if head in GREEK and head[0].isupper() and plain:
        return 2
    if len(head) != 1 or not plain:
        return None
    return 2 if head.isupper() else 0 if head <= "g" else 1


def unsaid(name: str, source: str, at: Token, sizes: Sizes) -> Symbol:
    """A symbol that nobody has declared."""
    rank = by_letter(name)
    if rank is None:
        raise FormulaError(_unknown(name), source, at.start, at.end)
    return Symbol(name, tuple(sizes.fresh(at.start, at.end) for _ in range(rank)))


def _unknown(name: str) -> str:
    from .functions import NAMES

    near = get_close_matches(name, NAMES, 1, 0.75)
    hint = f"is it the function {near[0]}(...)? " if near else ""
    return f"{name} is not known; {hint}declare it: '{name}: vector' (or scalar, matrix, symmetric, ...)"


def declarations(source: str, sizes: Sizes) -> dict[str, Symbol]:
    """The declared symbols by name. Raises FormulaError at the word that says nothing or contradicts another."""
    return Declarations(source, sizes).all()


def kind_of(name: str, source: str, sizes: Sizes) -> Symbol:
    """One symbol from the words of its kind alone: "symmetric", "positive vector(n)"."""
    reader = Declarations(source, sizes)
    symbol = reader.kind(name, reader.next)
    if reader.next.kind != "end":
        raise reader.error(f"expected a kind such as vector, or a property; found {reader.next.text!r}", reader.next)
    return symbol


class Declarations:
    """Reads declarations from their tokens."""

    def __init__(self, source: str, sizes: Sizes):
        self.source, self.sizes, self.tokens, self.here = source, sizes, tokens(source), 0
        self.found: dict[str, Symbol] = {}

    @property
    def next(self) -> Token:
        return self.tokens[self.here]

    def take(self) -> Token:
        token = self.next
        self.here += token.kind != "end"
        return token

    def error(self, message: str, token: Token) -> FormulaError:
        return FormulaError(message, self.source, token.start, token.end)

    def all(self) -> dict[str, Symbol]:
        while self.next.kind != "end":
            self.one()
            token = self.take()
            if token.kind != "end" and token.text not in (",", ";"):
                raise self.error("expected a comma, or the end", token)
        return self.found

    def one(self) -> None:
        names = [self.name()]
        while self.next.text == ",":
            self.take()
            names.append(self.name())
        if self.next.text != ":":
            raise self.error(f"expected a colon after {names[-1].text!r}, as in 'X: matrix(n, d)'", self.next)
        self.take()
        start = self.here
        for name in names:
            self.here = start
            self.found[name.text] = self.kind(name.text, name)

    def name(self) -> Token:
        from .functions import NAMES

        token = self.take()
        if token.kind != "name":
            raise self.error("expected the name of a symbol, as in 'X: matrix(n, d)'", token)
        if token.text in self.found:
            raise self.error(f"{token.text} is declared twice", token)
        if token.text in NAMES:
            raise self.error(f"{token.text} is the name of a function; call the symbol something else", token)
        return token

    # --- kinds -----------------------------------------------------------------------------------------
    def kind(self, name: str, at: Token) -> Symbol:
        """Words up to a comma, as a symbol."""
        rank: int | None = None
        sizes: tuple[list[Size], Token] | None = None
        properties: dict[str, Token] = {}
        while self.next.kind == "name":
            token, word = self.word()
            if word in RANKS:
                if rank not in (None, RANKS[word]):
                    raise self.error(f"{name} cannot be a {word} as well", token)
                rank = RANKS[word]
            else:
                properties[word] = token
            if self.next.text == "(":
                sizes = (self.sizes_in_brackets(), token)
        if rank is None and not properties:
            raise self.error("expected a kind (scalar, vector, matrix, symmetric, ...) or a property", self.next)
        axes = rank if rank is not None else self.rank(name, properties, sizes, at)
        shape = self.shape(name, axes, sizes, at)
        for word, token in properties.items():
            self.fit(name, word, token, shape)
        return Symbol(name, shape, tuple(sorted(properties)))

    def word(self) -> tuple[Token, str]:
        """A kind or a property; properties of two words may be written with a blank."""
        token = self.take()
        word = token.text
        while self.next.kind == "name" and f"{word}_{self.next.text}" in (*TABLE, *SHORT):
            word = f"{word}_{self.take().text}"
        word = SHORT.get(word, word)
        if word not in TABLE and word not in RANKS:
            near = get_close_matches(word, [*RANKS, *TABLE, *SHORT], 3)
            hint = f"near it: {', '.join(near)}" if near else f"there are: {', '.join([*RANKS, *TABLE])}"
            raise self.error(f"{word!r} is no kind and no property; {hint}", token)
        return token, word

    def sizes_in_brackets(self) -> list[Size]:
        self.take()
        found: list[Size] = []
        while True:
            token = self.take()
            number = token.kind == "number" and token.text.isdigit() and 1 <= int(token.text) <= LARGEST
            if token.kind != "name" and not number:
                raise self.error("a size is a name or a positive integer, as in matrix(n, 3)", token)
            found.append(self.sizes.named(token.text, token.start, token.end))
            closing = self.take()
            if closing.text == ")":
                return found
            if closing.text != ",":
                raise self.error("expected a comma or ) after a size", closing)

    def rank(self, name: str, words: dict[str, Token], sizes: tuple[list[Size], Token] | None, at: Token) -> int:
        """The number of axes of a symbol of which only properties are said."""
        fits = {TABLE[w].fits for w in words}
        if fits & {"square", "matrix"}:
            return 2
        letter = by_letter(name)
        if "vector" in fits:
            return max(letter or 1, len(sizes[0]) if sizes else 1)
        if sizes:
            return len(sizes[0])
        if letter is None:
            raise self.error(f"is {name} a scalar, a vector or a matrix? say so: '{name}: positive vector'", at)
        return letter

    def shape(self, name: str, rank: int, given: tuple[list[Size], Token] | None, at: Token) -> Shape:
        if given is None:
            return tuple(self.sizes.fresh(at.start, at.end) for _ in range(rank))
        sizes, token = given
        square = rank == 2 and len(sizes) == 1 and token.text not in RANKS
        if len(sizes) != rank and not square:
            kind = ("scalar takes no size", "vector takes one size", "matrix takes two sizes")
            shown = kind[rank] if rank < 3 else "matrix has two axes at most"
            raise self.error(f"a {shown}; {name} is given {len(sizes)}", token)
        return (sizes[0], sizes[0]) if square else tuple(sizes)

    def fit(self, name: str, word: str, token: Token, shape: Shape) -> None:
        """A property that asks for a square matrix makes it square."""
        fits = TABLE[word].fits
        axes = {"any": 0, "vector": 1, "matrix": 2, "square": 2}[fits]
        if len(shape) < axes:
            asked = {"vector": "a vector", "matrix": "a matrix", "square": "a square matrix"}[fits]
            raise self.error(f"{word} ({TABLE[word].says}) asks for {asked}; {name} is none", token)
        if fits == "square" and not unify(shape[0], shape[1]):
            raise self.error(f"{word} ({TABLE[word].says}) asks for a square matrix; {name} is not square", token)
