"""Obligations: what has to hold for a formula to have a value, and for a derivative in it to exist.

    a / b      no entry of b is 0            A.I          A is invertible
    log x      every entry of x is > 0       logdet A     det A > 0
               so for lgamma x, digamma x, ...
    sqrt x     every entry of x is >= 0      tan x        cos x is nowhere 0

Under a derivative, sqrt x and other roots ask for x > 0 and norm(x) for x != 0; kinks of relu, abs, step, sign and max
are answered by convention and asked of nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sympy.core.basic import Basic
from sympy.core.symbol import Str

from chainrule.notation.nodes import (
    Apply,
    Deriv,
    Div,
    Expect,
    Let,
    Neg,
    Node,
    Number,
    Op,
    Pow,
    Subs,
    make_var,
    polygamma_order,
)

from .order import Order

Kind = Literal[
    "nonzero", "positive", "nonnegative", "invertible", "positive determinant", "positive semidefinite",
    "within (-1, 1)",
]  # fmt: skip


@dataclass(frozen=True)
class Obligation:
    """A condition on a formula."""

    kind: Kind
    of: Node

    def __str__(self) -> str:
        return f"{self.of} is {self.kind}" if self.kind != "positive determinant" else f"det({self.of}) > 0"


def granted(o: Obligation, order: Order, *, deep: bool = True) -> bool:
    """Do the rules of order show it? Without `deep` an inverse has to be declared or shown before."""
    match o.kind:
        case "invertible":
            return order.invertible(o.of, deep=deep)
        case "nonzero":
            return order.nonzero(o.of)
        case "positive":
            return order.positive(o.of)
        case "nonnegative":
            return order.nonnegative(o.of)
        case "positive determinant":
            return order.positive_determinant(o.of)
        case "positive semidefinite":
            return order.positive_semidefinite(o.of)
    return False


def obligations(formula: Basic, differentiated: bool = False) -> Iterator[Obligation]:
    """The obligations of a formula, sub-formula by sub-formula."""
    match formula:
        case Div():
            yield Obligation("nonzero", formula.args[1])
        case Pow():
            base, exponent = formula.args
            yield from _of_power(base, exponent, differentiated)
        case Op(args=(kind, x)):
            yield from _of_operation(str(kind), x, differentiated)
        case Apply(args=(name, x)):
            yield from _of_function(str(name), x, differentiated)
        case Subs(args=(body, variable, value)):
            yield from obligations(value, differentiated)
            for o in obligations(body, differentiated):
                yield Obligation(o.kind, o.of.at(variable, value))
            return
        case Expect():
            yield from _of_expectation(formula, differentiated)
            return
    below = formula.args[1:2] if isinstance(formula, Let) else formula.args
    for arg in below:
        if isinstance(arg, Basic) and not isinstance(arg, Str):
            yield from obligations(arg, differentiated or isinstance(formula, Deriv))


def _of_expectation(formula: Expect, differentiated: bool) -> Iterator[Obligation]:
    """A covariance; what the body asks, it asks of a random x, of which nothing is known that is said of a free x."""
    x, covariance = formula.variable, formula.covariance
    yield Obligation("positive semidefinite" if x.ndim else "nonnegative", covariance)
    for part in (formula.mean, covariance):
        yield from obligations(part, differentiated)
    anything = make_var(f"{x.name} at random", x.shape, ())
    for o in obligations(formula.body, differentiated):
        yield Obligation(o.kind, o.of.xreplace({x: anything}))


def _of_power(base: Node, exponent: Node, differentiated: bool) -> Iterator[Obligation]:
    negative = isinstance(exponent, Neg)
    value = exponent.args[0].value if negative and isinstance(exponent.args[0], Number) else None
    if isinstance(exponent, Number):
        value = exponent.value
        negative = bool(value < 0)
    if value is None or not value.is_Rational:
        yield Obligation("positive", base)
    elif not value.is_Integer:
        yield Obligation("positive" if negative or differentiated else "nonnegative", base)
    elif negative:
        yield Obligation("nonzero", base)


def _of_operation(kind: str, x: Node, differentiated: bool) -> Iterator[Obligation]:
    if kind == "inv":
        yield Obligation("invertible", x)
    elif kind == "logdet":
        yield Obligation("positive determinant", x)
    elif kind == "det" and differentiated:
        yield Obligation("invertible", x)
    elif kind == "norm" and differentiated:
        yield Obligation("nonzero", Op(Str("sqnorm"), x))


def _of_function(name: str, x: Node, differentiated: bool) -> Iterator[Obligation]:
    if name == "log":
        yield Obligation("positive", x)
    elif name == "sqrt":
        yield Obligation("positive" if differentiated else "nonnegative", x)
    elif name == "tan":
        yield Obligation("nonzero", Apply(Str("cos"), x))
    elif name in ("asin", "acos"):
        yield Obligation("within (-1, 1)", x)
    elif name == "lgamma" or polygamma_order(name) is not None:
        yield Obligation("positive", x)
    elif name in ("log_bessel0", "bessel_ratio") and differentiated:  # A'(x) is written with A(x) / x
        yield Obligation("nonzero", x)
