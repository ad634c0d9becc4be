"""A formula on the DAG, and which of the node's axes are its free letters and which its own."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import sympy as sp

from chainrule.notation.nodes import Letter

from .dag import Dag

Axes = tuple[tuple[Hashable, ...], ...]


@dataclass(frozen=True)
class Lowered:
    """A DAG node whose axes are the free letters, then for each axis of the formula the listed number of axes."""

    node: Dag
    letters: tuple[Letter, ...]
    groups: tuple[int, ...]

    def labels(self, axes: tuple[tuple[Hashable, ...], ...]) -> tuple[Hashable, ...]:
        """The labels of the node when the formula's axes are labelled so."""
        return self.letters + tuple(label for axis in axes for label in axis)

    def fresh(self, tag: Hashable) -> tuple[tuple[Hashable, ...], ...]:
        """New labels for the formula's axes."""
        return tuple(tuple((tag, k, j) for j in range(g)) for k, g in enumerate(self.groups))

    def axis_dims(self, axis: int) -> tuple[sp.Expr, ...]:
        """The sizes inside one axis of the formula."""
        start = len(self.letters) + sum(self.groups[:axis])
        return self.node.dims[start : start + self.groups[axis]]


def letter_key(letter: Letter) -> tuple[int, str, str]:
    return (letter.level, letter.name, str(letter.dim))
