"""The cheapest order of a contraction: dynamic programming over the subsets of its factors, with typical sizes."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from math import inf

import sympy as sp

from chainrule.forms import dag
from chainrule.forms.dag import Dag

from .products import Labels, Operand, solves
from .shared import Key, spelled

FORBIDDEN = 1e9
GEMM, MATVEC, ENTRY, EINSUM, SYSTEM = 0.1, 0.4, 1.0, 5.0, 1.0
"""Nanoseconds a multiply-add: in a matrix product, with a vector, in an entrywise pass, an einsum, a linear system."""
RUN = 10.0
"""Nanoseconds before each run of an entrywise pass, over the last axes that the same sides have."""
HALF = 1e8
"""From so many multiply-adds on, A'A by BLAS, which computes one half, gains more than copying the other half costs."""

EXAMPLES, FEATURES, GROUPS, OTHER = 1000, 30, 5, 50
TYPICAL = {
    **dict.fromkeys(("n", "N", "m", "M", "T", "B"), EXAMPLES),
    **dict.fromkeys(("p", "d", "D", "q"), FEATURES),
    **dict.fromkeys(("k", "K", "c"), GROUPS),
}
"""What sizes usually are, by the usual letters."""

MOST = 9
"""More factors than this are not ordered together."""

Tree = int | tuple["Tree", "Tree"]


def mask_of(tree: Tree) -> int:
    """The subset of the factors that a tree multiplies."""
    return 1 << tree if isinstance(tree, int) else mask_of(tree[0]) | mask_of(tree[1])


def typical_size(dim: sp.Expr, typical: Mapping[str, int]) -> float:
    """A dimension as a number to compare costs with; different dimensions differ."""
    symbols = sorted(dim.free_symbols, key=str)
    values = {s: typical.get(s.name, TYPICAL.get(s.name, OTHER)) + 0.01 * k for k, s in enumerate(symbols)}
    return float(dim.subs(values))


Typical = Callable[[sp.Expr], float]
"""A dimension as a number."""


def entries(node: Dag, typical: Typical) -> float:
    """How many entries the array of a node usually has."""
    return math.prod((typical(d) for d in node.dims), start=1.0)


