"""A sum of values as an expression, and what a mask hides in it."""

from __future__ import annotations

from fractions import Fraction

from chainrule.forms import dag
from chainrule.forms.dag import Dag

from . import facts
from .syntax import HIDING, Code, add, call, compare, is_negative, literal, neg, scale
from .values import Value, aligned

HIDDEN = "np.where({}, {}, -np.inf)"
LOWEST, LEAST = "-1e300", "1e-300"
"""With them a maximum and a sum of exponentials begin where a mask may hide all: then all shares are 0."""


def added(terms: list[tuple[Fraction, Value]]) -> Value:
    """The sum of the terms, aligned; a common number stands outside, a term without a minus first. What a mask hides is
    -inf instead."""
    hides = [v for c, v in terms if c > 0 and v.code.text == HIDING]
    if 0 < len(hides) < len(terms):
        return _hidden(added([(c, v) for c, v in terms if v not in hides]), hides)
    pattern = terms[0][1].pattern
    longest = max((v.have for _, v in terms), key=len)
    present = {k for _, v in terms for k in v.have}
    have = longest if present == set(longest) else tuple(dict.fromkeys(k for k in pattern if k in present))
    collected: dict[Code, Fraction] = {}
    for c, v in terms:
        code = aligned(v.code, v.have, have)
        collected[code] = collected.get(code, Fraction(0)) + c
    sizes = {abs(c) for c in collected.values()}
    common = sizes.pop() if len(sizes) == 1 and 0 not in sizes else Fraction(1)
    made = [scale(c / common, code) for code, c in collected.items() if c] or [literal(0)]
    if all(map(is_negative, made)):
        made, common = [neg(m) for m in made], -common
    result, *rest = sorted(made, key=is_negative)
    for term in rest:
        result = add(result, term)
    return Value(scale(common, result), have, pattern)


def _hidden(shown: Value, masks: list[Value]) -> Value:
    """The value where all masks are 1, -inf elsewhere."""
    code, have = shown.code, shown.have
    for v in masks:
        axes = have if set(v.have) <= set(have) else tuple(k for k in v.pattern if k in {*v.have, *have})
        code, have = aligned(code, have, axes), axes
        mask = aligned(v.code, v.have, axes)
        truth = mask.parts[0] if mask.text == HIDING else compare(mask, "==", literal(0), mask.rank)
        code = call(HIDDEN, len(axes), truth, code)
    return Value(code, have, shown.pattern)


def may_hide_all(exponent: Dag, code: Code) -> bool:
    """May masks hide every entry along some axes? [i >= j] alone does not: it lets j = i through."""
    masks = sum(facts.hidden(node) for node in dag.order(exponent))
    truth = code.parts[0] if code.text == HIDDEN else code
    sides = [p.parts[0] if p.op == "view" else p for p in truth.parts]
    return masks > 1 or (masks == 1 and not (truth.op == "compare" and truth.text == ">=" and sides[0] is sides[1]))
