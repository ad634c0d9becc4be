"""What chainrule says when it cannot go on: what was found, what was expected, where, and what to do next."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

ENGINE = str(Path(__file__).resolve().parent)


@dataclass(frozen=True)
class Place:
    """A line of somebody's file, and which part of it, where one line makes several things."""

    file: str
    line: int
    part: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def caller() -> Place:
    """The innermost line outside the engine: where the author wrote what is being built."""
    frame = sys._getframe(1)
    while frame.f_back is not None and _is_ours(frame):
        frame = frame.f_back
    return Place(frame.f_code.co_filename, frame.f_lineno)


def _is_ours(frame: FrameType) -> bool:
    """A frame of the engine; a method that dataclasses wrote has no file, but it has its module."""
    module = str(frame.f_globals.get("__name__", ""))
    return frame.f_code.co_filename.startswith(ENGINE) or module.startswith("chainrule.")


class ChainruleError(Exception):
    """A declared error. Its text stands alone; `place` is where the author wrote the cause."""

    def __init__(self, text: str, place: Place | None = None):
        super().__init__(text)
        self.text = text
        self.place = place or caller()

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"

    def __reduce__(self):  # type: ignore[no-untyped-def]
        return type(self), (self.text, self.place)


class ShapeError(ChainruleError):
    """Two shapes that do not fit together."""


class NotationError(ChainruleError):
    """Something that is not a formula: an unknown node, a free index, a property that cannot be."""


class Unsupported(ChainruleError):
    """An operation has no arm for this node. It is never answered by zero."""


class Undefined(ChainruleError):
    """A formula has no value here: division by zero, a singular inverse, a logarithm of a negative number."""


class EngineBug(ChainruleError):
    """A proof and a refutation of the same line. The run stops with both."""
