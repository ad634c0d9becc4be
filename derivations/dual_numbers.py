"""Dual numbers.

A number that carries its own rate of change: a + b e, with e^2 = 0. Compute with them as with any others, and the
derivative is there at the end, without a formula for it.

Each rule is the derivative of the operation at `a` + `b` h, h = 0. For a product the rest is shown too: it is what
e^2 = 0 drops.

Source: Clifford (1873); Griewank and Walther, Evaluating Derivatives (2nd ed., 2008), sec. 3.1.
"""

from chainrule import (
    agrees,
    algebra,
    cos,
    derive,
    differentiate,
    equals,
    exp,
    grad,
    log,
    scalar,
    sin,
    tanh,
)
from numerics import dual_numbers as by_hand

a, b, d, h = scalar("a"), scalar("b"), scalar("d"), scalar("h")
c = scalar("c", nonzero_entries=True)
k = scalar("k", positive=True)


def slope(f):
    """The derivative in h at 0."""
    return grad(f, h).at(h, 0)


total = derive(slope((a + b * h) + (c + d * h)), equals(b + d, differentiate))
"""A sum

(a + b e) + (c + d e) = a + c + (b + d) e.
"""
product = derive(slope((a + b * h) * (c + d * h)), equals(b * c + a * d, differentiate))
"""A product

(a + b e)(c + d e) = a c + (b c + a d) e: the product rule.
"""
dropped = derive((a + b * h) * (c + d * h), equals(a * c + (b * c + a * d) * h + b * d * h**2, algebra))
"""What e^2 = 0 drops"""
quotient = derive(slope((a + b * h) / (c + d * h)), equals((b * c - a * d) / c**2, differentiate))
"""A quotient

where c is not 0.
"""
square = derive(slope((a + b * h) ** 2), equals(2 * a * b, differentiate))
"""A square"""
exponential = derive(slope(exp(a + b * h)), equals(exp(a) * b, differentiate))
"""exp"""
sine = derive(slope(sin(a + b * h)), equals(cos(a) * b, differentiate))
"""sin"""
tangent = derive(slope(tanh(a + b * h)), equals((1 - tanh(a) ** 2) * b, differentiate))
"""tanh"""
logarithm = derive(slope(log(k + b * h)), equals(b / k, differentiate))
"""log"""

polynomial = derive(
    slope((a + b * h) ** 3 - 2 * (a + b * h)),
    equals((3 * a**2 - 2) * b, differentiate),
)
"""A program

x^3 - 2x on `a` + `b` e is f(a) + f'(a) b e, put together from the rules above.
"""

product_code = agrees(product.last, by_hand.product)
quotient_code = agrees(quotient.last, by_hand.quotient)
tangent_code = agrees(tangent.last, by_hand.tangent)
polynomial_code = agrees(polynomial.last, by_hand.polynomial)
