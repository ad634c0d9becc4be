"""What a law is: a rule, the words that a reader sees, a source, and an example for the appendix and the tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chainrule.errors import NotationError
from chainrule.notation.nodes import Node, Var

Example = Callable[[], tuple[Node, Var]]


@dataclass(frozen=True)
class Law:
    """A law of derivatives. `rule` is the law itself; `example()` gives a formula and its variable."""

    name: str
    says: str
    source: str
    example: Example
    rule: Callable[..., Any]


_laws: dict[str, Law] = {}


def register(name: str, says: str, source: str, example: Example, rule: Callable[..., Any]) -> Law:
    """Add a law under its name; a name is given once."""
    if name in _laws:
        raise NotationError(f"there is already a law called {name!r}")
    _laws[name] = Law(name, says, source, example, rule)
    return _laws[name]


def all_laws() -> tuple[Law, ...]:
    """Every law, in the order of the files."""
    return tuple(_laws.values())
