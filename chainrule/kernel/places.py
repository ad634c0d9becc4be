"""Masks of places, [2 t + k - u = 0] and [i - j >= 0]: which are sure to be 1 or 0, and which two are one.

The sum over u of [u = t + k] [v = u + d] is [v = t + k + d]:

    sum over u < n of [u = e] F(u)  =  F(e)  where 0 <= e < n,  and 0 elsewhere

for any place e and any product of masks F. So an index u that stands in masks alone, with the factor 1 or -1 in one of
them, is replaced by e, if wherever F(e) is not 0 it is certain that 0 <= e < n. Certain means: of the place e, or of e
plus or less a place that a mask of F(e) says is 0, the least value over all indices, each from 0 to its size less 1, is
a polynomial of the sizes that is not negative, whatever the sizes are (each at least 1).

In a product of masks [p >= 0] may be left out where p, or p less a place that another mask says is >= 0, is certain
to be nonnegative; and the product is 0 where -1 - p is, or -1 - p less such a place: i >= j and j > i never hold
together.

Everything in this file is trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product

import sympy as sp

from chainrule.forms import dag
from chainrule.forms.dag import Dag

from . import poly as P
from .poly import Factor, Label, Monomial, Poly

Place = dict[Label, sp.Expr]
"""A place: the coefficient of each index, and under CONST what is added."""
CONST = "const"
CHOICES = 200
"""How many choices of indices are tried."""


@dataclass(frozen=True)
class Mask:
    """1 where the place is zero (or nonnegative), else 0."""

    kind: str
    place: Place


def settled(x: Poly, normal: Callable[[Dag], Poly]) -> Poly:
    """The polynomial with no mask that can be left out, no index between masks that can be replaced, and sizes n + 1
    taken apart."""
    if any(a.kind == "indicator" for m in x for a, _, _ in m.factors):
        x = P.add(((c, _settled(m, normal)) for m, c in x.items()), x.dims)
    if any(_is_a_sum(f) for m in x for f in m.factors):
        x = P.add(((c, _sizes_apart(m, normal)) for m, c in x.items()), x.dims)
    return x


def _is_a_sum(factor: Factor) -> bool:
    """Is it a size n + 1, as an index that runs over n + 1 values and stands nowhere else leaves it?"""
    return factor[0].kind == "size" and bool(factor[0].payload.is_Add)


def _sizes_apart(m: Monomial, normal: Callable[[Dag], Poly]) -> Poly:
    labels = list(m.sizes)
    rest = P.single(Fraction(1), [f for f in m.factors if not _is_a_sum(f)], labels, m.sizes)
    counts = [normal(dag.size(a.payload)) for a, _, power in filter(_is_a_sum, m.factors) for _ in range(int(power))]
    return P.contract([(rest, labels), *((count, ()) for count in counts)], m.pattern, m.sizes)


def _settled(m: Monomial, normal: Callable[[Dag], Poly]) -> Poly:
    sizes, out = m.sizes, list(m.pattern)
    others: list[Factor] = [f for f in m.factors if f[0].kind != "indicator"]
    masks = [_mask(f) for f in m.factors if f[0].kind == "indicator"]
    held = {*out, *(k for _, ls, _ in others for k in ls)}
    while (found := next(_replaced(masks, held, sizes), None)) is not None:
        u, masks = found
        del sizes[u]
    for mask in list(masks):
        rest = [other for other in masks if other is not mask]
        masks = rest if mask.kind == "nonnegative" and _certain(mask.place, rest, sizes) else masks
    if any(_impossible(mask, masks, sizes) for mask in masks):
        return Poly([sizes[k] for k in out])
    labels = list(dict.fromkeys(k for _, ls, _ in others for k in ls))
    unmasked = P.single(Fraction(1), others, labels, {k: sizes[k] for k in labels})
    parts: list[tuple[Poly, Sequence[Label]]] = [(unmasked, labels)]
    for mask in masks:
        terms = [(k, coef, sizes[k]) for k, coef in mask.place.items() if k != CONST]
        node, at = dag.indicator(mask.kind, mask.place[CONST], terms)
        parts.append((normal(node), at))
    return P.contract(parts, out, sizes)


def _mask(factor: Factor) -> Mask:
    a, labels, _ = factor
    kind, const, coefs = a.payload
    place: Place = {CONST: const}
    for label, coef in zip(labels, coefs, strict=True):
        _put(place, label, coef)
    return Mask(kind, place)


def _put(place: Place, label: Label, coef: sp.Expr) -> None:
    total = sp.expand(place.get(label, sp.Integer(0)) + coef)
    if total == 0 and label != CONST:
        place.pop(label, None)
    else:
        place[label] = total


def _plus(a: Place, b: Place, times: sp.Expr) -> Place:
    """a + times b"""
    made = dict(a)
    for label, coef in b.items():
        _put(made, label, times * coef)
    return made


def _replaced(
    masks: list[Mask], held: set[Label], sizes: Mapping[Label, sp.Expr]
) -> Iterator[tuple[Label, list[Mask]]]:
    """The masks with one index fewer, and which."""
    for mask in masks:
        for u, coef in mask.place.items():
            if mask.kind != "zero" or u == CONST or u in held or abs(coef) != 1:
                continue
            e = _plus({CONST: sp.Integer(0)}, {k: c for k, c in mask.place.items() if k != u}, -coef)
            rest = [_at(other, u, e) for other in masks if other is not mask]
            above = _plus({CONST: sizes[u] - 1}, e, sp.Integer(-1))
            if all(_certain(place, rest, sizes) for place in (e, above)):
                yield u, rest


def _at(mask: Mask, u: Label, e: Place) -> Mask:
    """The mask with e in place of u."""
    without = {k: c for k, c in mask.place.items() if k != u}
    return Mask(mask.kind, _plus(without, e, mask.place.get(u, sp.Integer(0))))


def _impossible(mask: Mask, masks: Sequence[Mask], sizes: Mapping[Label, sp.Expr]) -> bool:
    """Is the mask 0 wherever the others are 1?"""
    rest = [other for other in masks if other is not mask]
    below = _plus({CONST: sp.Integer(-1)}, mask.place, sp.Integer(-1))
    above = _plus({CONST: sp.Integer(-1)}, mask.place, sp.Integer(1))
    return _certain(below, rest, sizes) or (mask.kind == "zero" and _certain(above, rest, sizes))


def _certain(place: Place, masks: Sequence[Mask], sizes: Mapping[Label, sp.Expr]) -> bool:
    """Is the place nonnegative wherever all the masks are 1?"""
    choices = [place, *(_plus(place, other.place, sp.Integer(-1)) for other in masks)]
    choices += [_plus(place, other.place, sp.Integer(1)) for other in masks if other.kind == "zero"]
    return any(_never_negative(choice, sizes) for choice in choices)


def _never_negative(place: Place, sizes: Mapping[Label, sp.Expr]) -> bool:
    least = place[CONST]
    for label, coef in place.items():
        if label == CONST or nonnegative(coef):
            continue
        if not nonnegative(-coef):
            return False
        least += coef * (sizes[label] - 1)
    return nonnegative(least)


def nonnegative(size: sp.Expr) -> bool:
    """Is a polynomial of sizes >= 0 wherever each size is >= 1? Shifted by 1, no coefficient is negative."""
    size = sp.sympify(size)
    if not size.is_polynomial(*size.free_symbols):
        return False
    shifted = sp.expand(size.xreplace({d: d + 1 for d in size.free_symbols}))
    return all(coef >= 0 for coef in shifted.as_coefficients_dict().values())


# --- for signs --------------------------------------------------------------------------------------
def met(factors: Sequence[Factor], kept: Collection[Label]) -> bool:
    """Is there, wherever the indices in `kept` are, a choice of the others where every mask among the factors is 1?

    Tried for each of the others: the first and the last, and each kept index of its size.
    """
    sizes: dict[Label, sp.Expr] = {k: d for a, ls, _ in factors for k, d in zip(ls, a.dims, strict=True)}
    masks = [_mask(f) for f in factors if f[0].kind == "indicator"]
    free = list(dict.fromkeys(k for mask in masks for k in mask.place if k != CONST and k not in kept))
    choices: list[list[Place]] = []
    for u in free:
        ends: list[Place] = [{CONST: sp.Integer(0)}, {CONST: sizes[u] - 1}]
        alike = [k for k, d in sizes.items() if k in kept and d == sizes[u]]
        choices.append(ends + [{CONST: sp.Integer(0), k: sp.Integer(1)} for k in alike])
    for choice in islice(product(*choices), CHOICES):
        made = masks
        for u, e in zip(free, choice, strict=True):
            made = [_at(mask, u, e) for mask in made]
        if all(_is_one(mask, sizes) for mask in made):
            return True
    return False


def _is_one(mask: Mask, sizes: Mapping[Label, sp.Expr]) -> bool:
    return mask.place == {CONST: 0} if mask.kind == "zero" else _never_negative(mask.place, sizes)
