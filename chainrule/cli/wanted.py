"""The symbol that a command is asked about."""

from __future__ import annotations

from chainrule.errors import NotationError
from chainrule.typed import Formula


def wanted(formula: Formula, name: str | None, preposition: str) -> str:
    """The symbol asked for; the only one, if none is named."""
    if name is not None:
        return name
    if len(formula.symbols) == 1:
        return next(iter(formula.symbols))
    known = f"add --wrt and one of {', '.join(formula.symbols)}" if formula.symbols else "there is none in this formula"
    raise NotationError(f"{preposition} which symbol? {known}")
