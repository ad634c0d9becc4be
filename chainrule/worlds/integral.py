"""The integral, or the sum, of exp(log p(x)) g(x) over the whole support, as a ball that surely contains it.

Inside, flint integrates with balls. Outside, let log h be concave, h = p(phi(u)) phi'(u) in a chart of the support:
then log h lies below its tangent at B, and with a slope log h'(B) = -c < 0

    integral from B of h  <=  h(B) / c            sum from B of h  <=  h(B) / (1 - r),  r = h(B + 1) / h(B) < 1.

The weight g is a polynomial, |g(x)| <= S (1 + |x|^d) with S the sum of its coefficients' sizes; log |u|, u and log k
are concave too, so that h |u|^d, h e^(du) and h k^d are bounded by the same words. That log h is concave has to be
shown by whoever calls: the numbers here do not show it.

Source: Johansson, Numerical integration in arbitrary-precision ball arithmetic (2018).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from math import factorial
from typing import Any

import numpy as np
from flint import acb, arb

from chainrule.errors import Undefined, Unsupported
from chainrule.notation.nodes import Node, Var, as_node
from chainrule.notation.polynomial import degree
from chainrule.notation.vocabulary import exp, grad

from .arithmetic import Balls, Undecided, precision
from .charts import Chart, U, chart
from .complex import Complex, real
from .evaluate import Evaluator
from .world import World

BITS = 140
"""Bits of the balls in which integrals are taken."""
SMALL = arb(2) ** -106
"""What each tail may be at most."""
FEW, MANY = 400, 20_000
"""How often an integrand may be evaluated: between ends where it may grow without bound, and in a chart."""
FARTHEST = 12
"""The tails begin at most at 2^12; a sum has at most as many terms."""


@dataclass(frozen=True)
class Integrand:
    """exp(log_density) weight over x between `ends`; whole numbers alone where it is `counted`."""

    log_density: Node
    x: Var
    weight: Node
    ends: tuple[Node | None, Node | None]
    counted: bool

    @property
    def finite(self) -> bool:
        return None not in self.ends

    @property
    def chart(self) -> Chart:
        return chart(self.log_density, self.x, self.ends)

    def enclosed(self, world: World, tails: bool) -> arb:
        """A ball around the integral in a world. Without `tails` log h is not known to be concave: only what has ends
        is then integrated.

        Errors: Undefined where the density has no value; Undecided where no narrow ball was found; Unsupported.
        """
        with precision(BITS):
            if self.counted:
                return self._summed(world, tails)
            if self.finite:
                try:
                    return self._between(world)
                except Undecided:  # it grows without bound at an end, which a chart moves to infinity
                    pass
            if not tails:
                raise Unsupported("the tails are not bounded: the density is not shown log-concave in its chart")
            return self._over_the_line(world)

    # --- sums -----------------------------------------------------------------------------------------
    def _summed(self, world: World, tails: bool) -> arb:
        low, high = self.ends
        first = _whole(low, world)
        last = None if high is None else _whole(high, world)
        if last is None and not tails:
            raise Unsupported("the tail is not bounded: the probabilities are not shown log-concave")
        total = arb(0)
        for k in range(first, (first + 2**FARTHEST if last is None else last) + 1):
            if last is None and k > max(first, 0) and (rest := self._rest(world, k)) is not None:
                return total + arb(0, rest)
            total += self._term(world, k)
        if last is None:
            raise Undecided("the terms of a sum do not become small")
        return total

    def _term(self, world: World, k: int) -> arb:
        return _at(exp(self.log_density) * self.weight, world, self.x, arb(k))

    def _rest(self, world: World, k: int) -> arb | None:
        """A bound on the sum from k on, where there is a small one."""
        d, size = _growth(self.weight, self.x, world)
        h, after = (_at(self.log_density, world, self.x, arb(j)) for j in (k, k + 1))
        bound = arb(0)
        for power in {0, d}:
            ratio = (after - h).exp() * (arb(k + 1) / k) ** power
            if not ratio < 1:
                return None
            bound += size * h.exp() * arb(k) ** power / (1 - ratio)
        return bound.upper() if bound < SMALL else None

    # --- integrals --------------------------------------------------------------------------------------
    def _between(self, world: World) -> arb:
        """Over a closed interval, where the density has a value up to its ends."""
        low, high = (_at(as_node(end), world) for end in self.ends)
        if not low < high:
            raise Undefined("the support ends before it begins")
        _at(self.log_density, world, self.x, (low + high) / 2)
        return _quadrature(exp(self.log_density) * self.weight, world, self.x, low, high, FEW)

    def _over_the_line(self, world: World) -> arb:
        drawn = self.chart
        for u in (-1, 0, 2):  # a formula that has no real value here is no density in this world
            try:
                _at(drawn.log_h, world, U, arb(u))
            except ZeroDivisionError as error:
                raise Undefined(str(error)) from error
        right, above = self._tail(drawn, world, 1)
        left, below = self._tail(drawn, world, -1)
        weight = self.weight.xreplace({self.x: drawn.x})
        inner = _quadrature(exp(drawn.log_h) * weight, world, U, -arb(left), arb(right), MANY)
        return inner + arb(0, above + below)

    def _tail(self, drawn: Chart, world: World, side: int) -> tuple[int, arb]:
        """Where the tail of one side begins, and a bound on it."""
        parts = tuple(self._parts(drawn, world))
        slope = grad(drawn.log_h, U)
        for n in range(FARTHEST):
            u = side * arb(2) ** n
            h, falls = _at(drawn.log_h, world, U, u), -side * _at(slope, world, U, u)
            bound = arb(0)
            for size, power, log_w, its_slope in parts:
                c = falls - side * power * its_slope(u)
                bound = bound + size * (h + power * log_w(u)).exp() / c if c > 0 else arb("inf")
                if not bound < SMALL:
                    break
            else:
                return 2**n, bound.upper()
        raise Undecided("the density does not fall")

    def _parts(self, drawn: Chart, world: World) -> Iterator[tuple[arb, int, Slope, Slope]]:
        """|weight| <= the sum of size w^power, with log w and its slope in u: w is |u| on the line, e^u on a ray."""
        d, size = _growth(self.weight, self.x, world)
        match drawn.kind:
            case "line":
                yield size, 0, _nothing, _nothing
                yield size, d, lambda u: abs(u).log(), lambda u: 1 / u
            case "ray":
                low = abs(_at(as_node(drawn.ends[0]), world))
                yield size * (1 + 2**d * low**d), 0, _nothing, _nothing
                yield size * 2**d, d, lambda u: u, lambda u: arb(1)
            case "interval":
                far = sum((abs(_at(as_node(end), world)) for end in drawn.ends), arb(0))
                yield size * (1 + far**d), 0, _nothing, _nothing


Slope = Callable[[arb], arb]


def _nothing(u: arb) -> arb:
    return arb(0)


def _growth(weight: Node, x: Var, world: World) -> tuple[int, arb]:
    """d and S with |weight| <= S (1 + |x|^d): the degree, and the sum of the coefficients' sizes."""
    d = degree(weight, x)
    if d is None:
        raise Unsupported(f"{weight} is not seen to be a polynomial: its tail is not bounded")
    size, part = arb(0), weight
    for k in count():
        size += abs(_at(part, world, x, arb(0))) / factorial(k)
        if k == d:
            return d, size
        part = grad(part, x)
    raise AssertionError("a degree is finite")


