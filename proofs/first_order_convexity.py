"""First-order convexity.

A bowl lies above each of its tangents, and a function that lies above each of its tangents is a bowl.

The function is any function: only its values at the points in question are named. So `x` and `y` are any two points,
`g` is the gradient at `x`, and `z` lies between them.

Source: Boyd and Vandenberghe, Convex Optimization (2004), sec. 3.1.3; Rockafellar, Convex Analysis (1970), sec. 25.
"""

from chainrule import (
    agrees,
    algebra,
    assume,
    at_least,
    at_most,
    by,
    derive,
    differentiate,
    dims,
    dot,
    equals,
    grad,
    let,
    matrix,
    nonnegative,
    positivity,
    scalar,
    sqnorm,
    unfold,
    vector,
)
from numerics import first_order_convexity as by_hand

n, p = dims("n p")
x, y, g = vector("x", n), vector("y", n), vector("g", n)
f_x, f_y, f_z = scalar("f_x"), scalar("f_y"), scalar("f_z")
t = scalar("t", nonnegative=True)

between = assume(nonnegative(1 - t))
z = let("z", (1 - t) * x + t * y)
above_x = assume(f_x, at_least(f_z + dot(g, x - z)))
above_y = assume(f_y, at_least(f_z + dot(g, y - z)))
tangents_give_chords = derive(
    (1 - t) * f_x + t * f_y,
    at_least((1 - t) * (f_z + dot(g, x - z)) + t * (f_z + dot(g, y - z)), by(between, above_x, above_y)),
    equals(f_z, unfold(z)),
)
"""Above its tangents, so below its chords

Take the tangent at the point `z` between `x` and `y`; its slopes towards the two cancel.
"""

h = scalar("h", positive=True)
f_h = scalar("f_h")
eps = scalar("eps", positive=True)
chord = assume(f_h, at_most((1 - h) * f_x + h * f_y))
slope = assume(f_h, at_least(f_x + h * (dot(g, y - x) - eps)))
chords_give_tangents = derive(
    f_y + eps,
    at_least(f_x + (f_h - f_x) / h + eps, by(chord)),
    at_least(f_x + dot(g, y - x), by(slope)),
)
"""Below its chords, so above its tangents

The point at a share `h` of the way from `x` to `y` lies below the chord; and that `g` is the gradient at `x` means
that, however small `eps` is, some `h` makes the tangent wrong by no more than `h` times `eps`. So the value at `y` is
at least that of the tangent less `eps`, for every `eps` > 0.
"""

g_y = vector("g_y", n)
tangent_at_x = assume(f_y, at_least(f_x + dot(g, y - x)))
tangent_at_y = assume(f_x, at_least(f_y + dot(g_y, x - y)))
monotone = derive(
    dot(g_y - g, y - x),
    at_least(0, by(tangent_at_x, tangent_at_y)),
)
"""The gradient never turns back

Add the two tangents: along any line the slope only grows.
"""

flat = assume(g, equals(0))
flat_is_least = derive(
    f_y,
    at_least(f_x, by(tangent_at_x, flat)),
)
"""Where the gradient vanishes, nothing lies lower"""

X, b = matrix("X", p, n), vector("b", p)
f = sqnorm(X @ x - b)
gap = derive(
    f.at(x, y) - f - dot(grad(f, x), y - x),
    equals(f.at(x, y) - f - 2 * dot(X.T @ (X @ x - b), y - x), differentiate),
    equals(sqnorm(X @ (y - x)), algebra),
    at_least(0, positivity),
)
"""For least squares

How far the bowl lies above its tangent is a square.
"""

gap_code = agrees(gap.first, by_hand.tangent_gap)
