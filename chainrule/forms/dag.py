"""The DAG: every formula as contractions, sums and a few functions of tensors, each distinct node made once.

A contraction is  coef * sum over the labels not in `out` of the product of its operands:

    X @ w          ops ((X, (0, 1)), (w, (1,)))   out (0,)
    diag(v)        ops ((v, (0,)),)               out (0, 0)      a repeated output label is a delta
    ones(n) y'     ops ((y, (1,)),)               out (0, 1)      an output label in no operand is ones

Labels are small local integers; `dims[label]` is the size. Nodes are numbered in creation order, which is topological.
There are no identity, ones or delta nodes. Equal nodes are the same object, so equality is `is`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import count
from typing import Any

import sympy as sp

Dims = tuple[sp.Expr, ...]
Ops = tuple[tuple["Dag", tuple[int, ...]], ...]


class Dag:
    """One node: kind, payload and axes. Made only by the functions below."""

    __slots__ = ("args", "children", "dims", "kind", "uid")
    kind: str
    args: tuple[Any, ...]
    dims: Dims
    children: tuple[Dag, ...]
    uid: int

    def __repr__(self) -> str:
        return f"<{self.kind} {self.uid} {self.dims}>"

    def __lt__(self, other: Dag) -> bool:
        return self.uid < other.uid


_table: dict[Hashable, Dag] = {}
_uid = count()


def make(kind: str, args: tuple[Any, ...], dims: Dims, children: tuple[Dag, ...] = ()) -> Dag:
    """The one node with this kind, these arguments and axes."""
    key = (kind, args, dims)
    node = _table.get(key)
    if node is None:
        node = Dag()
        node.kind, node.args, node.dims, node.children, node.uid = kind, args, dims, children, next(_uid)
        _table[key] = node
    return node


def var(symbol: Hashable, dims: Sequence[sp.Expr]) -> Dag:
    """A declared symbol."""
    return make("var", (symbol,), tuple(dims))


def opaque(formula: Hashable, dims: Sequence[sp.Expr]) -> Dag:
    """A formula that may not be looked into here (a derivative, under a reason that grants no calculus)."""
    return make("opaque", (formula,), tuple(dims))


def size(dim: sp.Expr) -> Dag:
    """A dimension as a number; a product or a sum of dimensions is taken apart."""
    if dim.is_Integer:
        return number(int(dim))
    if dim.is_Add:
        return add(*map(size, dim.args))
    if dim.is_Mul or (dim.is_Pow and dim.exp.is_Integer):
        parts = dim.args if dim.is_Mul else (dim.base,) * int(dim.exp)
        return contract(1, [(size(d), ()) for d in parts], (), {})
    return make("size", (dim,), ())


def constant(value: sp.Expr) -> Dag:
    """pi or e."""
    return make("constant", (value,), ())


def indicator(
    kind: str, const: sp.Expr, terms: Sequence[tuple[Hashable, sp.Expr, sp.Expr]]
) -> tuple[Dag, tuple[Hashable, ...]]:
    """1 where const + the sum of coef times index is zero (or nonnegative), else 0; and the labels of its axes.

    A term is (label, coefficient, size). Axes that may be exchanged come last, so that equal masks are one node.
    """
    if kind == "zero":
        turned = [(label, -coef, dim) for label, coef, dim in terms]
        const, terms = min((const, terms), (-const, turned), key=_spelled)
    alike = Counter((coef, dim) for _, coef, dim in terms)
    placed = sorted(terms, key=lambda t: (alike[t[1:]], str(t[1]), str(t[2])))
    labels, dims = tuple(t[0] for t in placed), tuple(t[2] for t in placed)
    coefs = tuple(t[1] for t in placed)
    if not coefs and const.is_Integer:
        return number(int(const == 0 if kind == "zero" else const >= 0)), ()
    if kind == "zero" and const == 0 and coefs in ((-1, 1), (1, -1)) and dims[0] == dims[1]:
        return contract(1, [], (0, 0), {0: dims[0]}), labels
    return make("indicator", (kind, const, coefs), dims), labels


def _spelled(
    relation: tuple[sp.Expr, Sequence[tuple[Hashable, sp.Expr, sp.Expr]]],
) -> tuple[list[tuple[str, str]], str]:
    const, terms = relation
    return sorted((str(coef), str(dim)) for _, coef, dim in terms), str(const)


def position(dim: sp.Expr) -> Dag:
    """0, 1, 2, ... along an axis."""
    return make("position", (), (dim,))


def zero(dims: Sequence[sp.Expr]) -> Dag:
    """The zero tensor."""
    return make("zero", (), tuple(dims))


def number(value: Fraction | int, dims: Sequence[sp.Expr] = ()) -> Dag:
    """A rational number in every entry."""
    labels = tuple(range(len(dims)))
    return contract(Fraction(value), [], labels, dict(zip(labels, dims, strict=True)))


def is_number(node: Dag) -> bool:
    """Is it one rational number in every entry, or zero?"""
    return node.kind == "zero" or (
        node.kind == "contract" and not node.args[1] and len(set(node.args[2])) == len(node.dims)
    )


def function(name: str, x: Dag, parameter: Fraction | None = None) -> Dag:
    """f(x) entry by entry; "power" has its exponent as parameter."""
    if name == "power" and parameter == 1:
        return x
    return make("function", (name, parameter, x), x.dims, (x,))


def matrix_function(kind: str, x: Dag) -> Dag:
    """inverse, det, logdet or nuclear over the last two axes; the others are a batch."""
    return make(kind, (x,), x.dims if kind == "inverse" else x.dims[:-2], (x,))


def along(kind: str, x: Dag, axes: tuple[int, ...]) -> Dag:
    """softmax and argmax (one-hot of the first largest) keep the axes; logsumexp and max take them away."""
    keeps = kind in ("softmax", "argmax")
    dims = x.dims if keeps else tuple(d for k, d in enumerate(x.dims) if k not in axes)
    return make(kind, (axes, x), dims, (x,))


def scaled(node: Dag) -> tuple[Fraction, Dag]:
    """A node as a number times a node of coefficient 1."""
    if node.kind == "contract" and node.args[0] != 1 and node.args[1]:
        coef, ops, out, dims = node.args
        return coef, contract(Fraction(1), ops, out, dict(enumerate(dims)))
    return Fraction(1), node


def scale(coef: Fraction | int, node: Dag) -> Dag:
    """coef * node."""
    if coef == 1:
        return node
    labels = tuple(range(len(node.dims)))
    return contract(Fraction(coef), [(node, labels)], labels, {})


def add(*nodes: Dag) -> Dag:
    """The sum; equal terms are collected, zeros dropped."""
    terms: dict[Dag, Fraction] = {}
    for node in nodes:
        if node.kind == "zero":
            continue
        coef, base = scaled(node)
        terms[base] = terms.get(base, Fraction(0)) + coef
    kept = tuple(sorted(((c, n) for n, c in terms.items() if c), key=lambda t: t[1].uid))
    if not kept:
        return zero(nodes[0].dims)
    if len(kept) == 1:
        return scale(*kept[0])
    return make("sum", kept, nodes[0].dims, tuple(n for _, n in kept))


def contract(
    coef: Fraction | int,
    ops: Iterable[tuple[Dag, Sequence[Hashable]]],
    out: Sequence[Hashable],
    dims: Mapping[Any, sp.Expr],
) -> Dag:
    """coef * sum of products. Labels may be any hashable; `dims` gives the size of a label that is in no operand.

    An operand that only renames, scales, repeats or spreads axes is taken in; products and sums stay shared.
    """
    size_of: dict[Hashable, sp.Expr] = dict(dims)
    same: dict[Hashable, Hashable] = {}
    fresh = count()

    def find(label: Hashable) -> Hashable:
        while label in same:
            label = same[label]
        return label

    factor, flat = Fraction(coef), []
    todo = [(node, tuple(labels)) for node, labels in ops][::-1]
    out = tuple(out)
    while todo:
        node, labels = todo.pop()
        size_of.update(zip(labels, node.dims, strict=True))
        if node.kind == "zero":
            factor = Fraction(0)  # and on: the other operands say what size the labels of `out` have
            continue
        if node.kind != "contract" or not _wrapper(node):
            flat.append((node, labels))
            continue
        inside, inner, pattern, inner_dims = node.args
        factor *= inside
        rename: dict[int, Hashable] = {}
        for local, label in zip(pattern, labels, strict=True):
            if local in rename and find(rename[local]) != find(label):
                same[find(label)] = find(rename[local])
            rename.setdefault(local, label)
        for child, child_labels in inner:
            for local in child_labels:
                rename.setdefault(local, ("summed", next(fresh)))
                size_of[rename[local]] = inner_dims[local]
            todo.append((child, tuple(rename[k] for k in child_labels)))
    if factor == 0:
        return zero([size_of[label] for label in out])
    return _contraction(factor, [(n, tuple(map(find, ls))) for n, ls in flat], tuple(map(find, out)), size_of, find)


def _wrapper(node: Dag) -> bool:
    """A contraction of at most one operand that sums nothing: a transpose, a scaling, a diagonal, a broadcast."""
    _, ops, out, _ = node.args
    return not ops or (len(ops) == 1 and set(ops[0][1]) <= set(out))


def _contraction(
    coef: Fraction,
    flat: list[tuple[Dag, tuple[Hashable, ...]]],
    out: tuple[Hashable, ...],
    size_of: dict[Hashable, sp.Expr],
    find: Callable[[Hashable], Hashable],
) -> Dag:
    used = {label for _, labels in flat for label in labels}
    for label in dict.fromkeys(map(find, size_of)):
        if label not in used and label not in out and size_of[label] != 1:
            flat.append((size(size_of[label]), ()))
    if coef == 1 and len(flat) == 1 and flat[0][1] == out and len(set(out)) == len(out):
        return flat[0][0]
    flat.sort(key=lambda op: op[0].uid)
    number_of: dict[Hashable, int] = {}
    for _, labels in flat:
        for label in labels:
            number_of.setdefault(label, len(number_of))
    for label in out:
        number_of.setdefault(label, len(number_of))
    dims = tuple(size_of[label] for label in number_of)
    ops = tuple((node, tuple(number_of[k] for k in labels)) for node, labels in flat)
    pattern = tuple(number_of[k] for k in out)
    return make("contract", (coef, ops, pattern, dims), tuple(dims[k] for k in pattern), tuple(n for n, _ in ops))


def transpose(node: Dag, order: Sequence[int]) -> Dag:
    """The axes in another order."""
    return contract(1, [(node, tuple(range(len(node.dims))))], tuple(order), {})


def product(*nodes: Dag) -> Dag:
    """The entrywise product of tensors of one shape."""
    labels = tuple(range(len(nodes[0].dims)))
    return contract(1, [(node, labels) for node in nodes], labels, {})


def order(*roots: Dag) -> list[Dag]:
    """Every node below the roots, children first."""
    seen: set[Dag] = set()
    todo = list(roots)
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            todo.extend(node.children)
    return sorted(seen)


def rebuild(node: Dag, new: Sequence[Dag]) -> Dag:
    """The same node over other children."""
    if not node.children:
        return node
    match node.kind:
        case "sum":
            return add(*(scale(c, n) for (c, _), n in zip(node.args, new, strict=True)))
        case "contract":
            coef, ops, out, dims = node.args
            return contract(coef, [(n, ls) for n, (_, ls) in zip(new, ops, strict=True)], out, dict(enumerate(dims)))
        case "function":
            return function(node.args[0], new[0], node.args[1])
        case "inverse" | "det" | "logdet" | "nuclear":
            return matrix_function(node.kind, new[0])
        case "softmax" | "logsumexp" | "max" | "argmax":
            return along(node.kind, new[0], node.args[0])
        case "recurrence":
            from .recurrence import rebuilt

            return rebuilt(node, new)
    if node.args[-1] == node.children:  # of a kind that only a higher floor knows
        return make(node.kind, (*node.args[:-1], tuple(new)), node.dims, tuple(new))
    raise AssertionError(node.kind)


def substitute(root: Dag, values: Mapping[Dag, Dag]) -> Dag:
    """The formula with other nodes in place of some."""
    done: dict[Dag, Dag] = {}
    for node in order(root):
        done[node] = values.get(node) or rebuild(node, [done[c] for c in node.children])
    return done[root]