def _whole(node: Node | None, world: World) -> int:
    found = _at(as_node(node), world).unique_fmpz() if node is not None else None
    if found is None:
        raise Undefined("the support of a law on whole numbers ends at a whole number")
    return int(found)


def _at(node: Node, world: World, x: Var | None = None, value: Any = None) -> arb:
    """The value of a formula in a world in which x has this value."""
    out = Evaluator(_with(world, x, value), Balls()).value(node).item()
    if not out.is_finite():
        raise Undecided(f"{node} is no narrow ball")
    return out


def _with(world: World, x: Var | None, value: Any) -> World:
    if x is None:
        return world
    held = np.empty((), dtype=object)
    held[()] = value
    return World(world.sizes, {**world.values, x: held}, world.definitions, world.letters)


def _quadrature(integrand: Node, world: World, x: Var, low: arb, high: arb, limit: int) -> arb:
    on_path, on_balls = (Evaluator(world, Complex(analytic)) for analytic in (False, True))

    def f(at: acb, analytic: bool) -> acb:
        found: acb = (on_balls if analytic else on_path).value_at(integrand, x, at)
        return found

    found = real(acb.integral(f, acb(low), acb(high), rel_tol=SMALL, abs_tol=SMALL, eval_limit=limit))
    if not found.is_finite():
        raise Undecided("the integral is no narrow ball")
    return found
