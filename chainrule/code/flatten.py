"""Contractions inside contractions: what is used once is opened, so that the whole product can be put in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy as sp

from chainrule.forms import dag
from chainrule.forms.dag import Dag

from .facts import declared
from .order import MOST, Ordering
from .products import Operand

Factors = tuple[tuple[Dag, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Product:
    """coef * the product of the factors, summed to the labels `out`; dims[label] is the size."""

    coef: Fraction
    factors: Factors
    out: tuple[int, ...]
    dims: tuple[sp.Expr, ...]


class Labelling:
    """Labels, some of which have turned out to be the same."""

    def __init__(self) -> None:
        self.same: dict[int, int] = {}

    def __call__(self, label: int) -> int:
        while label in self.same:
            label = self.same[label]
        return label

    def join(self, a: int, b: int) -> None:
        """From now on a and b are one label."""
        a, b = self(a), self(b)
        if a != b:
            self.same[b] = a


class Flattening:
    """Every contraction of some formulas with its single-use inner contractions opened."""

    def __init__(
        self,
        roots: Sequence[Dag],
        order: Mapping[Dag, tuple[object, ...]],
        named: Mapping[Dag, str],
        size: Callable[[sp.Expr], float],
    ):
        self.roots, self.order, self.named, self.size = roots, order, named, size
        nodes = dag.order(*roots)
        self.uses = Counter(child for node in nodes for child in node.children)
        self.uses.update(roots)
        self.products: dict[Dag, Product] = {}
        for node in nodes:
            if node.kind == "contract":
                self.products[node] = self._product(node)

    def needed(self, formed: frozenset[Dag]) -> list[Dag]:
        """The nodes that code is written for, children first: an inverse that is solved with needs only its matrix."""
        seen: set[Dag] = set()
        todo = list(self.roots)
        while todo:
            node = todo.pop()
            if node in seen:
                continue
            seen.add(node)
            for child in self._below(node):
                solved = child.kind == "inverse" and node.kind == "contract" and child not in formed
                todo.append(child.args[0] if solved else child)
        return sorted(seen)

    def _below(self, node: Dag) -> list[Dag]:
        return [op for op, _ in self.products[node].factors] if node.kind == "contract" else list(node.children)

    def _product(self, node: Dag) -> Product:
        plain = self._opened(node, lambda child: self.uses[child] == 1 and child not in self.named)
        whole = self._opened(node, lambda child: self.uses[child] == 1)
        if whole == plain or self._cost(whole) < 0.7 * self._separately(plain):
            return whole
        return plain

    def _separately(self, product: Product) -> float:
        inner = [op for op, _ in product.factors if op.kind == "contract" and self.uses[op] == 1]
        return self._cost(product) + sum(self._cost(self.products[op]) for op in inner)

    def _opened(self, node: Dag, opens: Callable[[Dag], bool]) -> Product:
        coef, ops, out, dims = node.args
        dims, factors, same = list(dims), [], Labelling()
        room = MOST - len(ops)
        for op, labels in ops:
            inner = self.products.get(op)
            if inner is None or not opens(op) or len(inner.factors) - 1 > room:
                factors.append((op, labels))
                continue
            room -= len(inner.factors) - 1
            coef *= inner.coef
            label_of: dict[int, int] = {}
            for k, label in zip(inner.out, labels, strict=True):
                same.join(label_of.setdefault(k, label), label)
            for k, d in enumerate(inner.dims):
                if k not in label_of:
                    label_of[k] = len(dims)
                    dims.append(d)
            factors += [(f, tuple(label_of[k] for k in ls)) for f, ls in inner.factors]
        return self._renumbered(coef, factors, out, dims, same)

    def _renumbered(self, coef, factors, out, dims, same: Labelling) -> Product:  # type: ignore[no-untyped-def]
        """The factors in reading order; labels that became one are one, the others keep their sizes."""
        made = _without_squares([(f, tuple(map(same, ls))) for f, ls in factors])
        made.sort(key=lambda f: (self.order[f[0]], f[1]))
        out = tuple(map(same, out))
        read = [x for _, ls in made for x in ls] + [*out] + [same(k) for k in range(len(dims))]
        number = {x: n for n, x in enumerate(dict.fromkeys(read))}
        return Product(
            coef,
            tuple((f, tuple(number[x] for x in ls)) for f, ls in made),
            tuple(number[x] for x in out),
            tuple(dims[x] for x in number),
        )

    def _cost(self, product: Product) -> float:
        """What the cheapest order costs."""
        operands = [Operand(None, ls) for _, ls in product.factors if ls]
        if not operands:
            return 0.0
        return Ordering(operands, product.out, {k: self.size(d) for k, d in enumerate(product.dims)}).cost


def _without_squares(factors: list[tuple[Dag, tuple[int, ...]]]) -> list[tuple[Dag, tuple[int, ...]]]:
    """y y = 1 for labels -1 and 1, c c = c for entries 0 and 1."""
    kept: list[tuple[Dag, tuple[int, ...]]] = []
    for factor in factors:
        if factor in kept and "labels" in declared(factor[0]):
            kept.remove(factor)
        elif factor not in kept or "binary" not in declared(factor[0]):
            kept.append(factor)
    return kept
