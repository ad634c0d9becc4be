"""A contraction as an expression: its arrays multiplied in the cheapest order, its numbers in front and below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from fractions import Fraction

from .order import Ordering, Tree, mask_of
from .products import Axes, Operand, combine, summed_to, without_repeats
from .shared import Shared
from .syntax import ONE, Code, div, is_reciprocal, literal, mul, neg
from .values import Value

Labels = tuple[int, ...]


def meets(one: Operand, operands: list[Operand], out: Labels) -> bool:
    """Has every label of a solver somewhere to go?"""
    others = {x for o in operands if o is not one for x in o.labels} | set(out)
    return one.solver is None or others >= set(one.labels)


def planned(
    product: Hashable,
    arrays: list[Operand],
    out: Labels,
    axes: Axes,
    shared: Shared,
) -> Operand:
    """The product of the operands in the cheapest order, summed to the labels of `out`; `product` is its name among
    those that share their work."""
    if not arrays:
        return Operand(ONE, ())
    holders = Counter(x for o in arrays for x in set(o.labels))
    kept = frozenset(out) | {x for x, n in holders.items() if n > 1}
    arrays = [o if o.solver else without_repeats(o, kept) for o in arrays]
    plan = Ordering(arrays, out, axes.size, shared.others(product))
    shared.plans[product] = plan.parts()
    return _built(plan, plan.tree, tuple(dict.fromkeys(out)), axes, shared).explicit()


def _built(plan: Ordering, tree: Tree, wanted: Labels | None, axes: Axes, shared: Shared) -> Operand:
    """The expression of a plan. `wanted` is the order of axes that suits whoever uses it."""
    if isinstance(tree, int):
        operand = plan.operands[tree]
        return operand if operand.solver else summed_to(operand, plan.kept(1 << tree), axes.ones)
    key, labels = plan.spelled(mask_of(tree))
    known = shared.find(key, labels)
    if known is None:
        known = _multiplied_out(plan, tree, wanted, axes, shared)
        shared.keep(key, labels, known)
    return known


def _multiplied_out(
    plan: Ordering, tree: tuple[Tree, Tree], wanted: Labels | None, axes: Axes, shared: Shared
) -> Operand:
    masks = [mask_of(side) for side in tree]
    kept = [plan.kept(m) for m in masks]
    whole = plan.kept(masks[0] | masks[1])
    asked = _asked(kept[0], kept[1], whole, wanted)
    a, b = (_built(plan, side, w, axes, shared) for side, w in zip(tree, asked, strict=True))
    return combine(a, b, whole, tuple(x for x in wanted if x in whole) if wanted is not None else None, axes)


def _asked(
    a: frozenset[int], b: frozenset[int], kept: frozenset[int], wanted: Labels | None
) -> tuple[Labels | None, Labels | None]:
    """The orders of axes that spare two factors a transpose: those of the result, or (i, s) and (s, j) around @."""
    gone = (a | b) - kept
    if not gone:
        return (
            (None, None) if wanted is None else (tuple(x for x in wanted if x in a), tuple(x for x in wanted if x in b))
        )
    if len(gone) > 1 or a & b & kept or max(len(a), len(b)) > 2:
        return None, None
    (left, right), s = (tuple(a - gone), tuple(b - gone)), tuple(gone)
    if wanted and left and right and wanted[0] in right:
        return s + left, right + s
    return left + s, s + right


def _multiplied(numbers: list[Code]) -> Code:
    product = ONE
    for number in numbers:
        product = mul(product, number)
    return product


def with_numbers(coef: Fraction, numbers: list[Code], core: Operand, out: Labels) -> Value:
    """coef * numbers * core; what divides comes last, once."""
    place = {x: out.index(x) for x in out}
    pattern, have = tuple(place[x] for x in out), tuple(place[x] for x in core.labels)
    if not numbers and core.array is ONE:
        return Value(literal(coef), (), pattern)
    above = [c for c in numbers if not is_reciprocal(c)]
    below = [c.parts[1] for c in numbers if is_reciprocal(c)]
    size = abs(coef)
    code = mul(_multiplied([literal(size.numerator), *above]), core.array)
    divisor = _multiplied([literal(size.denominator), *below])
    code = code if divisor is ONE else div(code, divisor)
    return Value(neg(code) if coef < 0 else code, have, pattern)
