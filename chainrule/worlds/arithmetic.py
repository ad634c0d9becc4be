"""Three number systems with one interface: integers modulo a prime, exact rationals, and balls that enclose reals.

A number is a python-flint element (nmod, fmpq, arb). Sums and products are the elements' own operators; division,
functions and every decision (is it zero, what sign) go through the number system, which knows when it may not answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any, TypeVar

import flint
import sympy as sp
from flint import acb, arb, fmpq, fmpz, nmod

from chainrule.errors import Undefined, Unsupported
from chainrule.notation.nodes import polygamma_order

T = TypeVar("T")

PRECISIONS = (384, 768, 1536)
"""Bits of ball arithmetic, tried in turn until it decides."""

PRIME_BITS = (61, 63)
"""Random primes are drawn between 2^61 and 2^63."""


class Undecided(Exception):
    """A ball is too wide to answer. Raising the precision may help; guessing never does."""


class Opaque:
    """A value that a number system cannot hold, such as exp(2) among the rationals. What it enters is opaque too.

    Only its derivative may still be a number: (log x)' = 1/x. An opaque result raises Unsupported.
    """

    def _absorb(self, *others: object) -> Any:
        return NotImplemented if any(hasattr(x, "du") for x in others) else self  # a dual number keeps its changes

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __neg__ = _absorb


OPAQUE = Opaque()


class Arithmetic:
    """A number system. `kinks` counts the derivatives that were taken at a kink (relu, abs, max) since it was made."""

    name: str
    ordered = True

    def __init__(self) -> None:
        self.kinks = 0

    def lift(self, value: Any) -> Any:
        """The element for an int or a rational."""
        raise NotImplementedError

    def constant(self, value: sp.Expr) -> Any:
        """The element for a number as written: a rational, pi or e."""
        if isinstance(value, sp.Rational):
            return self.lift(fmpq(int(value.p), int(value.q)))
        return self.irrational(value)

    def irrational(self, value: sp.Expr) -> Any:
        return OPAQUE

    def is_zero(self, x: Any) -> bool:
        return self.sign(x) == 0

    def sign(self, x: Any) -> int:
        """-1, 0 or 1."""
        raise NotImplementedError

    def quotient(self, a: Any, b: Any) -> Any:
        """a / b. Raises Undefined where b is 0."""
        if b is OPAQUE or a is OPAQUE:
            return OPAQUE
        if self.is_zero(b):
            raise Undefined("division by zero")
        return a / b

    def apply(self, function: str, x: Any) -> Any:
        """f(x). Raises Undefined outside the function's domain."""
        raise NotImplementedError

    def larger(self, a: Any, b: Any) -> Any:
        """max(a, b)"""
        return a if self.sign(a - b) >= 0 else b


class Modular(Arithmetic):
    """F_p, the integers modulo a prime: + - * / and integer powers, and nothing that asks for an order."""

    name = "F_p"
    ordered = False

    def __init__(self, p: int):
        super().__init__()
        self.p = p

    def lift(self, value: Any) -> Any:
        if isinstance(value, nmod):
            return value
        value = fmpq(value)
        if int(value.q) % self.p == 0:
            raise Undefined("division by zero")
        return nmod(int(value.p), self.p) / nmod(int(value.q), self.p)

    def is_zero(self, x: Any) -> bool:
        if x is OPAQUE:
            raise Unsupported("a transcendental value has no residue modulo a prime")
        return bool(x == 0)

    def sign(self, x: Any) -> int:
        raise Unsupported("F_p has no order")

    def apply(self, function: str, x: Any) -> Any:
        return OPAQUE


