"""One example of a model, looked at by itself: what has its index is a symbol, x[i] an x."""

from __future__ import annotations

from collections.abc import Mapping

from chainrule.distributions import Distribution
from chainrule.notation.indices import summed
from chainrule.notation.nodes import At, Letter, Node, Var, make_var
from chainrule.optimality.words import fresh

from .declaration import Key, Model, plates_of

LETTERS = "xyzuvtsw"
KEPT = {"positive", "nonnegative", "positive_definite", "unit_interval"}
"""Properties that one example has where they are declared of all."""


def one_example(model: Model, i: Letter, taken: set[str]) -> dict[At, Var]:
    """x[i] -> a symbol of one example, for everything that has this index."""
    parts = [p for key, d in model.drawn for p in (key, *d.parameters) if isinstance(p, Node)]
    indexed = sorted({a for p in parts for a in p.atoms(At) if a.args[1:] == (i,)}, key=str)
    wishes = {a: (a.args[0].name.lower(), *LETTERS) for a in indexed}
    return {a: make_var(fresh(wishes[a], taken), a.shape, _kept(a.args[0])) for a in indexed}


def _kept(v: Var) -> tuple[str, ...]:
    return tuple(sorted(v.declared & KEPT))


def of_example(formula: Node, one: Mapping[At, Var]) -> bool:
    """Does it hang on the example?"""
    return bool(formula.atoms(Var) & set(one.values()))


def back(formula: Node, one: Mapping[At, Var]) -> Node:
    """The formula for example i again."""
    return formula.xreplace({v: a for a, v in one.items()})


def speaks_of(z: Node, key: Key, d: Distribution) -> bool:
    """Is it z that is drawn, or does its law hang on z?"""
    return key == z or any(p.has(z) for p in d.parameters)


def over_plates(key: Key, body: Node) -> Node:
    """The sum over all examples that a key speaks of."""
    for letter in reversed(plates_of(key)):
        body = summed(body, letter)
    return body


def symbols_of(key: Key, d: Distribution) -> set[Var]:
    """The symbols of a law, and what it draws where that is a symbol itself."""
    return {v for p in d.parameters for v in p.atoms(Var)} | ({key} if isinstance(key, Var) else set())
