"""Dual numbers: a value together with its first-order change in each of several directions.

x + sum_k du[k] e_k with e_k e_l = 0. The parts are numbers or, for higher derivatives, dual numbers of a lower level.
Of two levels the lower one is constant to the higher one, so that nested derivatives never mix their directions.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from flint import fmpq

from chainrule.errors import Undefined, Unsupported
from chainrule.notation.nodes import polygamma_name, polygamma_order

from .arithmetic import OPAQUE, Arithmetic

KINKED = ("relu", "abs", "step", "sign")
"""Functions without a derivative at 0; there it is taken as 0, and counted."""


class Dual:
    """re + sum of du[k] e_k at one level of differentiation. A direction that is not listed has change 0."""

    __slots__ = ("du", "level", "re")

    def __init__(self, level: int, re: Any, du: dict[int, Any]):
        self.level, self.re, self.du = level, re, du

    def __add__(self, other: Any) -> Any:
        if isinstance(other, Dual):
            if other.level > self.level:
                return Dual(other.level, self + other.re, other.du)
            if other.level == self.level:
                return Dual(self.level, self.re + other.re, _sum(self.du, other.du))
        return Dual(self.level, self.re + other, self.du)

    __radd__ = __add__

    def __neg__(self) -> Dual:
        return Dual(self.level, -self.re, {k: -v for k, v in self.du.items()})

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return (-self) + other

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, Dual):
            if other.level > self.level:
                return other * self
            if other.level == self.level:
                a, b = self.re, other.re
                du = _sum({k: v * b for k, v in self.du.items()}, {k: v * a for k, v in other.du.items()})
                return Dual(self.level, a * b, du)
        return Dual(self.level, self.re * other, {k: v * other for k, v in self.du.items()})

    __rmul__ = __mul__


def _sum(a: dict[int, Any], b: dict[int, Any]) -> dict[int, Any]:
    out = dict(a)
    for k, v in b.items():
        out[k] = out[k] + v if k in out else v
    return out


def base(x: Any) -> Any:
    """The number under all levels."""
    while isinstance(x, Dual):
        x = x.re
    return x


def change(x: Any, level: int, k: int, zero: Any) -> Any:
    """The change of x in direction k of a level."""
    if isinstance(x, Dual) and x.level == level:
        return x.du.get(k, zero)
    return zero


def divide(a: Any, b: Any, arithmetic: Arithmetic) -> Any:
    """a / b: the quotient q has the change (a' - q b') / b. Raises Undefined where b is 0."""
    level = max((x.level for x in (a, b) if isinstance(x, Dual)), default=0)
    if level == 0:
        return arithmetic.quotient(a, b)
    top, da = (a.re, a.du) if isinstance(a, Dual) and a.level == level else (a, {})
    bottom, db = (b.re, b.du) if isinstance(b, Dual) and b.level == level else (b, {})
    q = divide(top, bottom, arithmetic)
    moved = _sum(da, {k: -(q * v) for k, v in db.items()})
    return Dual(level, q, {k: divide(v, bottom, arithmetic) for k, v in moved.items()})


def apply(function: str, x: Any, arithmetic: Arithmetic) -> Any:
    """f(x): the value f(re) and the changes f'(re) du."""
    if not isinstance(x, Dual):
        return arithmetic.apply(function, x)
    y = apply(function, x.re, arithmetic)
    if function in KINKED and arithmetic.ordered and base(x) is not OPAQUE and arithmetic.sign(base(x)) == 0:
        arithmetic.kinks += 1
    slope = _slope(function, x.re, y, arithmetic)
    return Dual(x.level, y, {k: slope * v for k, v in x.du.items()})


def _slope(function: str, x: Any, y: Any, arithmetic: Arithmetic) -> Any:
    """f'(x), with y = f(x) at hand."""

    def f(name: str, at: Any = x) -> Any:
        return apply(name, at, arithmetic)

    def over(a: Any, b: Any) -> Any:
        return divide(a, b, arithmetic)

    one = arithmetic.lift(1)
    match function:
        case "exp":
            return y
        case "log":
            return over(one, x)
        case "sin":
            return f("cos")
        case "cos":
            return -f("sin")
        case "tan":
            return one + y * y
        case "asin":
            return over(one, f("sqrt", one - x * x))
        case "acos":
            return -over(one, f("sqrt", one - x * x))
        case "atan":
            return over(one, one + x * x)
        case "sinh":
            return f("cosh")
        case "cosh":
            return f("sinh")
        case "tanh":
            return one - y * y
        case "sigmoid":
            return y * (one - y)
        case "softplus":
            return f("sigmoid")
        case "relu":
            return f("step")
        case "abs":
            return f("sign")
        case "step" | "sign":
            return arithmetic.lift(0)
        case "sqrt":
            return over(one, y + y)
        case "erf":
            return over(f("exp", -(x * x)) * arithmetic.lift(2), arithmetic.apply("sqrt", _pi(arithmetic)))
        case "lgamma":
            return f("digamma")
        case "log_bessel0":
            return f("bessel_ratio")
        case "bessel_ratio":
            return one - y * y - over(y, x)
    order = polygamma_order(function)
    if order is not None:
        return f(polygamma_name(order + 1))
    raise Unsupported(f"the function {function} has no derivative by dual numbers")


def _pi(arithmetic: Arithmetic) -> Any:
    return arithmetic.constant(sp.pi)


def whole_power(x: Any, n: int, arithmetic: Arithmetic) -> Any:
    """x^n for an integer n, by squaring; x^0 = 1."""
    if n < 0:
        return divide(arithmetic.lift(1), whole_power(x, -n, arithmetic), arithmetic)
    out = arithmetic.lift(1)
    for bit in bin(n)[2:]:
        out = out * out
        if bit == "1":
            out = out * x
    return out


def power(x: Any, exponent: Any, arithmetic: Arithmetic) -> Any:
    """x^b. A rational b that is whole multiplies; otherwise x > 0 and x^b = exp(b log x)."""
    if isinstance(exponent, fmpq):
        if exponent.q == 1:
            return whole_power(x, int(exponent.p), arithmetic)
        if exponent.q == 2 and not (isinstance(x, Dual) and _vanishes(x, arithmetic)):
            return whole_power(apply("sqrt", x, arithmetic), int(exponent.p), arithmetic)
        if exponent > 0 and not isinstance(x, Dual) and _vanishes(x, arithmetic):
            return arithmetic.lift(0)
        exponent = arithmetic.lift(exponent)
    if arithmetic.ordered and base(x) is not OPAQUE and arithmetic.sign(base(x)) <= 0:
        raise Undefined("a power of a number that is not positive, with an exponent that is no integer")
    return apply("exp", exponent * apply("log", x, arithmetic), arithmetic)


def _vanishes(x: Any, arithmetic: Arithmetic) -> bool:
    return arithmetic.ordered and base(x) is not OPAQUE and arithmetic.sign(base(x)) == 0
