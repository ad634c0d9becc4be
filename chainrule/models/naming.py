"""Items of several optima that one line of a file asked for, told apart by the parameter that each was found in.

An item's place is where its author wrote it, and its part: `gradient`, `lowest`. A model has a gradient for each of its
parameters, so that the part becomes `mu.gradient`, in the items and in every reason that leans on them.
"""

from __future__ import annotations

from dataclasses import fields, replace
from functools import singledispatchmethod
from typing import Any

from chainrule.notation.statements import Claim, Derivation, Line, Reason
from chainrule.optimality import Optimum


def of_parameter(found: Optimum) -> Optimum:
    """The optimum with the name of its variable before the parts of its items."""
    named = _Named(found.variable.name)
    return replace(found, **{f.name: named(getattr(found, f.name)) for f in fields(found)})


class _Named:
    """Each item renamed once, so that what was one item stays one."""

    def __init__(self, prefix: str):
        self.prefix = prefix
        self.done: dict[int, tuple[Any, Any]] = {}

    def __call__(self, value: Any) -> Any:
        kept = self.done.get(id(value))
        if kept is None:
            kept = self.done[id(value)] = (value, self._of(value))
        return kept[1]

    @singledispatchmethod
    def _of(self, value: Any) -> Any:
        """What is no item stays as it is."""
        return value

    @_of.register
    def _(self, several: tuple) -> Any:  # type: ignore[type-arg]
        return tuple(self(v) for v in several)

    @_of.register
    def _(self, item: Claim) -> Claim:
        return replace(item, reason=self(item.reason), place=self._place(item))

    @_of.register
    def _(self, item: Derivation) -> Derivation:
        return replace(item, lines=self(item.lines), place=self._place(item))

    @_of.register
    def _(self, line: Line) -> Line:
        return replace(line, reason=self(line.reason))

    @_of.register
    def _(self, reason: Reason) -> Reason:
        return replace(reason, facts=self(reason.facts)) if reason.facts else reason

    def _place(self, item: Claim | Derivation) -> Any:
        return replace(item.place, part=f"{self.prefix}.{item.place.part.replace(' ', '_')}")
