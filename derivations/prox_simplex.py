"""The nearest probabilities.

To turn any numbers into the nearest probabilities: lower all of them by the same amount `tau` and cut off at 0, with
`tau` such that the rest sums to 1.

Source: Held, Wolfe and Crowder (1974); Duchi, Shalev-Shwartz, Singer and Chandra (2008).
"""

from chainrule import (
    agrees,
    algebra,
    assume,
    at_least,
    by,
    derive,
    dims,
    dot,
    equals,
    let,
    relu,
    scalar,
    sqnorm,
    total,
    unfold,
    vector,
)
from numerics import prox_simplex as by_hand

(n,) = dims("n")
x = vector("x", n, simplex=True)  # any probabilities
v, tau = vector("v", n), scalar("tau")

p = let("p", relu(v - tau))
cut = let("c", relu(tau - v))
sums_to_one = assume(total(p), equals(1))

lowered = derive(
    p - v,
    equals(cut - tau, unfold(p, cut)),
)
"""What happens to each number

It is lowered by `tau`; what would be below 0 is cut off.
"""

apart = derive(
    cut * p,
    equals(0, unfold(p, cut)),
)
"""Cut off means 0"""

nearest = derive(
    sqnorm(x - v) / 2,
    equals(sqnorm(p - v) / 2 + sqnorm(x - p) / 2 + dot(p - v, x - p), algebra),
    equals(
        sqnorm(p - v) / 2 + sqnorm(x - p) / 2 + dot(cut, x) - total(cut * p) - tau * (total(x) - total(p)),
        by(lowered),
    ),
    equals(sqnorm(p - v) / 2 + sqnorm(x - p) / 2 + dot(cut, x), by(apart, sums_to_one)),
    at_least(sqnorm(p - v) / 2 + sqnorm(x - p) / 2),
)
"""No other probabilities are nearer"""

prox_code = agrees(p, by_hand.cut_at)
