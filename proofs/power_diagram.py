"""The power diagram.

Give each centre a weight, and each point to the centre whose squared distance, less the weight, is least. The cells are
still convex with flat walls; but a centre can lose the place where it stands.

Linear discriminant analysis with unequal proportions draws this diagram, in coordinates in which the common covariance
is the identity, with the weights 2 log pi_k. With equal proportions it is Voronoi's.

Source: Aurenhammer, Power diagrams: properties, algorithms and applications, SIAM J. Comput. 16 (1987), 78-96.
"""

from chainrule import (
    Gaussian,
    Sum,
    agrees,
    algebra,
    assume,
    at_most,
    by,
    derive,
    dims,
    dot,
    each,
    equals,
    index,
    let,
    log,
    matrix,
    more_than,
    over,
    scalar,
    sqnorm,
    vector,
)
from numerics import power_diagram as by_hand

n, K, d = dims("n K d")
x = vector("x", d)
a, b = vector("a", d), vector("b", d)  # two centres
u, v = scalar("u"), scalar("v")  # and their weights

wall = derive(
    (sqnorm(x - b) - v) - (sqnorm(x - a) - u),
    equals(2 * dot(a - b, x) + (sqnorm(b) - v) - (sqnorm(a) - u), algebra),
)
"""A wall is flat

The squares of x cancel: what one centre gains against another is linear in x. So a cell is an intersection of
half-spaces.
"""
apart = assume(sqnorm(a - b), more_than(0))
t = let("t", (sqnorm(a - b) + u - v) / (2 * sqnorm(a - b)))
where = derive(
    sqnorm(a + t * (b - a) - a) - u,
    equals(sqnorm(a + t * (b - a) - b) - v, by(apart)),
    given=apart,
)
"""Where it stands

It meets the line from a to b in the middle, moved towards b by the gain in weight of a.
"""
heavy = assume(v - u, more_than(sqnorm(a - b)))
lost = derive(
    sqnorm(a - a) - u,
    equals(-u, algebra),
    more_than(sqnorm(a - b) - v, by(heavy)),
)
"""A centre outside of its cell

Where the weights differ by more than the squared distance of the centres, one centre lies in the cell of the other.
"""

X = matrix("X", n, d)  # points in the cell of a
p = vector("p", n, simplex=True)
i = index("i", n)
inside = assume(sqnorm(X[i] - a) - u, at_most(sqnorm(X[i] - b) - v))
mean = let("m", Sum(p[l] * X[l] for l in over(n)))
convex_cell = derive(
    sqnorm(mean - a) - u,
    equals(
        sqnorm(mean - b) - v + Sum(p[l] * ((sqnorm(X[l] - a) - u) - (sqnorm(X[l] - b) - v)) for l in over(n)), algebra
    ),
    at_most(sqnorm(mean - b) - v, by(inside)),
)
"""A cell is convex

Whatever is mixed from points of a cell lies in the cell.
"""

L = matrix("L", d, d, invertible=True)
y, m0, m1 = vector("y", d), vector("mu0", d), vector("mu1", d)
pi0, pi1 = scalar("pi0", positive=True), scalar("pi1", positive=True)
joint0 = log(pi0) + Gaussian(m0, L @ L.T).log_density(y)
joint1 = log(pi1) + Gaussian(m1, L @ L.T).log_density(y)
discriminant = derive(
    joint1 - joint0,
    equals(
        ((sqnorm(L.I @ y - L.I @ m0) - 2 * log(pi0)) - (sqnorm(L.I @ y - L.I @ m1) - 2 * log(pi1))) / 2,
        algebra,
    ),
)
"""Linear discriminant analysis is a power diagram

With the common covariance LL' the more probable class is the one of less power, in the coordinates L^-1 y and with the
weights 2 log pi_k.
"""

c, w = matrix("c", K, d), vector("w", K)
powers = let("pow", each(sqnorm(x - c[k]) - w[k] for k in over(K)))
powers_code = agrees(powers, by_hand.powers, v="w")
