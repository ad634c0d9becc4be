"""Functions of one or two numbers in ball arithmetic, under the names that NumPy, SciPy and math give them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flint

from chainrule.worlds.arithmetic import Undecided


def sigmoid(x: Any) -> Any:
    """1 / (1 + e^-x)"""
    return 1 / (1 + (-x).exp())


def softplus(x: Any) -> Any:
    """log(1 + e^x)"""
    return x.max(flint.arb(0)) + (-abs(x)).exp().log1p()


def logaddexp(a: Any, b: Any) -> Any:
    """log(e^a + e^b)"""
    return a.max(b) + (-abs(a - b)).exp().log1p()


def xlogy(a: Any, b: Any) -> Any:
    """a log b, and 0 where a = 0"""
    return flint.arb(0) if a == 0 else a * b.log()


def polygamma(order: Any, x: Any) -> Any:
    """The derivative of digamma of a whole order, x > 0"""
    return x.digamma() if order == 0 else flint.acb(x).polygamma(flint.acb(order)).real


def heaviside(x: Any, at_zero: Any) -> Any:
    """0, at_zero or 1, as x is negative, zero or positive"""
    return _by_sign(x, flint.arb(0), at_zero, flint.arb(1))


def sign(x: Any) -> Any:
    """-1, 0 or 1"""
    return _by_sign(x, flint.arb(-1), flint.arb(0), flint.arb(1))


def _by_sign(x: Any, negative: Any, zero: Any, positive: Any) -> Any:
    if x > 0:
        return positive
    if x < 0:
        return negative
    if x == 0:
        return zero
    raise Undecided(f"the sign of {x.str(5)} is open")


def _whole(method: str) -> Callable[[Any], Any]:
    def cut(x: Any) -> Any:
        found = getattr(x, method)().unique_fmpz()
        if found is None:
            raise Undecided(f"{x.str(5)} may lie on either side of an integer")
        return flint.arb(found)

    return cut


def _method(name: str) -> Callable[[Any], Any]:
    return lambda x: getattr(x, name)()


UNARY: dict[str, Callable[[Any], Any]] = {
    **{
        name: _method(name)
        for name in (
            [
                "exp",
                "log",
                "log1p",
                "expm1",
                "sqrt",
                "sin",
                "cos",
                "tan",
                "asin",
                "acos",
                "atan",
                "sinh",
                "cosh",
                "tanh",
                "asinh",
                "acosh",
                "atanh",
                "erf",
                "erfc",
            ]
        )
    },
    "arcsin": _method("asin"),
    "arccos": _method("acos"),
    "arctan": _method("atan"),
    "arcsinh": _method("asinh"),
    "arccosh": _method("acosh"),
    "arctanh": _method("atanh"),
    "gammaln": _method("lgamma"),
    "lgamma": _method("lgamma"),
    "digamma": _method("digamma"),
    "psi": _method("digamma"),
    "i0e": lambda x: x.bessel_i(0) * (-abs(x)).exp(),
    "i1e": lambda x: x.bessel_i(1) * (-abs(x)).exp(),
    "i0": lambda x: x.bessel_i(0),
    "i1": lambda x: x.bessel_i(1),
    "exp2": lambda x: flint.arb(2) ** x,
    "log2": lambda x: x.log() / flint.arb(2).log(),
    "log10": lambda x: x.log() / flint.arb(10).log(),
    "cbrt": lambda x: sign(x) * abs(x).root(3),
    "square": lambda x: x**2,
    "reciprocal": lambda x: 1 / x,
    "negative": lambda x: -x,
    "positive": lambda x: x,
    "absolute": abs,
    "fabs": abs,
    "abs": abs,
    "sign": sign,
    "floor": _whole("floor"),
    "ceil": _whole("ceil"),
    "expit": sigmoid,
    "log_expit": lambda x: -softplus(-x),
    "logit": lambda p: (p / (1 - p)).log(),
    "entr": lambda p: flint.arb(0) if p == 0 else -p * p.log(),
    "conjugate": lambda x: x,
    "real": lambda x: x,
}
BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "maximum": lambda a, b: a.max(b),
    "fmax": lambda a, b: a.max(b),
    "minimum": lambda a, b: a.min(b),
    "fmin": lambda a, b: a.min(b),
    "logaddexp": logaddexp,
    "hypot": lambda a, b: (a**2 + b**2).sqrt(),
    "arctan2": lambda a, b: flint.arb.atan2(a, b),
    "atan2": lambda a, b: flint.arb.atan2(a, b),
    "heaviside": heaviside,
    "polygamma": polygamma,
    "xlogy": xlogy,
    "xlog1py": lambda a, b: flint.arb(0) if a == 0 else a * b.log1p(),
    "rel_entr": lambda a, b: xlogy(a, a) - xlogy(a, b),
}
ASKING: dict[str, Callable[[Any], bool]] = {
    "isfinite": lambda x: bool(x.is_finite()),
    "isnan": lambda x: bool(x.is_nan()),
    "isinf": lambda x: not x.is_finite() and not x.is_nan(),
    "signbit": lambda x: bool(sign(x) < 0),
}