class Ordering:
    """The cheapest way to contract the operands down to the labels of `out`."""

    def __init__(
        self,
        operands: Sequence[Operand],
        out: Sequence[int],
        size: Mapping[int, float],
        elsewhere: Collection[Key] = (),
    ):
        self.operands, self.size, self.elsewhere = operands, size, elsewhere
        self.order, self.out = tuple(out), frozenset(out)
        self.everything = (1 << len(operands)) - 1
        self.kept = cache(self._kept)
        self.best = cache(self._best)

    def _kept(self, mask: int) -> frozenset[int]:
        """The labels of a subset's product that the rest or the result still needs."""
        inside = frozenset(x for k, o in enumerate(self.operands) if mask >> k & 1 for x in o.labels)
        outside = frozenset(x for k, o in enumerate(self.operands) if not mask >> k & 1 for x in o.labels)
        return inside & (outside | self.out)

    def volume(self, labels: frozenset[int]) -> float:
        """How many entries an array with these labels has."""
        entries = 1.0
        for x in labels:
            entries *= self.size[x]
        return entries

    def _best(self, mask: int) -> tuple[float, Tree]:
        first = (mask & -mask).bit_length() - 1
        if mask == 1 << first:
            labels = frozenset(self.operands[first].labels)
            return (0.0 if labels == self.kept(mask) else ENTRY * self.volume(labels)), first
        found: tuple[float, Tree] | None = None
        least = inf, 0, 0
        part = (mask - 1) & mask
        while part:
            if part >> first & 1:  # each split once, the first factor on the left
                rest = mask ^ part
                (ca, ta), (cb, tb) = self.best(part), self.best(rest)
                cost = ca + cb + self.pair(part, rest, mask)
                key = float(f"{cost:.9e}"), rest.bit_count(), -rest  # at a tie, the order in which factors are read
                if key < least:
                    least, found = key, (cost, (ta, tb))
            part = (part - 1) & mask
        assert found is not None
        return (0.0, found[1]) if self.elsewhere and self.spelled(mask)[0] in self.elsewhere else found

    def spelled(self, mask: int) -> tuple[Key, Labels]:
        """The product of a subset by what it is, and its labels."""
        return spelled((o for k, o in enumerate(self.operands) if mask >> k & 1), self.kept(mask))

    def parts(self) -> frozenset[Key]:
        """The products that the cheapest way computes on its way."""
        found: set[Key] = set()
        todo = [self.tree]
        while todo:
            tree = todo.pop()
            if not isinstance(tree, int):
                found.add(self.spelled(mask_of(tree))[0])
                todo.extend(tree)
        return frozenset(found)

    def pair(self, a: int, b: int, both: int) -> float:
        """What the product of two subsets' products costs."""
        la, lb, kept = self.kept(a), self.kept(b), self.kept(both)
        union = la | lb
        extra = 0.0
        solvers = [(o, labels) for o, labels in ((self._solver(a), lb), (self._solver(b), la)) if o is not None]
        for operand, labels in solvers:
            row = operand.labels[-2]
            half = operand.solver is not None and operand.solver.half
            cube = self.volume(frozenset(operand.labels)) * self.size[row]
            if len(solvers) == 1 and solves(operand.labels, tuple(sorted(labels)), kept):
                return SYSTEM * (cube / 3 + self.volume(union)) * (1.01 if half and row in labels else 1)
            extra += (FORBIDDEN if half else SYSTEM) * cube
        work, gone, batch = self.volume(union), union - kept, la & lb & kept
        result = ENTRY * self.volume(kept)
        if not gone:
            return extra + ENTRY * work + (RUN * work / self._run(la, lb) if both == self.everything else 0.0)
        if not batch:
            flat = min(len(la), len(lb)) < 2 or len(kept) < 2
            return extra + (MATVEC if flat else GEMM) * work + result
        free_a, free_b = len(la - batch - gone), len(lb - batch - gone)
        if not free_a and not free_b:
            return extra + 1.3 * ENTRY * work
        return extra + (3 * GEMM if free_a == free_b == 1 == len(gone) else EINSUM) * work + result

    def _run(self, a: frozenset[int], b: frozenset[int]) -> float:
        """How many entries of the result are computed in one run: its last axes that the same sides have."""
        run, held = 1.0, None
        for x in reversed(self.order):
            if held is not None and (x in a, x in b) != held:
                break
            run, held = run * self.size[x], (x in a, x in b)
        return run

    def _solver(self, mask: int) -> Operand | None:
        k = mask.bit_length() - 1
        return self.operands[k] if mask == 1 << k and self.operands[k].solver else None

    @property
    def cost(self) -> float:
        return self.best(self.everything)[0]

    @property
    def tree(self) -> Tree:
        return self.best(self.everything)[1]


def reading_order(roots: Sequence[Dag], variables: Sequence[Dag]) -> dict[Dag, tuple[object, ...]]:
    """A key for each node that does not depend on when it was made: its first symbol, its size, its shape and kind."""
    rank = {v: k for k, v in enumerate(variables)}
    keys: dict[Dag, tuple[object, ...]] = {}
    size: dict[Dag, int] = {}
    for node in dag.order(*roots):
        below_it = [keys[c][0] for c in node.children if keys[c][0] >= 0]  # type: ignore[operator]
        first = rank.get(node, min(below_it, default=-1))  # type: ignore[type-var]
        size[node] = min(1 + sum(size[c] for c in node.children), 10**9)
        detail = str(node.args[:2] if node.kind == "function" else node.args if not node.children else "")
        keys[node] = (first, len(node.dims), size[node], node.kind, str(node.dims), detail, node.uid)
    return keys
