"""The proximal step of the elastic net.

Two prices, one on the size of the entries and one on their squares: threshold softly, then shrink.

Source: Zou and Hastie (2005); Parikh and Boyd, Proximal Algorithms (2014), sec. 6.5.3.
"""

from chainrule import (
    abs_,
    agrees,
    algebra,
    assume,
    at_least,
    by,
    derive,
    dims,
    equals,
    nonnegative,
    relu,
    scalar,
    sqnorm,
    total,
    vector,
)
from numerics import prox_elastic_net as by_hand

(n,) = dims("n")
x, v, p, s = vector("x", n), vector("v", n), vector("p", n), vector("s", n)
lam, mu = scalar("lam", nonnegative=True), scalar("mu", nonnegative=True)

objective = sqnorm(x - v) / 2 + lam * total(abs_(x)) + mu / 2 * sqnorm(x)

one_square = derive(
    objective,
    equals(
        (1 + mu) * (sqnorm(x - v / (1 + mu)) / 2 + lam / (1 + mu) * total(abs_(x))) + mu / (2 * (1 + mu)) * sqnorm(v),
        algebra,
    ),
)
"""The two squares are one

So it is soft thresholding of v / (1 + mu) by lam / (1 + mu).
"""

given_up = assume(v, equals((1 + mu) * p + lam * s))
upper = assume(nonnegative(1 - s))
lower = assume(nonnegative(1 + s))
touching = assume(s * p, equals(abs_(p)))
optimal = derive(
    objective,
    equals(
        objective.at(x, p) + (1 + mu) / 2 * sqnorm(x - p) + lam * total((1 - s) * relu(x) + (1 + s) * relu(-x)),
        by(given_up, touching),
    ),
    at_least(objective.at(x, p) + (1 + mu) / 2 * sqnorm(x - p), by(upper, lower)),
)
"""What makes p optimal

The entries of `s` lie between -1 and 1 and are the signs of `p`; every other point costs more than with `lam` alone.
"""

objective_code = agrees(objective, by_hand.objective)
prox_code = agrees((relu(v - lam) - relu(-v - lam)) / (1 + mu), by_hand.prox)
