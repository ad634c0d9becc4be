"""A contraction read as matrix notation, as a circuit is reduced: in series a product, in parallel one by entries.

    a loop              diagof(A)               two edges in a ring       trace(A @ B)
    edges in parallel   A * B                   a label in the output     diag(v) @ A
    a leaf              A @ v                   one twice in the output   diag(v)
    a label between     A @ diag(v) @ B

What cannot be reduced so is stuck, and has to be written with indices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import sympy as sp

from chainrule.notation.nodes import Eye, Node, Size

from .lengths import length
from .products import Chain, along, chained, hadamard, num, op, turned
from .terms import Label

ONE = Fraction(1)


class Stuck(Exception):
    """Not a series-parallel graph of matrices and vectors."""


@dataclass(frozen=True)
class Piece:
    """A scalar, vector or matrix at labels, to a power entry by entry."""

    node: Node
    labels: tuple[Label, ...]
    power: Fraction = ONE
    symmetric: bool = False


@dataclass
class Edge:
    """Matrices from one label to another, multiplied entry by entry."""

    start: Label
    end: Label
    parts: list[tuple[Chain, Fraction]]

    def touches(self, label: Label) -> bool:
        return label in (self.start, self.end)

    def other(self, label: Label) -> Label:
        return self.end if label == self.start else self.start


@dataclass
class Reduced:
    """What is left: scalar factors, and a chain, a single formula or nothing over the output."""

    scalars: list[tuple[Node, Fraction]] = field(default_factory=list)
    body: Chain | Node | None = None


def reduced(pieces: Sequence[Piece], out: Sequence[Label], sizes: Mapping[Label, sp.Expr]) -> Reduced:
    """The pieces multiplied and summed over every label not in `out`; raises Stuck."""
    if len(out) > 2 or any(len(p.labels) > 2 for p in pieces):
        raise Stuck
    return _Circuit(pieces, tuple(out), sizes).run()


class _Circuit:
    def __init__(self, pieces: Sequence[Piece], out: tuple[Label, ...], sizes: Mapping[Label, sp.Expr]):
        self.out, self.sizes = out, sizes
        self.result = Reduced()
        self.vectors: dict[Label, list[tuple[Chain, Fraction]]] = {}
        self.edges: list[Edge] = []
        self.symmetric = {p.node for p in pieces if p.symmetric}
        for p in pieces:
            self._enter(p)
        self.todo = list(dict.fromkeys(k for p in pieces for k in p.labels if k not in out))

    def _enter(self, p: Piece) -> None:
        if not p.labels:
            self.result.scalars.append((p.node, p.power))
        elif len(p.labels) == 1:
            self._weigh(p.labels[0], (p.node,), p.power)
        elif p.labels[0] == p.labels[1]:
            self._weigh(p.labels[0], (op("diagof", p.node if p.power == 1 else hadamard([(p.node, p.power)])),))
        else:
            self._join(p.labels[0], p.labels[1], [((p.node,), p.power)])

    def _weigh(self, label: Label, chain: Chain, power: Fraction = ONE) -> None:
        self.vectors.setdefault(label, []).append((chain, power))

    def _join(self, start: Label, end: Label, parts: list[tuple[Chain, Fraction]]) -> None:
        for e in self.edges:
            if e.touches(start) and e.touches(end):
                flip = e.start != start
                e.parts.extend((turned(c, self.symmetric) if flip else c, p) for c, p in parts)
                return
        self.edges.append(Edge(start, end, parts))

    # --- the moves -------------------------------------------------------------------------------------
    def run(self) -> Reduced:
        while self.todo:
            degree = {k: [e for e in self.edges if e.touches(k)] for k in self.todo}
            label = min(self.todo, key=lambda k: (self._rank(k, degree[k]), self.todo.index(k)))
            edges = degree[label]
            if len(edges) > 2:
                raise Stuck
            self.todo.remove(label)
            (self._alone, self._leaf, self._between)[len(edges)](label, *edges)
        self.result.body = self._body()
        return self.result

    def _rank(self, label: Label, edges: list[Edge]) -> tuple[int, int]:
        """Few edges first; a leaf with a vector before one without, a label between two after one with a vector."""
        return (len(edges), int((label in self.vectors) == (len(edges) == 2)))

    def _alone(self, label: Label) -> None:
        """sum_i v_i: a dot product, a squared norm, a trace, a sum."""
        self.result.scalars.append(self._summed(self.vectors.pop(label, []), label))

    def _summed(self, parts: list[tuple[Chain, Fraction]], label: Label) -> tuple[Node, Fraction]:
        powers = self._collected(parts)
        if not powers:
            return Size(self.sizes[label]), ONE
        if len(powers) == 1 and powers[0][1] == 2:
            return op("sqnorm", powers[0][0][0]), ONE
        if len(powers) == 1 and powers[0][1] == 1:
            node = powers[0][0][0]
            if getattr(node, "kind", "") == "diagof":
                return op("trace", node.args[1]), ONE
            return along("sum", node, range(node.ndim)), ONE
        if len(powers) == 2 and all(p == 1 and x[0].ndim == 1 for x, p in powers):
            (_, a), (_, b) = (x for x, _ in powers)
            return self.dot(a, b), ONE
        node = hadamard([(n, p) for (n, _), p in powers])
        return along("sum", node, range(node.ndim)), ONE

    @staticmethod
    def _collected(parts: list[tuple[Chain, Fraction]]) -> list[tuple[tuple[Node, Chain], Fraction]]:
        found: dict[tuple[Node, bool], tuple[Chain, Fraction]] = {}
        for chain, p in parts:
            key = (chained(chain), p > 0)
            found[key] = (chain, found[key][1] + p if key in found else p)
        return [((node, chain), p) for (node, _), (chain, p) in found.items()]

    def dot(self, a: Chain, b: Chain) -> Node:
        """a' b, from whichever side is shorter to write."""
        choices = [chained((*turned(x, self.symmetric), *y)) for x, y in ((a, b), (b, a))]
        return min(choices, key=length)

    def _leaf(self, label: Label, e: Edge) -> None:
        """sum_j A_ij v_j = (A v)_i."""
        end = e.other(label)
        weight = self.vectors.pop(label, None)
        self.edges.remove(e)
        closed = end in self.todo and not any(x.touches(end) for x in self.edges) and end not in self.vectors
        if weight is None and closed:
            self.todo.remove(end)
            self.result.scalars.append(self._ring(e, label))
        elif weight is None and self._is_diagonal(e):
            self._weigh(end, (op("diagof", self._product(e, end)),))
        elif weight is None:
            chain = self._chain(e, end)
            self._weigh(end, (*chain[:-1], along("sum", chain[-1], (1,))))
        else:
            self._weigh(end, (*self._chain(e, end), *self._vector(weight)))

    def _between(self, label: Label, a: Edge, b: Edge) -> None:
        """sum_j A_ij v_j B_jk = (A diag(v) B)_ik."""
        first, last = a.other(label), b.other(label)
        if first == last or (self.out and last == self.out[0]):
            a, b, first, last = b, a, last, first
        weight = self.vectors.pop(label, None)
        middle = () if weight is None else (op("diag", self._entrywise(weight)),)
        self.edges.remove(a)
        self.edges.remove(b)
        self._join(first, last, [((*self._chain(a, first), *middle, *self._chain(b, label)), ONE)])

    # --- parts -----------------------------------------------------------------------------------------
    def _ring(self, e: Edge, label: Label) -> tuple[Node, Fraction]:
        """sum_ij of matrices multiplied by entries: a squared norm, a trace, a sum."""
        if len(e.parts) == 2 and self._is_diagonal(e):
            return op("trace", self._product(e, e.start)), ONE
        return self._summed(e.parts, label)

    def _is_diagonal(self, e: Edge) -> bool:
        """Two matrices that are better multiplied than taken entry by entry: sum_j A_ij B_ji."""
        if len(e.parts) != 2 or any(p != 1 for _, p in e.parts) or e.parts[0][0] == e.parts[1][0]:
            return False
        (a, _), (b, _) = e.parts
        by_entry = length(chained(a)) + length(chained(b))
        return length(self._product(e, e.start)) - 3 <= by_entry

    def _product(self, e: Edge, start: Label) -> Node:
        (a, _), (b, _) = e.parts
        if start != e.start:
            a, b = turned(a, self.symmetric), turned(b, self.symmetric)
        return min((chained((*x, *turned(y, self.symmetric))) for x, y in ((a, b), (b, a))), key=length)

    def _chain(self, e: Edge, start: Label) -> Chain:
        if len(e.parts) == 1 and e.parts[0][1] == 1:
            chain = e.parts[0][0]
        else:
            chain = (hadamard([(chained(c), p) for c, p in e.parts]),)
        return chain if start == e.start else turned(chain, self.symmetric)

    def _entrywise(self, parts: list[tuple[Chain, Fraction]]) -> Node:
        return hadamard([(chained(c), p) for c, p in parts])

    def _vector(self, parts: list[tuple[Chain, Fraction]]) -> Chain:
        if len(parts) == 1 and parts[0][1] == 1:
            return parts[0][0]
        return (self._entrywise(parts),)

    # --- what is left ----------------------------------------------------------------------------------
    def _body(self) -> Chain | Node | None:
        out = self.out
        if not out:
            return None
        if len(out) == 1:
            return self._final(self.vectors[out[0]]) if out[0] in self.vectors else num(1, [self.sizes[out[0]]])
        if out[0] == out[1]:
            n = self.sizes[out[0]]
            return op("diag", self._entrywise(self.vectors[out[0]])) if out[0] in self.vectors else Eye(n)
        if not self.edges:
            return self._outer()
        (e,) = self.edges
        left, right = ((op("diag", self._entrywise(self.vectors[k])),) if k in self.vectors else () for k in out)
        if not left and not right:
            parts = e.parts if e.start == out[0] else [(turned(c, self.symmetric), p) for c, p in e.parts]
            return self._final(parts)
        return (*left, *self._chain(e, out[0]), *right)

    def _final(self, parts: list[tuple[Chain, Fraction]]) -> Chain | Node:
        return parts[0][0] if len(parts) == 1 and parts[0][1] == 1 else self._entrywise(parts)

    def _outer(self) -> Chain | Node:
        a, b = (self.vectors.get(k) for k in self.out)
        if a is None and b is None:
            return num(1, [self.sizes[k] for k in self.out])
        x, y = (
            (num(1, [self.sizes[k]]),) if v is None else self._vector(v) for v, k in zip((a, b), self.out, strict=True)
        )
        return (*x, *turned(y, self.symmetric))
