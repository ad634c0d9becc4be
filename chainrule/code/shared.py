"""Products inside products: a part that another product computes as well costs nothing more, and is written once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from .products import Labels, Operand

Key = Hashable


def spelled(operands: Iterable[Operand], kept: frozenset[int]) -> tuple[Key, Labels]:
    """A product of operands by what it is, whatever its labels are called; and its kept labels in order."""
    number: dict[int, int] = {}
    said = []
    for o in sorted(operands, key=_standing):
        said.append((_what(o), tuple(number.setdefault(x, len(number)) for x in o.labels)))
    labels = tuple(x for x in number if x in kept)
    return (tuple(said), tuple(number[x] for x in labels)), labels


def _what(o: Operand) -> tuple[int, bool]:
    """Expressions are made once: their number says which."""
    return (o.solver.matrix.serial, o.solver.half) if o.solver else (o.array.serial, False)


def _standing(o: Operand) -> tuple[int, bool, int, Labels]:
    return (*_what(o), len(o.labels), o.labels)


@dataclass
class Shared:
    """What has been multiplied so far, and which parts each product was planned with."""

    plans: dict[Hashable, frozenset[Key]] = field(default_factory=dict)
    built: dict[Key, tuple[Labels, Operand]] = field(default_factory=dict)

    def others(self, product: Hashable) -> frozenset[Key]:
        """The parts that other products compute."""
        return frozenset().union(*(keys for p, keys in self.plans.items() if p is not product))

    def again(self) -> Shared:
        """The same plans for a new attempt, nothing built yet."""
        return Shared(dict(self.plans))

    def find(self, key: Key, labels: Labels) -> Operand | None:
        """A part that is there already, on these labels."""
        if key not in self.built:
            return None
        own, operand = self.built[key]
        at = dict(zip(own, labels, strict=True))
        return Operand(operand.code, tuple(at[x] for x in operand.labels))

    def keep(self, key: Key, labels: Labels, operand: Operand) -> None:
        """Remember a part that has been built."""
        if operand.solver is None and set(operand.labels) == set(labels):
            self.built[key] = labels, operand
