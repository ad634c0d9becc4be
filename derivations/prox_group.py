"""The proximal step of a norm.

To stay near `v` and pay `lam` for the length: keep the direction and shorten the vector by `lam`, to nothing if it is
shorter than that. This is how the group lasso drops whole groups of weights.

Source: Yuan and Lin (2006); Parikh and Boyd, Proximal Algorithms (2014), sec. 6.5.1.
"""

from chainrule import (
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
    minimise,
    more_than,
    norm,
    positive,
    scalar,
    sqnorm,
    vector,
    zeros,
)
from numerics import prox_group as by_hand

(n,) = dims("n")
x, v = vector("x", n), vector("v", n)
lam = scalar("lam", positive=True)

objective = sqnorm(x - v) / 2 + lam * norm(x)

lagrange = derive(
    dot(v, x) ** 2,
    equals(sqnorm(v) * sqnorm(x) - sqnorm(v @ x.T - x @ v.T) / 2, algebra),
    at_most(sqnorm(v) * sqnorm(x)),
)
"""Lagrange's identity"""

cauchy_schwarz = derive(
    dot(v, x),
    at_most(norm(v) * norm(x), by(lagrange)),
)
"""So an inner product is at most the product of the lengths"""

short = assume(norm(v), at_most(lam))
to_nothing = derive(
    objective,
    equals(sqnorm(v) / 2 + sqnorm(x) / 2 - dot(v, x) + lam * norm(x), algebra),
    at_least(sqnorm(v) / 2 + sqnorm(x) / 2 - norm(v) * norm(x) + lam * norm(x), by(cauchy_schwarz)),
    at_least(objective.at(x, zeros(n)) + sqnorm(x) / 2, by(short)),
)
"""A short vector

Its length is at most `lam`: nothing is better than 0.
"""

long = assume(norm(v), more_than(lam))
nonzero = claim(positive(norm(v)), long)
"""A vector longer than the price is not 0"""

p = let("p", (1 - lam / norm(v)) * v)
squared = derive(
    sqnorm(p),
    equals((norm(v) - lam) ** 2, by(nonzero)),
)
"""The square of what is left"""

length = derive(
    norm(p),
    at_most(norm(v) - lam, by(squared, long, nonzero)),
)
"""So its length has lost the price"""

shortened = derive(
    objective,
    equals(
        sqnorm(p - v) / 2 + sqnorm(x - p) / 2 + lam * norm(x) - lam / norm(v) * dot(v, x) + lam * (norm(v) - lam),
        by(nonzero),
    ),
    at_least(sqnorm(p - v) / 2 + sqnorm(x - p) / 2 + lam * (norm(v) - lam), by(cauchy_schwarz, nonzero)),
    at_least(sqnorm(p - v) / 2 + sqnorm(x - p) / 2 + lam * norm(p), by(length, nonzero)),
    equals(objective.at(x, p) + sqnorm(x - p) / 2, by(nonzero)),
)
"""A long vector

It is shortened by `lam`: every other point costs at least half its squared distance more.
"""

objective_code = agrees(objective, by_hand.objective)

shortening = minimise(objective, x)
price = shortening.stationary
"""Both cases in one formula

What is divided by is the larger of the length and the price, so that it holds of `v` = 0 as well. This formula was
found by `minimise`. What is given up for it is v itself, no longer than `lam`,
"""
lowest = shortening.lowest
"""and nothing is lower."""
prox_code = agrees(shortening.point, by_hand.prox)
