"""Why a stationary point is lowest: by completing the square, or because a convex function lies above its tangents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainrule.notation.nodes import Node
from chainrule.notation.statements import (
    Assumption,
    Derivation,
    at_least,
    by,
    cited,
    equals,
    positive_semidefinite,
    unfold,
)
from chainrule.notation.statements import nonnegative as at_least_zero
from chainrule.notation.vocabulary import sqnorm, total, trace

from .words import chain, inner, provable, scaled

if TYPE_CHECKING:
    from .argued import Argument
    from .optimum import Optimum

TANGENT = "a convex function lies above its tangents"
SOURCE = "Boyd and Vandenberghe, Convex Optimization (2004), sec. 3.1.3"


def by_square(a: Argument, found: Optimum) -> Derivation | None:
    """f = f at the point + what the constraints leave + a square: for an affine gradient, semidefinite in x."""
    bent = square_of(a)
    if bent is None or not signed(a):
        return None
    f, x, point = a.p.objective, a.p.x, a.s.point
    level = f.at(x, point)
    on = a.p.subject_to
    whole = level + bent
    facts = (*a.facts, *on, *(found.feasible if on else ()))
    return chain(
        "lowest",
        f,
        *([equals(level + _along(a) + bent, by(*a.facts))] if on else []),
        equals(whole, by(*facts) if facts else unfold(point)),
        at_least(level, by(*a.facts)) if a.facts else at_least(level),
        given=a.given,
    )


def _along(a: Argument) -> Node:
    """<push, x - x*>: what the multipliers pay on the way from the point."""
    assert a.s.push is not None
    return inner(a.s.push, a.p.x - a.s.point)


def square_of(a: Argument) -> Node | None:
    """number/2 <d, A d B> with d = x - x*."""
    s = a.s
    if s.form is None:
        return None
    d = a.p.x - s.point
    if s.left is not None and s.right is not None:
        form = trace(d.T @ s.left @ d @ s.right)
    elif s.left is not None:
        form = d.T @ s.left @ d if d.ndim == 1 else trace(d.T @ s.left @ d)
    elif s.right is not None:
        form = trace(d @ s.right @ d.T)
    elif s.weight is not None and s.weight.ndim:
        form = total(s.weight * d**2)
    else:
        square = sqnorm(d) if d.ndim else d**2
        form = square if s.weight is None else s.weight * square
    half = s.form.number / 2
    return scaled(half, form)


def signed(a: Argument) -> bool:
    """Is the square not negative?"""
    s = a.s
    assert s.form is not None
    if s.form.number < 0:
        return False
    sides = [m for m in (s.left, s.right) if m is not None]
    if not all(provable(positive_semidefinite(m), a.given) for m in sides):
        return False
    return s.weight is None or provable(at_least_zero(s.weight), a.given)


def by_tangent(a: Argument, found: Optimum) -> Derivation | None:
    """f >= its tangent at the point, which is level (along the constraints)."""
    if found.bowl is None or found.stationary is None:
        return None
    f, x, point = a.p.objective, a.p.x, a.s.point
    level = f.at(x, point)
    slope = found.stationary.first
    tangent: Assumption = cited(f, at_least(level + inner(slope, x - point)), theorem=TANGENT, source=SOURCE)
    on = a.p.subject_to
    return chain(
        "lowest",
        f,
        at_least(level + inner(slope, x - point), by(tangent, found.bowl)),
        *([equals(level + _along(a), by(found.stationary))] if on else []),
        equals(level, by(*on, *found.feasible, *a.facts) if on else by(found.stationary)),
        given=a.given,
    )
