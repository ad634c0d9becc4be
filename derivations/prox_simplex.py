"""The nearest probabilities.

To turn any numbers into the nearest probabilities: lower all of them by the same amount `tau` and cut off at 0, with
`tau` such that the rest sums to 1.

The point was found by `minimise`: the sum is paid for at a price `tau`, what is left is a matter of each entry on its
own, and the price is what the sum says it is.

Source: Held, Wolfe and Crowder (1974); Duchi, Shalev-Shwartz, Singer and Chandra (2008).
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
    dot,
    equals,
    minimise,
    nonnegative,
    positivity,
    relu,
    scalar,
    sqnorm,
    total,
    vector,
)
from numerics import prox_simplex as by_hand

(n,) = dims("n")
x, v = vector("x", n), vector("v", n)

projection = minimise(sqnorm(x - v) / 2, x, subject_to=(assume(nonnegative(x)), assume(total(x), equals(1))))

lowered = projection.stationary
"""What happens to each number

It is lowered by `tau`; what would be below 0 is cut off.
"""

kept = projection.feasible[0]
"""Nothing is left below 0"""

pushed, apart, at_any_price, each_falls, falls = projection.conditions
"""Cut off means 0

The cut pushes upwards only, and only where nothing is left. And a larger `tau` leaves less.
"""

t = scalar("t")
highest = assume(nonnegative(t - v))
nothing = derive(
    total(relu(v - t)),
    equals(0, by(highest)),
)
"""There is such a tau

If it is as large as the largest entry, nothing is left.
"""

e = vector("e", n, simplex=True)
low = dot(e, v) - 1
at_most_all = claim(nonnegative(1 - e), positivity)
enough = derive(
    total(relu(v - low)),
    equals(dot(e, v - low) + dot(e, relu(low - v)) + dot(1 - e, relu(v - low)), algebra),
    at_least(dot(e, v - low), by(at_most_all)),
    equals(1, algebra),
)
"""And one below any average

At least 1 is left. In between, what is left falls without a jump, and somewhere it is 1.
"""

nearest = projection.lowest
"""No other probabilities are nearer

They pay `tau` times what their sum is over 1, which is nothing.
"""

prox_code = agrees(projection.point, by_hand.cut_at)
