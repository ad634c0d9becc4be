"""A part of a formula whose shape is known up to the sizes: it becomes a node once the sizes have names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chainrule.notation.nodes import Node

from .sizes import Shape
from .syntax import Syntax

Make = Callable[[], Node]


@dataclass(frozen=True)
class Part:
    """Its shape, whether it is a row, how to make its node, and where it is written."""

    shape: Shape
    row: bool
    make: Make
    syntax: Syntax

    @property
    def kind(self) -> str:
        """number, vector, row or matrix."""
        return "row" if self.row else ("number", "vector", "matrix")[len(self.shape)]

    @property
    def literal(self) -> str | None:
        """The number, if it is one as written, with its sign."""
        tree, sign = self.syntax, ""
        while tree.head == "neg":
            tree, sign = tree.args[0], "" if sign else "-"
        return sign + tree.word if tree.head == "number" else None
