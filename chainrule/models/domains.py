"""What a distribution asks of its parameters and of what it draws, and what cannot be.

What is declared of a symbol has to say it: a scale is declared positive where the symbol is made. What a formula asks
beyond that (1 - a - b > 0) becomes a hypothesis that the model carries, unless it is shown never to hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chainrule.distributions import Distribution, Domain
from chainrule.errors import NotationError
from chainrule.notation.nodes import At, Node, Var
from chainrule.notation.statements import (
    Assumption,
    Predicate,
    nonnegative,
    positive,
    positive_definite,
    positive_semidefinite,
)
from chainrule.optimality.words import SAYS, provable

if TYPE_CHECKING:
    from .declaration import Key

OPPOSITE = {
    "positive": nonnegative,
    "nonnegative": positive,
    "positive_definite": positive_semidefinite,
    "positive_semidefinite": positive_definite,
}
"""What of -f shows that f is never so."""


def asked(key: Key, d: Distribution) -> Iterator[Assumption]:
    """What the parameters, and what is drawn, have to be and are not declared to be."""
    yield from d.asks
    yield from d.within(key) if isinstance(key, At | Var) else ()
    for _, domain, p in _places(d):
        for prop in domain.properties:
            if not _declared(p, prop):
                for says in SAYS.get(prop, ()):
                    yield Assumption(says(p))


def _places(d: Distribution) -> Iterator[tuple[str, Domain, Node]]:
    for (name, domain), p in zip(d.family.domain.items(), d.parameters, strict=True):
        yield name, domain, p


def _declared(p: Node, prop: str) -> bool:
    symbol = p.args[0] if isinstance(p, At) else p
    return isinstance(symbol, Var) and prop in symbol.properties


def refuse_impossible(key: Key, d: Distribution, v: Var) -> None:
    """Raises NotationError where a parameter has the wrong shape, or cannot lie where it has to, or where what is drawn
    is not declared to lie where the family puts it."""
    for name, domain, p in _places(d):
        if p.ndim != domain.axes:
            wanted = {0: "a number", 1: "a vector", 2: "a matrix"}.get(domain.axes, f"{domain.axes} axes")
            raise NotationError(f"{key}: the {name} of {d.family.name} is {wanted}; {p.described()} is not")
        for prop in domain.properties:
            _refuse(key, d, name, p, prop)
    for prop in d.family.support.properties:
        if prop not in v.properties and f"{prop}_rows" not in v.properties:
            raise NotationError(
                f"{key}: {d.family.name} draws what is {d.family.support.name}, and {v.name} is not declared so; "
                f"write {v.name} = ...({v.name!r}, ..., {prop}=True)"
            )


def _refuse(key: Key, d: Distribution, name: str, p: Node, prop: str) -> None:
    symbol = p.args[0] if isinstance(p, At) else p
    if _declared(p, prop):
        return
    if isinstance(symbol, Var):
        raise NotationError(
            f"{key}: the {name} of {d.family.name} has to be {prop.replace('_', ' ')}, and {symbol.name} is not "
            f"declared so; write {symbol.name} = ...({symbol.name!r}, ..., {prop}=True)"
        )
    for says in SAYS.get(prop, ()):
        said = says(p)
        if _never(said):
            raise NotationError(
                f"{key}: the {name} of {d.family.name} has to be {prop.replace('_', ' ')}, and {p} is not; "
                "change this line"
            )


def _never(said: Predicate) -> bool:
    """Is the opposite shown, whatever the symbols are? That it fails for some is no reason to refuse it."""
    opposite = OPPOSITE.get(said.name)
    return opposite is not None and provable(opposite(-said.of))
