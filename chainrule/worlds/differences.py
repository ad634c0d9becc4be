"""Derivatives by differences in very high precision: a second opinion on the dual numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flint import arb, fmpq

from chainrule.errors import Unsupported
from chainrule.notation.nodes import Node, Var

from .arithmetic import Balls, precision
from .elimination import Array, filled
from .evaluate import boxed, evaluate
from .world import World, exact

BITS = 1200
"""Precision of the differences."""

STEP_BITS = 200
"""The step is h = 2^-200, so that the error h^2 f''' / 6 is near 2^-400."""


def directional(node: Node, world: World, var: Var, direction: Any, order: int = 1) -> Array:
    """The derivative of a formula along a direction of one symbol, by central differences (balls).

    order 1: (f(x + hv) - f(x - hv)) / 2h;    order 2: (f(x + hv) - 2 f(x) + f(x - hv)) / h^2.
    """
    v = exact(direction)
    h = fmpq(1, 2**STEP_BITS)
    with precision(BITS):
        ahead, here, behind = (_along(node, world, var, v, h * k) for k in (1, 0, -1))
        match order:
            case 1:
                return _scaled(boxed(ahead - behind), arb(2) ** (STEP_BITS - 1))
            case 2:
                return _scaled(boxed(ahead - here - here + behind), arb(2) ** (2 * STEP_BITS))
    raise Unsupported(f"differences of order {order}; there are 1 and 2")


def _along(node: Node, world: World, var: Var, v: Array, step: Any) -> Array:
    moved = boxed(world.values[var] + v * filled((), step))
    return evaluate(node, replace(world, values={**world.values, var: moved}), Balls())


def _scaled(a: Array, factor: Any) -> Array:
    out = filled(a.shape, arb(0))
    for k, x in enumerate(a.flat):
        out.flat[k] = x * factor
    return out