class Rationals(Arithmetic):
    """Exact rational numbers, with their order; roots of perfect squares."""

    name = "Q"

    def lift(self, value: Any) -> Any:
        return value if isinstance(value, fmpq) else fmpq(value)

    def sign(self, x: Any) -> int:
        if x is OPAQUE:
            raise Unsupported("an irrational value cannot be compared among the rationals")
        numerator = x.p
        return int(numerator > 0) - int(numerator < 0)

    def apply(self, function: str, x: Any) -> Any:
        if x is OPAQUE:
            return OPAQUE
        match function:
            case "relu":
                return x if x > 0 else fmpq(0)
            case "step":
                return fmpq(int(x > 0))
            case "abs":
                return abs(x)
            case "sign":
                return fmpq(self.sign(x))
            case "sqrt":
                return _rational_root(x)
        _check_domain(function, x, self)
        return OPAQUE


class Balls(Arithmetic):
    """Real numbers as balls that surely contain them, at the precision of the surrounding `at_precision`."""

    name = "balls"

    def lift(self, value: Any) -> Any:
        return value if isinstance(value, arb) else arb(value)

    def irrational(self, value: sp.Expr) -> Any:
        if value == sp.pi:
            return arb.pi()
        if value == sp.E:
            return arb.const_e()
        raise Unsupported(f"the number {value} has no evaluation; there are rationals, pi and e")

    def sign(self, x: Any) -> int:
        if x.is_zero():
            return 0
        if x > 0:
            return 1
        if x < 0:
            return -1
        raise Undecided("the sign of a ball around zero")

    def apply(self, function: str, x: Any) -> Any:
        y = self._apply(function, x)
        if not y.is_finite():
            raise Undecided(f"{function} of a ball")
        return y

    def _apply(self, function: str, x: Any) -> Any:
        match function:
            case "relu":
                return x.max(arb(0))
            case "step":
                return arb(int(self.sign(x) > 0))
            case "abs":
                return abs(x)
            case "sign":
                return arb(self.sign(x))
            case "sigmoid":
                return 1 / (1 + (-x).exp())
            case "softplus":
                return x.exp().log1p()
            case "log_bessel0":
                return x.bessel_i(0).log()
            case "bessel_ratio":
                return x.bessel_i(1) / x.bessel_i(0)
        _check_domain(function, x, self)
        order = polygamma_order(function)
        if order:
            return acb(x).polygamma(acb(order)).real
        return getattr(x, function)()

    def larger(self, a: Any, b: Any) -> Any:
        return a.max(b)


def _rational_root(x: Any) -> Any:
    if x < 0:
        raise Undefined("the square root of a negative number")
    p, q = fmpz(x.p).isqrt(), fmpz(x.q).isqrt()
    return fmpq(p, q) if p * p == x.p and q * q == x.q else OPAQUE


def _check_domain(function: str, x: Any, arithmetic: Arithmetic) -> None:
    """Raise Undefined where the real function has no value."""
    match function:
        case "log" if arithmetic.sign(x) <= 0:
            raise Undefined("the logarithm of a number that is not positive")
        case "sqrt" if arithmetic.sign(x) < 0:
            raise Undefined("the square root of a negative number")
        case "asin" | "acos" if arithmetic.sign(1 - x * x) < 0:
            raise Undefined(f"{function} of a number beyond -1 and 1")
    if (function == "lgamma" or polygamma_order(function) is not None) and arithmetic.sign(x) <= 0:
        raise Undefined(f"{function} of a number that is not positive")


def random_prime(rng: Random) -> int:
    """A uniformly drawn prime between 2^61 and 2^63."""
    low, high = PRIME_BITS
    while True:
        p = rng.randrange(1 << low, 1 << high) | 1
        if fmpz(p).is_prime():
            return p


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Ball arithmetic with so many bits; flint's setting is global to the process and is put back."""
    before = flint.ctx.prec
    flint.ctx.prec = bits
    try:
        yield
    finally:
        flint.ctx.prec = before


def at_precision(compute: Callable[[Balls], T]) -> T:
    """The result of `compute`, run at rising precision until it is decided. Raises Undecided at the end."""
    for bits in PRECISIONS:
        with precision(bits):
            try:
                return compute(Balls())
            except Undecided as error:
                last = error
    raise last
