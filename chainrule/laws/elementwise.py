"""Derivatives of functions applied entry by entry: each law is f'(x), written in the notation itself.

At kinks relu'(0) = 0, abs'(0) = 0, and the derivative of a step is 0.

Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), sections 4.2-4.6 and 7.1, where no other is
named.
"""

from __future__ import annotations

from collections.abc import Callable

from chainrule.notation.dims import dims
from chainrule.notation.nodes import Apply, Node, Var, polygamma_order
from chainrule.notation.vocabulary import (
    bessel_ratio,
    cos,
    cosh,
    digamma,
    exp,
    ones,
    pi,
    polygamma,
    rational,
    sigmoid,
    sign,
    sin,
    sinh,
    sqrt,
    step,
    tan,
    tanh,
    trigamma,
    vector,
    zeros,
)

from .registry import Law, register

A_AND_S = "Abramowitz and Stegun (1964)"
ELEMENTWISE: dict[str, Law] = {}
one = rational(1)

Rule = Callable[[Node], Node]


def elementwise(function: str, says: str, source: str = A_AND_S) -> Callable[[Rule], Rule]:
    """Make a rule x -> f'(x) the law of one function."""

    def enter(rule: Rule) -> Rule:
        def example() -> tuple[Node, Var]:
            from sympy.core.symbol import Str

            (n,) = dims("n")
            x = vector("x", n)
            return Apply(Str(function), x), x

        ELEMENTWISE[function] = register(function, says, source, example, rule)
        return rule

    return enter


@elementwise("exp", "the exponential is its own derivative", f"{A_AND_S}, 4.2.49")
def _exp(x: Node) -> Node:
    return exp(x)


@elementwise("log", "the logarithm's derivative is the reciprocal", f"{A_AND_S}, 4.1.46")
def _log(x: Node) -> Node:
    return one / x


@elementwise("sin", "sine to cosine", f"{A_AND_S}, 4.3.105")
def _sin(x: Node) -> Node:
    return cos(x)


@elementwise("cos", "cosine to minus sine", f"{A_AND_S}, 4.3.106")
def _cos(x: Node) -> Node:
    return -sin(x)


@elementwise("tan", "one plus the square of the tangent", f"{A_AND_S}, 4.3.107")
def _tan(x: Node) -> Node:
    return one + tan(x) ** 2


@elementwise("asin", "the inverse sine", f"{A_AND_S}, 4.4.52")
def _asin(x: Node) -> Node:
    return one / sqrt(one - x**2)


@elementwise("acos", "the inverse cosine", f"{A_AND_S}, 4.4.53")
def _acos(x: Node) -> Node:
    return -one / sqrt(one - x**2)


@elementwise("atan", "the inverse tangent", f"{A_AND_S}, 4.4.54")
def _atan(x: Node) -> Node:
    return one / (one + x**2)


@elementwise("sinh", "hyperbolic sine to hyperbolic cosine", f"{A_AND_S}, 4.5.71")
def _sinh(x: Node) -> Node:
    return cosh(x)


@elementwise("cosh", "hyperbolic cosine to hyperbolic sine", f"{A_AND_S}, 4.5.72")
def _cosh(x: Node) -> Node:
    return sinh(x)


@elementwise("tanh", "one minus the square of the tangent", f"{A_AND_S}, 4.5.73")
def _tanh(x: Node) -> Node:
    return one - tanh(x) ** 2


@elementwise("sigmoid", "the logistic function times its mirror image", "Bishop, PRML (2006), eq. 4.88")
def _sigmoid(x: Node) -> Node:
    return sigmoid(x) * sigmoid(-x)


@elementwise("softplus", "softplus to the logistic function", "Dugas et al. (2001)")
def _softplus(x: Node) -> Node:
    return sigmoid(x)


@elementwise("relu", "1 where positive, else 0; 0 at the kink", "Nair and Hinton (2010)")
def _relu(x: Node) -> Node:
    return step(x)


@elementwise("abs", "the sign; 0 at the kink")
def _abs(x: Node) -> Node:
    return sign(x)


@elementwise("step", "flat wherever it is differentiable")
def _step(x: Node) -> Node:
    return zeros(*x.shape)


@elementwise("sign", "flat wherever it is differentiable")
def _sign(x: Node) -> Node:
    return zeros(*x.shape)


@elementwise("sqrt", "half the reciprocal of the root")
def _sqrt(x: Node) -> Node:
    return one / (2 * sqrt(x))


@elementwise("erf", "the bell curve, scaled", f"{A_AND_S}, 7.1.19")
def _erf(x: Node) -> Node:
    return rational(2) / sqrt(pi) * exp(-(x**2)) * ones(*x.shape)


@elementwise("lgamma", "log Gamma to digamma, by its definition", f"{A_AND_S}, 6.3.1")
def _lgamma(x: Node) -> Node:
    return digamma(x)


@elementwise("digamma", "digamma to trigamma", f"{A_AND_S}, 6.4.1")
def _digamma(x: Node) -> Node:
    return trigamma(x)


@elementwise("trigamma", "each polygamma function to the next", f"{A_AND_S}, 6.4.1")
def _trigamma(x: Node) -> Node:
    return polygamma(2, x)


@elementwise("polygamma2", "each polygamma function to the next", f"{A_AND_S}, 6.4.1")
def _polygamma2(x: Node) -> Node:
    return polygamma(3, x)


@elementwise("log_bessel0", "I_0' = I_1, over I_0", f"{A_AND_S}, 9.6.27")
def _log_bessel0(x: Node) -> Node:
    return bessel_ratio(x)


@elementwise("bessel_ratio", "from I_1' = I_0 - I_1 / x and I_0' = I_1; x != 0", f"{A_AND_S}, 9.6.26-27")
def _bessel_ratio(x: Node) -> Node:
    return one - bessel_ratio(x) / x - bessel_ratio(x) ** 2


def slope_rule(function: str) -> Rule | None:
    """f'(x) as a rule, for every function there is; the polygamma functions of all orders share one."""
    if function in ELEMENTWISE:
        return ELEMENTWISE[function].rule
    order = polygamma_order(function)
    return None if order is None else lambda x: polygamma(order + 1, x)
