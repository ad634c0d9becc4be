"""A term: a number times a product of tensors, with the products inside it multiplied through.

Where a factor is itself a product it is taken apart, so that X' (X w) is seen as three factors and can be read as one
chain. Powers of one factor at one place are kept as an exponent: x x / y^2 is x to the 2, y to the -2.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from typing import NamedTuple

import sympy as sp

from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.notation.nodes import Var

Label = Hashable
ONE = Fraction(1)
Stop = Callable[[Dag], bool]


class Factor(NamedTuple):
    """A tensor at labels, to a power taken entry by entry."""

    node: Dag
    labels: tuple[Label, ...]
    power: Fraction = ONE


@dataclass(frozen=True)
class Term:
    """coef * the sum, over every label not in `out`, of the product of the factors."""

    coef: Fraction
    factors: tuple[Factor, ...]
    out: tuple[Label, ...]
    sizes: dict[Label, sp.Expr]

    def summed(self) -> tuple[Label, ...]:
        """The labels that are summed over, in order of appearance."""
        found = dict.fromkeys(k for f in self.factors for k in f.labels)
        return tuple(k for k in found if k not in self.out)

    def dag(self) -> Dag:
        """The same as a node."""
        return contraction(self.coef, self.factors, self.out, self.sizes)


def contraction(coef: Fraction, factors: Sequence[Factor], out: Sequence[Label], sizes: dict[Label, sp.Expr]) -> Dag:
    """Factors as a node. A label that was summed over one entry per factor must be in some factor or in `out`."""
    ops: list[tuple[Dag, tuple[Label, ...]]] = []
    for f in factors:
        if f.power.denominator == 1 and f.power > 0:
            ops.extend([(f.node, f.labels)] * int(f.power))
        else:
            ops.append((dag.function("power", f.node, f.power), f.labels))
    used = {k for _, ls in ops for k in ls} | set(out)
    return dag.contract(coef, ops, out, {k: d for k, d in sizes.items() if k in used})


def flatten(root: Dag, stop: Stop) -> Term:
    """A node as a term; a product inside it is taken apart unless `stop` says that it stays whole."""
    fresh = count()
    out: tuple[Label, ...] = tuple(next(fresh) for _ in root.dims)
    sizes: dict[Label, sp.Expr] = dict(zip(out, root.dims, strict=True))
    same: dict[Label, Label] = {}
    coef, kept, todo = ONE, [], [(root, out, ONE)]
    first = True
    while todo:
        node, labels, power = todo.pop()
        opened = node.kind == "function" and node.args[0] == "power" and (first or not stop(node))
        if opened and (power == 1 or node.args[1].denominator == 1):
            todo.append((node.args[2], labels, power * node.args[1]))
            first = False
            continue
        if node.kind != "contract" or not (power == 1 or _entrywise(node, power)) or (not first and stop(node)):
            kept.append(Factor(node, labels, power))
            first = False
            continue
        first = False
        c, ops, pattern, dims = node.args
        coef *= c ** int(power)
        rename: dict[int, Label] = {}
        for own, label in zip(pattern, labels, strict=True):
            if own in rename:
                _join(same, rename[own], label)
            rename.setdefault(own, label)
        for own, d in enumerate(dims):
            if own not in rename:
                rename[own] = next(fresh)
                sizes[rename[own]] = d
        for op, ls in reversed(ops):
            at = tuple(rename[k] for k in ls)
            if op.kind == "contract" and ops.count((op, ls)) > 1:  # the square of a product stays a square
                kept.append(Factor(op, at, power))
            else:
                todo.append((op, at, power))
    return _gathered(coef, kept, out, sizes, same)


def _entrywise(node: Dag, power: Fraction) -> bool:
    """Is a whole power of this product the product of the powers?"""
    _, ops, out, _ = node.args
    return power.denominator == 1 and len(set(out)) == len(out) and all(k in out for _, ls in ops for k in ls)


_width: dict[Dag, int] = {}


def width(root: Dag) -> int:
    """How many factors a node has when the products inside it are multiplied through."""
    if root not in _width:
        for node in dag.order(root):
            _width[node] = sum(_width[c] for c in node.children) if node.kind == "contract" else 1
    return _width[root]


def _join(same: dict[Label, Label], a: Label, b: Label) -> None:
    a, b = _find(same, a), _find(same, b)
    if a != b:
        same[b] = a


def _find(same: dict[Label, Label], label: Label) -> Label:
    while label in same:
        label = same[label]
    return label


def _gathered(
    coef: Fraction, kept: list[Factor], out: tuple[Label, ...], sizes: dict[Label, sp.Expr], same: dict[Label, Label]
) -> Term:
    """Factors of one node at one place come together; a summed label that no factor has counts its size."""
    powers: dict[tuple[Dag, tuple[Label, ...], Fraction], Fraction] = {}
    for f in kept:
        unit = f.power if f.power.denominator != 1 else Fraction(1 if f.power > 0 else -1)
        key = (f.node, tuple(_find(same, k) for k in f.labels), unit)
        powers[key] = powers.get(key, Fraction(0)) + f.power / unit
    factors = [_repeated(node, labels, unit, times) for (node, labels, unit), times in powers.items()]
    out = tuple(_find(same, k) for k in out)
    used = {k for f in factors for k in f.labels} | set(out)
    for label in dict.fromkeys(_find(same, k) for k in sizes):
        if label not in used and sizes[label] != 1:
            factors.append(Factor(dag.size(sizes[label]), ()))
    return Term(coef, tuple(factors), out, {k: sizes[k] for k in used})


def _repeated(node: Dag, labels: tuple[Label, ...], unit: Fraction, times: Fraction) -> Factor:
    """(node^unit)^times: whole powers multiply, the square of a root stays one."""
    if times != 1 and unit.denominator != 1:
        return Factor(dag.function("power", node, unit), labels, times)
    return Factor(node, labels, unit * times)


# --- one product inside another ----------------------------------------------------------------------
def fold(term: Term, name: Dag, pattern: Term) -> Term:
    """The term with the product `pattern` in it replaced by `name`, as often as it is found."""
    if sum(abs(f.power) for f in pattern.factors) < 2:
        return term
    while True:
        found = next(embeddings(pattern, term), None)
        if found is None:
            return term
        binding, rest = found
        factor = Factor(name, tuple(binding[k] for k in pattern.out))
        term = Term(term.coef / pattern.coef, (factor, *rest), term.out, term.sizes)


def embeddings(pattern: Term, host: Term) -> Iterator[tuple[dict[Label, Label], list[Factor]]]:
    """Where a product stands inside a term: its labels there, and the factors left over."""
    if not pattern.factors or len(set(pattern.out)) < len(pattern.out):
        return
    inner = set(pattern.summed())
    for binding, taken in _embed(list(pattern.factors), host, {}, {}):
        rest = [f._replace(power=f.power - taken.get(k, 0)) for k, f in enumerate(host.factors)]
        rest = [f for f in rest if f.power]
        if any(k not in binding for k in pattern.out):
            continue
        hidden = {binding[k] for k in inner}
        seen = set(host.out) | {k for f in rest for k in f.labels} | {binding[k] for k in pattern.out}
        if len(hidden) == len(inner) and not hidden & seen:
            yield binding, rest


def _embed(
    todo: list[Factor], host: Term, binding: dict[Label, Label], taken: dict[int, Fraction]
) -> Iterator[tuple[dict[Label, Label], dict[int, Fraction]]]:
    if not todo:
        yield binding, taken
        return
    f = todo[0]
    for k, g in enumerate(host.factors):
        left = g.power - taken.get(k, 0)
        if g.node is not f.node or f.power * left <= 0 or abs(f.power) > abs(left):
            continue
        turns = [g.labels]
        if len(g.labels) == 2 and symmetric(g.node):
            turns.append(g.labels[::-1])
        for turned in turns:
            bound = dict(binding)
            if all(bound.setdefault(a, b) == b for a, b in zip(f.labels, turned, strict=True)):
                yield from _embed(todo[1:], host, bound, {**taken, k: taken.get(k, Fraction(0)) + f.power})


_symmetric: dict[Dag, bool] = {}


def symmetric(node: Dag) -> bool:
    """Is this matrix seen to be its own transpose?"""
    if len(node.dims) < 2 or node.dims[-1] != node.dims[-2]:
        return False
    if node not in _symmetric:
        _symmetric[node] = _is_symmetric(node)
    return _symmetric[node]


def _is_symmetric(node: Dag) -> bool:
    match node.kind:
        case "var":
            return isinstance(node.args[0], Var) and "symmetric" in node.args[0].properties
        case "sum":
            return all(symmetric(n) for _, n in node.args)
        case "function":
            return symmetric(node.args[2])
        case "inverse":
            return symmetric(node.args[0])
        case "zero":
            return True
        case "contract" if len(node.dims) == 2:
            term = flatten(node, lambda n: False)
            i, j = term.out
            if i == j:
                return True
            return any(
                not rest and binding.get(i, j) == j and binding.get(j, i) == i
                for binding, rest in embeddings_onto(term)
            )
    return False


def embeddings_onto(term: Term) -> Iterator[tuple[dict[Label, Label], list[Factor]]]:
    """The ways in which a product with two axes stands in itself, the axes exchanged."""
    i, j = term.out
    for binding, taken in _embed(list(term.factors), term, {i: j, j: i}, {}):
        rest = [f for k, f in enumerate(term.factors) if f.power != taken.get(k, 0)]
        if len(set(binding.values())) == len(binding):
            yield binding, rest
