"""The nearest point of a box.

Each entry on its own: leave it if it lies between its bounds, and move it to the nearer bound if not.

The point `p` is nearest to `v` if v - p = u - l, where u >= 0 pushes against the upper bounds `hi`, and only where
`p` has reached them, and l >= 0 against the lower bounds `lo`.

Source: Parikh and Boyd, Proximal Algorithms (2014), sec. 6.2.4; Bertsekas, Nonlinear Programming (2nd ed., 1999),
prop. 2.1.3.
"""

from chainrule import (
    agrees,
    assume,
    at_least,
    at_most,
    by,
    claim,
    derive,
    dims,
    dot,
    equals,
    let,
    nonnegative,
    relu,
    scalar,
    sqnorm,
    vector,
)
from numerics import prox_box as by_hand

(n,) = dims("n")
x, v, p = vector("x", n), vector("v", n), vector("p", n)
lo, hi = vector("lo", n), vector("hi", n)
u, l = vector("u", n, nonnegative=True), vector("l", n, nonnegative=True)

pushed = assume(v, equals(p + u - l))
at_upper = assume(u * (hi - p), equals(0))
at_lower = assume(l * (p - lo), equals(0))
below_upper = assume(nonnegative(hi - x))
above_lower = assume(nonnegative(x - lo))
nearest = derive(
    sqnorm(x - v) / 2,
    equals(
        sqnorm(p - v) / 2 + sqnorm(x - p) / 2 + dot(u, hi - x) + dot(l, x - lo),
        by(pushed, at_upper, at_lower),
    ),
    at_least(sqnorm(p - v) / 2 + sqnorm(x - p) / 2, by(below_upper, above_lower)),
)
"""What makes p the nearest

For every `x` in the box.
"""

a, b, c = scalar("a"), scalar("b"), scalar("c")
clipped = let("C", b + relu(a - b) - relu(a - c))
order = assume(b, at_most(c))

inside_lower = assume(a, at_least(b))
inside_upper = assume(a, at_most(c))
inside = derive(
    clipped,
    equals(a, by(inside_lower, inside_upper)),
)
"""An entry a between its bounds b and c

Nothing pushes.
"""

too_large = assume(a, at_least(c))
above = claim(nonnegative(a - b), by(order, too_large))
"""It lies above the lower bound, too"""

to_upper = derive(
    clipped,
    equals(c, by(above, too_large)),
)
"""Above

It moves to `c`, pushed by a - c.
"""

too_small = assume(a, at_most(b))
below = claim(nonnegative(c - a), by(order, too_small))
"""It lies below the upper bound, too"""

to_lower = derive(
    clipped,
    equals(b, by(below, too_small)),
)
"""Below

It moves to `b`, pushed by b - a.
"""

w = vector("w", n, nonnegative=True)
prox_code = agrees(lo + relu(v - lo) - relu(v - (lo + w)), by_hand.nearest)
"""The upper bounds are lo + w with widths w >= 0."""
