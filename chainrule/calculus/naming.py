"""Names for what a long formula says again and again: t1 = S^-1 x, and t1 from there on.

named(formula)      the formula with its repeated parts named, if that is shorter to read
"""

from __future__ import annotations

from itertools import count

from sympy.core.basic import Basic
from sympy.core.symbol import Str

from chainrule.notation.nodes import Each, Let, Node, Sum, Var, children

from .lengths import length
from .letters import loose, parts_of
from .sharing import canonical

LONG = 90
"""A formula shorter than this, in characters, is left without names."""
PART = 7
"""A part shorter than this is not named."""
SAVED = 16
"""What a name has to save, in characters."""


def named(formula: Node) -> Node:
    """The formula with the parts that it repeats named, the one that saves most first."""
    taken = {p.name for p in parts_of(formula) if isinstance(p, (Var, Let))}
    spare = (s for s in (f"t{k}" for k in count(1)) if s not in taken)
    while length(formula) > LONG:
        part = _most_repeated(formula)
        if part is None:
            break
        formula = canonical(_replaced(formula, part, Let(Str(next(spare)), part)))
    return formula


def total_length(formula: Node) -> int:
    """The length of a formula and of what the names in it stand for."""
    lets = [p for p in parts_of(formula) if isinstance(p, Let)]
    return length(formula) + sum(length(p.value) + len(p.name) + 5 for p in lets)


def _most_repeated(formula: Node) -> Node | None:
    times: dict[Node, int] = {}
    _count(formula, times)
    gains = {
        part: (length(part) - 2) * (n - 1) - 8
        for part, n in times.items()
        if n > 1 and length(part) >= PART and not loose(part) and not isinstance(part, (Let, Sum, Each))
    }
    best = max(gains, key=lambda part: (gains[part], str(part)), default=None)
    return best if best is not None and gains[best] >= SAVED else None


def _count(formula: Node, times: dict[Node, int]) -> None:
    """How often each part is read."""
    todo = [formula]
    while todo:
        part = todo.pop()
        times[part] = times.get(part, 0) + 1
        if not isinstance(part, Let):
            todo.extend(children(part))


def _replaced(formula: Basic, part: Node, name: Let) -> Basic:
    done: dict[Basic, Basic] = {part: name}

    def replaced(node: Basic) -> Basic:
        if isinstance(node, Let) or not node.args:
            return node
        if node not in done:
            done[node] = node.func(*(replaced(a) for a in node.args))
        return done[node]

    return replaced(formula)
