"""The complex step.

Step into the imaginary direction, and the imaginary part is the derivative. Nothing is subtracted, so nothing is lost:
the step may be as small as one likes.

x + i h is the pair of x and h, and products of pairs are taken by (a + i b)(c + i d) = a c - b d + i (a d + b c). What
is left out is a multiple of h^2.

Source: Squire and Trapp, Using complex variables to estimate derivatives of real functions (1998); Martins, Sturdza and
Alonso, The complex-step derivative approximation (2003).
"""

from chainrule import (
    abs_,
    agrees,
    algebra,
    at_most,
    by,
    cited,
    derive,
    differentiate,
    equals,
    exp,
    grad,
    let,
    scalar,
    sin,
)
from numerics import complex_step as by_hand

x, h = scalar("x"), scalar("h", nonzero_entries=True)
a, b, c, d = (scalar(name) for name in ("a", "b", "c", "d"))

square = let("q", x**2 - h**2), let("r", 2 * x * h)  # (x + i h)^2, its real and its imaginary part
cube = let("s", square[0] * x - square[1] * h), let("t", square[0] * h + square[1] * x)
f = a * x**3 + b * x**2 + c * x + d

by_square = derive(square[1] / h, equals(2 * x, algebra), equals(grad(x**2, x), differentiate))
"""A square

Nothing is left out.
"""
by_cube = derive(
    cube[1] / h,
    equals(3 * x**2 - h**2, algebra),
    equals(grad(x**3, x) - h**2, differentiate),
)
"""A cube"""
by_polynomial = derive(
    (a * cube[1] + b * square[1] + c * h) / h,
    equals(grad(f, x) - a * h**2, differentiate),
)
"""A polynomial of degree 3

The error is h^2 times a sixth of the third derivative.
"""
third = derive(a * h**2, equals(grad(grad(grad(f, x), x), x) * h**2 / 6, differentiate))
"""which is this"""

of_sine = cited(
    abs_(sin(h) / h - 1),
    at_most(h**2 / 6),
    theorem="sin h lies between h - h^3/6 and h",
    source="Taylor's theorem; Rudin, Principles of Mathematical Analysis (3rd ed.), theorem 5.15",
)
by_exponential = derive(
    abs_(exp(x) * sin(h) / h - grad(exp(x), x)),
    equals(exp(x) * abs_(sin(h) / h - 1), differentiate),
    at_most(exp(x) * h**2 / 6, by(of_sine)),
)
"""An exponential

e^(x + i h) has the imaginary part e^x sin h.
"""

cube_code = agrees(by_cube.lines[0].expr, by_hand.of_a_cube)
polynomial_code = agrees(grad(f, x) - a * h**2, by_hand.of_a_polynomial)
