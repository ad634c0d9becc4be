"""The functions of a chapter whose convexity is worth asking: those that its items take gradients or Hessians of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chainrule.notation.indices import free_letters
from chainrule.notation.nodes import Deriv, Node, Var
from chainrule.notation.statements import Assumption, Example, Item, Predicate, Relation


@dataclass(frozen=True)
class Function:
    """A scalar formula, the symbol in which its derivative is taken, and what is given there of the other symbols."""

    formula: Node
    variable: Var
    given: tuple[Assumption, ...]


def functions_of(items: Iterable[Item]) -> list[Function]:
    """Every f with grad(f, x) or hessian(f, x) in a line of an item, once for each x, in order of appearance.

    A hypothesis of the item is kept where it does not speak of x: what holds at the minimum does not hold around it.
    """
    found: dict[tuple[Node, Var], Function] = {}
    for item in items:
        for formula in item.formulas:
            for deriv in sorted(formula.atoms(Deriv), key=str):
                f, x = deriv.args[1], deriv.args[2]
                if deriv.kind in ("grad", "hessian") and not free_letters(f) and not f.atoms(Deriv):
                    found.setdefault((f, x), Function(f, x, tuple(_about_others(item, x))))
    return list(found.values())


def _about_others(item: Item, x: Var) -> Iterator[Assumption]:
    given = item.derivation.given if isinstance(item, Example) else item.given
    return (a for a in given if x not in _symbols(a.statement))


def _symbols(said: Relation | Predicate) -> set[Var]:
    return {v for f in said.formulas for v in f.atoms(Var)}
