"""What a page can do: the few shapes that all printed mathematics is made of, to be spelled by each kind of page."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import IntEnum
from typing import ClassVar, NamedTuple

from .names import Name, is_letter, stepping, take_apart

OPERATORS = {
    "trace": "tr", "relu": "ReLU", "lgamma": "logGamma", "log_bessel0": "logBessel", "bessel_ratio": "BesselRatio",
}  # fmt: skip
"""Functions whose word on a page is not their name."""


class Level(IntEnum):
    """How tightly printed mathematics holds together."""

    SUM = 0  # a + b
    SIGN = 1  # -a
    INFIX = 2  # a (x) b, and a / b where fractions do not stack
    PRODUCT = 3  # a b
    FRACTION = 4  # a stacked fraction, or a raised thing: it stands by itself, but takes no further script
    ATOM = 5


class Core(NamedTuple):
    """A letter, a bracket or a call with its scripts."""

    body: str
    below: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    named: bool = False
    """Does what stands above belong to the name, so that an index may stand below it?"""


class Box(NamedTuple):
    """A printed formula: its text, how tightly it holds, and what its neighbours have to know."""

    text: str
    level: Level = Level.ATOM
    core: Core | None = None
    tall: bool = False  # brackets round it have to grow
    trails: bool = False  # it ends in a sum or a derivative, which would swallow a further factor
    kind: str = ""  # number, scalar, letter, word, fence, call, fraction: decides the gap to a neighbour


class Target(ABC):
    """A kind of page. Everything here is spelling; where brackets go is decided in `layout`."""

    stacks: ClassVar[bool]  # are fractions stacked?
    signs: ClassVar[dict[str, str]]
    functions: ClassVar[dict[str, str]]  # the spelling of a function where it is not its name as a word
    accents: ClassVar[dict[str, str]]

    @abstractmethod
    def glyph(self, word: str) -> str:
        """One letter in italics, a Greek letter by its name, a longer word upright, a number as it is."""

    @abstractmethod
    def step(self, body: str) -> str:
        """A small change of what a letter stands for: an upright d before it."""

    @abstractmethod
    def accent(self, kind: str, body: str) -> str:
        """A letter with a bar, a hat, a tilde or a dot over it."""

    @abstractmethod
    def scripts(self, body: str, below: str, above: str) -> str:
        """A body with a subscript and a superscript, either of which may be empty."""

    @abstractmethod
    def bracket(self, body: str, tall: bool) -> str:
        """Round brackets."""

    @abstractmethod
    def squared(self, body: str, tall: bool) -> str:
        """Square brackets."""

    @abstractmethod
    def fence(self, kind: str, body: str, tall: bool) -> str:
        """The bars of a `norm` or of an absolute value, `abs`."""

    @abstractmethod
    def root(self, body: str) -> str:
        """A square root."""

    @abstractmethod
    def fraction(self, above: str, below: str) -> str:
        """A fraction, stacked where fractions stack."""

    @abstractmethod
    def operator(self, word: str) -> str:
        """The name of a function, upright."""

    @abstractmethod
    def big_sum(self, below: str, above: str) -> str:
        """A summation sign with what it runs over."""

    @abstractmethod
    def evaluated(self, body: str, condition: str) -> str:
        """A formula with a bar and the value at which it is taken."""

    @abstractmethod
    def gap(self, left: Box, right: Box) -> str:
        """What stands between two factors."""

    @abstractmethod
    def words(self, text: str) -> str:
        """Words in a line of mathematics."""

    @abstractmethod
    def later(self, term: str) -> str:
        """A piece that begins with its sign, standing on a line of its own."""

    def name(self, name: str, scalar: bool = False) -> Box:
        """A symbol by its name."""
        parts: Name = take_apart(name)
        letter = stepping(parts.body)
        body = self.glyph(letter or parts.body)
        for kind in parts.accents:
            body = self.accent(kind, body)
        body = self.step(body) if letter else body
        below = tuple(self.glyph(part) for part in parts.below)
        above = tuple(self.signs[mark] for mark in parts.above)
        kind = "word" if not is_letter(parts.body) else "scalar" if scalar else "letter"
        found = self.atom(body, below, above, kind=kind)
        return found._replace(core=Core(body, below, above, set(parts.above) <= {"star", "sq"}))

    def atom(
        self, body: str, below: tuple[str, ...] = (), above: tuple[str, ...] = (), *, tall: bool = False, kind: str = ""
    ) -> Box:
        """A body with its scripts."""
        text = self.scripts(body, self.listed(below), "".join(above))
        return Box(text, Level.ATOM, Core(body, below, above), tall=tall, kind=kind)

    def beside(self, letters: list[str]) -> str:
        """Indices of one letter each, side by side."""
        return " ".join(letters)

    def listed(self, parts: tuple[str, ...]) -> str:
        """Several subscripts side by side."""
        return ",".join(parts)
