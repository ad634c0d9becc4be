"""One hidden layer comes as near as one likes.

Take the values of a function at equally spaced points and join them by straight lines: that is a network with one
hidden layer, one unit a point, and it misses a function that changes by at most K times the distance by K h/2 at most.

Between two knots `x` is at the part `s` of the way, and r = 1 - s is left of it; h is the distance of the knots; f_a,
f_b and f_x are the values of the function at the knots and at `x`. That the function changes by at most K times the
distance is used from `x` to both knots.

Source: Cybenko (1989) and Hornik (1991) for the theorem in many dimensions, which is not shown here; DeVore and
Lorentz, Constructive Approximation (1993), sec. 2.6 for lines.
"""

from chainrule import (
    agrees,
    algebra,
    assume,
    at_least,
    at_most,
    by,
    derive,
    equals,
    let,
    positivity,
    relu,
    scalar,
)
from numerics import relu_networks as by_hand

r, s = scalar("r", nonnegative=True), scalar("s", nonnegative=True)
K, h = scalar("K", nonnegative=True), scalar("h", positive=True)
f_a, f_b, f_x = scalar("f_a"), scalar("f_b"), scalar("f_x")
line = let("g", r * f_a + s * f_b)
parts = assume(r, equals(1 - s))

from_a = assume(f_a - f_x, at_most(K * s * h))
from_b = assume(f_b - f_x, at_most(K * r * h))
not_above = derive(
    line - f_x,
    equals(r * (f_a - f_x) + s * (f_b - f_x), by(parts)),
    at_most(r * (K * s * h) + s * (K * r * h), by(from_a, from_b)),
    equals(K * h / 2 - K * h * (r - s) ** 2 / 2, by(parts)),
    at_most(K * h / 2, positivity),
)
"""The line is not far above"""
below_a = assume(f_a - f_x, at_least(-K * s * h))
below_b = assume(f_b - f_x, at_least(-K * r * h))
not_below = derive(
    line - f_x,
    equals(r * (f_a - f_x) + s * (f_b - f_x), by(parts)),
    at_least(-r * (K * s * h) - s * (K * r * h), by(below_a, below_b)),
    equals(-K * h / 2 + K * h * (r - s) ** 2 / 2, by(parts)),
    at_least(-K * h / 2, positivity),
)
"""and not far below

Of `m` units on an interval of length 1 it misses by K/(2 m) at most.
"""

p, q = scalar("p"), scalar("q")
u, v, w = scalar("u", positive=True), scalar("v", positive=True), scalar("w", positive=True)
first = derive(
    f_a + p * relu(u) + q * relu(-v),
    equals(f_a + p * u, algebra),
)
"""One unit a knot

`u` beyond a knot and v before the next, the network is on the line through the first with the slope p;
"""
second = derive(
    f_a + p * relu(u + w) + (q - p) * relu(w),
    equals((f_a + p * u) + q * w, algebra),
)
"""w beyond the next, which is `u` from the first, it goes on from there with the slope q

The unit at a knot changes the slope there, and does nothing before it.
"""

line_code = agrees(line, by_hand.line)
