"""The proximal step of Huber's loss.

Huber's loss is a square near 0 and goes on as a straight line beyond `delta`, so that a few wild errors do not
decide.

It is written as the square less what it would grow too much: x^2 / 2 - relu(x - delta)^2 / 2 - relu(-x - delta)^2 / 2.

Source: Huber (1964); Beck, First-Order Methods in Optimization (2017), example 6.54.
"""

from chainrule import (
    agrees,
    algebra,
    assume,
    at_least,
    by,
    claim,
    derive,
    dims,
    equals,
    minimise,
    nonnegative,
    relu,
    scalar,
    sqnorm,
    total,
    vector,
)
from numerics import prox_huber as by_hand

x, v, p, s = scalar("x"), scalar("v"), scalar("p"), scalar("s")
delta = scalar("delta", positive=True)
lam = scalar("lam", nonnegative=True)

huber = x**2 / 2 - relu(x - delta) ** 2 / 2 - relu(-x - delta) ** 2 / 2

not_steeper = assume(nonnegative(delta - s))
nor_down = assume(nonnegative(delta + s))
over, under = relu(x - delta), relu(-x - delta)
tangents = derive(
    huber - (s * x - s**2 / 2),
    equals((x - over + under - s) ** 2 / 2 + (delta - s) * over + (delta + s) * under + over * under, algebra),
    at_least(0, by(not_steeper, nor_down)),
)
"""The loss lies above its tangents

Their slopes `s` lie between -`delta` and `delta`.
"""

small_upper = assume(nonnegative(delta - x))
small_lower = assume(nonnegative(delta + x))
square = derive(
    huber,
    equals(x * x - x**2 / 2, by(small_upper, small_lower)),
)
"""It touches them near 0

There s = x: the loss is half the square.
"""

large = assume(x, at_least(delta))
also = claim(nonnegative(x + delta), large)
"""Beyond the other corner, too"""

line = derive(
    huber,
    equals(delta * x - delta**2 / 2, by(large, also)),
)
"""And beyond delta

There s = delta: the loss is a line. Below -`delta` it is the same, turned round.
"""

objective = (x - v) ** 2 / 2 + lam * huber
step = assume(v, equals(p + lam * s))
touches = assume(huber.at(x, p), equals(s * p - s**2 / 2))
optimal = derive(
    objective,
    at_least((x - v) ** 2 / 2 + lam * (s * x - s**2 / 2), tangents),
    equals((p - v) ** 2 / 2 + lam * (s * p - s**2 / 2) + (x - p) ** 2 / 2, by(step)),
    equals(objective.at(x, p) + (x - p) ** 2 / 2, by(touches)),
)
"""What makes p optimal

If `p` moved from `v` by `lam` times the slope `s` at `p`. So a small `v` is divided by 1 + `lam`, and a large one
moves by `lam` times `delta`.
"""

(n,) = dims("n")
r = vector("r", n)
loss_code = agrees(total(r**2 - relu(r - delta) ** 2 - relu(-r - delta) ** 2) / 2, by_hand.loss)
w, z = vector("w", n), vector("z", n)
step_of_all = minimise(sqnorm(z - w) / 2 + lam * total(z**2 - relu(z - delta) ** 2 - relu(-z - delta) ** 2) / 2, z)
slope_of_all = step_of_all.stationary
"""Every entry at once

The gradient is a rising line with two corners. It is turned round piece by piece, and the pieces are joined: this
point was found by `minimise`. It moved by a slope of the price,
"""
lowest = step_of_all.lowest
"""and nothing is lower."""
prox_code = agrees(step_of_all.point, by_hand.prox, v="w")
