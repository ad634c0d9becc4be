"""The price of a constraint: a number that is found from its equation, in NumPy.

    c(x(tau)) = 0,    c(x(tau)) falls in tau

It falls because a dearer unit is not bought more of: f(x) + tau c(x) is lowest at x and f(x') + tau' c(x') at x', so
that (tau - tau') (c(x) - c(x')) <= 0, whatever f and c are. Where it is a broken line, a step of Newton's from within
the right piece is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import getsource

import numpy as np

from chainrule.code import numpy_source
from chainrule.notation.nodes import Node, Op, Var
from chainrule.notation.vocabulary import grad


@dataclass(frozen=True, eq=False)
class Price:
    """A symbol in the point, and what of the constraint is left there: 0, or at most 0 where it is an inequality."""

    symbol: Var
    left: Node
    equation: bool

    @property
    def falls(self) -> bool:
        """Is it one number, and has what is left a slope in it?"""
        return not self.symbol.ndim and not any(op.kind == "nuclear" for op in self.left.atoms(Op))


def falling_root(excess: Callable[[float], tuple[float, float]], low: float = -np.inf) -> float:
    """The t >= low where a falling function is 0, or low where it is below 0 there. excess(t) -> value, slope.

    Newton's steps, kept between two places of different sign; half of the way where a step leaves them or is slow.
    Errors: ValueError where the function has one sign everywhere.
    """
    eps, high, t, width, before, largest = np.finfo(float).eps, np.inf, max(low, 0.0), 1.0, np.inf, 0.0
    for _ in range(200):
        value, slope = excess(t)
        if value == 0 or (value < 0 and t == low):
            return t
        low, high = (t, high) if value > 0 else (low, t)
        step, largest = (t - value / slope if slope < 0 else np.nan), max(largest, abs(value))
        inside = low < step < high
        if abs(value) <= 4 * eps * largest or (inside and abs(step - t) <= 2 * eps * abs(t)):
            return step if inside else t
        if not inside or abs(value) > before / 2:
            step = (low + high) / 2 if np.isfinite(high - low) else min(max(t + np.copysign(width, value), low), high)
            width *= 2
        t, before = step, abs(value)
    if not np.isfinite(high - low):
        raise ValueError("no price was found: can the constraint be kept?")
    return t


def priced_source(point: Node, price: Price, arguments: Sequence[Var]) -> str:
    """NumPy source of the point for a price, of what is left of the constraint, of the price, and of the point."""
    tau, names = price.symbol, ", ".join(str(v.name) for v in arguments)
    excess = f"lambda {tau.name}: excess({names}, {tau.name})"
    parts = (
        numpy_source(point, "at_price", (*arguments, tau)),
        numpy_source((price.left, grad(price.left, tau)), "excess", (*arguments, tau)),
        "def falling_root(excess, low=-np.inf):\n" + getsource(falling_root).split("\n", 1)[1],
        f"def price({names}):\n    return falling_root({excess}{'' if price.equation else ', 0.0'})\n",
        f"def minimiser({names}):\n    return at_price({names}, price({names}))\n",
    )
    return "\n\n\n".join(p.rstrip() for p in parts) + "\n"
