"""Products taken apart, so that each part is computed on as few axes as it has.

An outer product u v' w' ... stands as the product of its connected parts, each a node; what every term of a sum has as
a factor stands in front of the sum:  x_j A_ik - x_j B_ik = x_j (A - B)_ik  is a sum of matrices, not of tensors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

import sympy as sp

from chainrule.forms import dag
from chainrule.forms.dag import Dag

from .flatten import Labelling

Factor = tuple[Dag, tuple[int, ...]]
Sizes = dict[int, sp.Expr]


# --- products --------------------------------------------------------------------------------------
def outer(node: Dag) -> Dag | None:
    """A contraction as the product of its connected parts; None where it is connected or stands so already."""
    coef, ops, out, dims = node.args
    sizes: Sizes = dict(enumerate(dims))
    opened, same = _opened(ops)
    out = tuple(map(same, out))
    groups = connected(opened)
    if len(groups) == 1 or (len(opened) == len(ops) == len(groups) and all(_kept(op, ls, out) for op, ls in ops)):
        return None
    for op, labels in opened:
        sizes.update(zip(labels, op.dims, strict=True))
    made = dag.contract(coef, [together(group, out, sizes) for group in groups], out, {x: sizes[x] for x in out})
    return None if made is node else made


def _opened(ops: tuple[Factor, ...]) -> tuple[list[Factor], Labelling]:
    """The operands, those that are outer products as their parts; and the labels that a delta inside makes equal."""
    same, made = Labelling(), list[Factor]()
    for op, labels in ops:
        if not _is_outer(op):
            made.append((op, labels))
            continue
        _, inner, out, _ = op.args
        at: dict[int, int] = {}
        for k, label in zip(out, labels, strict=True):
            same.join(at.setdefault(k, label), label)
        made += [(part, tuple(at[x] for x in ls)) for part, ls in inner]
    return [(op, tuple(map(same, labels))) for op, labels in made], same


def _is_outer(op: Dag) -> bool:
    """Is it the product of parts that share no axis, with no axis summed and none of ones?"""
    if op.kind != "contract" or op.args[0] != 1 or len(op.args[1]) < 2:
        return False
    _, ops, out, dims = op.args
    return set(out) == set(range(len(dims))) == {x for _, ls in ops for x in ls} and len(connected(ops)) == len(ops)


def connected(factors: Iterable[Factor]) -> list[list[Factor]]:
    """The factors in groups that share no label."""
    same = Labelling()
    for _, labels in factors:
        for x in labels[1:]:
            same.join(labels[0], x)
    groups: dict[object, list[Factor]] = {}
    for k, (op, labels) in enumerate(factors):
        groups.setdefault(same(labels[0]) if labels else ("number", k), []).append((op, labels))
    return list(groups.values())


def _kept(op: Dag, labels: tuple[int, ...], out: tuple[int, ...]) -> bool:
    return len(set(labels)) == len(labels) and set(labels) <= set(out)


def together(group: list[Factor], out: tuple[int, ...], sizes: Sizes) -> Factor:
    """The product of a group, summed to the labels that the result keeps."""
    inside = {x for _, labels in group for x in labels}
    kept = tuple(x for x in dict.fromkeys(out) if x in inside)
    return dag.contract(1, group, kept, {x: sizes[x] for x in inside}), kept


# --- sums ------------------------------------------------------------------------------------------
def common_factor(node: Dag) -> Dag | None:
    """a b + a c = a (b + c), for factors a that stand on the same axes in every term."""
    terms = [_placed(coef, n) for coef, n in node.args]
    common = Counter(terms[0][1])
    for _, factors in terms[1:]:
        common &= Counter(factors)
    if not common:
        return None
    rest = [(coef, list((Counter(factors) - common).elements())) for coef, factors in terms]
    if not any(factors for _, factors in rest):
        return None
    places = tuple(range(len(node.dims)))
    front = list(common.elements())
    used = {x for _, factors in rest for _, labels in factors for x in labels}
    left = tuple(x for x in places if x in used or not any(x in labels for _, labels in front))
    sizes: Sizes = dict(enumerate(node.dims))
    inner = dag.add(*(dag.contract(c, factors, left, {x: sizes[x] for x in left}) for c, factors in rest))
    return dag.contract(1, [*front, (inner, left)], places, sizes)


def common_pattern(node: Dag) -> Dag | None:
    """What all terms have, 0 unless i = j or the same for every k, is left to the end: the sum has fewer axes."""
    places = tuple(range(len(node.dims)))
    terms = [_pattern(coef, n) for coef, n in node.args]
    first = [next(j for j in places if all(out[j] == out[k] for _, _, out in terms)) for k in places]
    once = sorted(set(first))
    left = [
        k for k in once if any(_varies(out, k, once) or any(out[k] in ls for _, ls in ops) for _, ops, out in terms)
    ]
    if len(left) == len(places):
        return None
    inner = [
        dag.contract(coef, ops, [out[k] for k in left], {out[k]: node.dims[k] for k in left})
        for coef, ops, out in terms
    ]
    return dag.contract(1, [(dag.add(*inner), tuple(left))], first, {k: node.dims[k] for k in first})


def _varies(out: tuple[int, ...], k: int, places: list[int]) -> bool:
    """Does the term depend on axis k by a delta?"""
    return any(out[j] == out[k] for j in places if j != k)


def _pattern(coef: Fraction, n: Dag) -> tuple[Fraction, tuple[Factor, ...], tuple[int, ...]]:
    """A term as a number, its factors, and the labels of its axes."""
    if n.kind == "contract":
        return coef * n.args[0], n.args[1], n.args[2]
    places = tuple(range(len(n.dims)))
    return coef, ((n, places),), places


def _placed(coef: Fraction, n: Dag) -> tuple[Fraction, list[Factor]]:
    """A term as a number and its factors, each on the axes of the sum; what makes a delta is one of them."""
    places = tuple(range(len(n.dims)))
    if n.kind != "contract" or len(set(n.args[2])) < len(n.args[3]):
        return coef, [(n, places)]
    inside, ops, out, dims = n.args
    at = {x: k for k, x in reversed(list(enumerate(out)))}
    again = {x for x in out if out.count(x) > 1}
    tied = [(op, labels) for op, labels in ops if again & set(labels)]
    placed = [(op, tuple(at[x] for x in labels)) for op, labels in ops if not again & set(labels)]
    if again:
        axes = tuple(k for k in places if out[k] in again or any(out[k] in labels for _, labels in tied))
        delta = dag.contract(1, tied, [out[k] for k in axes], {out[k]: dims[out[k]] for k in axes})
        placed.append((delta, axes))
    return coef * inside, placed
