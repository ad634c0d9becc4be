"""Soft thresholding.

To stay near `v` and pay `lam` for every unit of size: move each entry towards 0 by `lam`, and let it rest there.

The point `p` is optimal if what it gave up, v - p, is `lam` times a subgradient `s` of the absolute values at `p`:
entries between -1 and 1 that are the sign of `p` where `p` is not 0. Then every other point costs at least half its
squared distance more.

Source: Donoho and Johnstone (1994); Parikh and Boyd, Proximal Algorithms (2014), sec. 6.5.2.
"""

from chainrule import (
    abs_,
    agrees,
    algebra,
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
    total,
    unfold,
    vector,
)
from numerics import soft_threshold as by_hand

(n,) = dims("n")
x, v, p, s = vector("x", n), vector("v", n), vector("p", n), vector("s", n)
lam = scalar("lam", nonnegative=True)

objective = sqnorm(x - v) / 2 + lam * total(abs_(x))

given_up = assume(v, equals(p + lam * s))
upper = assume(nonnegative(1 - s))
lower = assume(nonnegative(1 + s))
touching = assume(s * p, equals(abs_(p)))
optimal = derive(
    objective,
    equals(objective.at(x, p) + sqnorm(x - p) / 2 + lam * (total(abs_(x)) - dot(s, x)), by(given_up, touching)),
    equals(
        objective.at(x, p) + sqnorm(x - p) / 2 + lam * total((1 - s) * relu(x) + (1 + s) * relu(-x)),
        algebra,
    ),
    at_least(objective.at(x, p) + sqnorm(x - p) / 2, by(upper, lower)),
)
"""What makes p optimal"""

a = scalar("a")
soft = let("S", relu(a - lam) - relu(-a - lam))

above = assume(a, at_least(lam))
also_above = claim(nonnegative(a + lam), above)
"""The sum is not negative either"""

large = derive(
    soft,
    equals(a - lam, by(above, also_above)),
    at_least(0, by(above)),
)
"""A large entry

It moves down by `lam`, s = 1, and stays on its side of 0.
"""

below = assume(a, at_most(-lam))
also_below = claim(nonnegative(lam - a), below)
"""The difference is not negative either"""

very_negative = derive(
    soft,
    equals(a + lam, by(below, also_below)),
    at_most(0, by(below)),
)
"""A very negative entry

It moves up by `lam`, s = -1, and stays on its side of 0.
"""

not_above = assume(nonnegative(lam - a))
not_below = assume(nonnegative(lam + a))
small = derive(
    soft,
    equals(0, by(not_above, not_below)),
)
"""A small entry

It rests at 0, and s = a / lam lies between -1 and 1. One of the three cases holds of every entry.
"""

clipped = let("C", relu(a + lam) - relu(a - lam) - lam)
parts = derive(
    soft + clipped,
    equals((a + lam) - lam, unfold(soft, clipped)),
    equals(a, algebra),
)
"""What is kept and what is given up

Together they are the entry: a itself, clipped to lie between -`lam` and `lam`, is what is given up.
"""

objective_code = agrees(objective, by_hand.objective)
soft_code = agrees(relu(v - lam) - relu(-v - lam), by_hand.soft_threshold)
"""The signs of the hand-written code, and two kinks here."""
