"""The proximal step of the largest entry.

To stay near `v` and pay `lam` for the largest entry: cut every entry at one level `theta`, chosen so that what is cut
off has the total size `lam`.

Source: Parikh and Boyd, Proximal Algorithms (2014), sec. 6.5.2; Duchi et al. (2008).
"""

from chainrule import (
    abs_,
    agrees,
    algebra,
    assume,
    at_least,
    at_most,
    by,
    derive,
    dims,
    dot,
    equals,
    nonnegative,
    relu,
    scalar,
    sqnorm,
    total,
    vector,
)
from numerics import prox_max_norm as by_hand

(n,) = dims("n")
x, v, p, u = vector("x", n), vector("v", n), vector("p", n), vector("u", n)
lam, theta = scalar("lam", nonnegative=True), scalar("theta", nonnegative=True)
m = scalar("m", nonnegative=True)  # at least as large as every entry of x

below = assume(nonnegative(m - x))
above = assume(nonnegative(m + x))
cut = assume(v, equals(p + u))
spent = assume(total(abs_(u)), at_most(lam))
at_the_level = assume(dot(u, p), equals(lam * theta))

dual = derive(
    lam * m - dot(u, x),
    equals((lam - total(abs_(u))) * m + dot(relu(u), m - x) + dot(relu(-u), m + x), algebra),
    at_least(0, by(spent, below, above)),
)
"""What is cut off

Against sizes of at most `m`, it weighs no more than `lam` times `m`.
"""

optimal = derive(
    sqnorm(x - v) / 2 + lam * m,
    at_least(sqnorm(x - v) / 2 + dot(u, x), dual),
    equals(sqnorm(p - v) / 2 + lam * theta + sqnorm(x - p) / 2, by(cut, at_the_level)),
)
"""What makes p optimal

Its largest entry is `theta`. Where `u` is not 0, `p` has the size `theta` and the sign of `u`: so their inner product
is `lam` times `theta`, if all of `lam` is spent; and if `lam` is more than the total size of `v`, then u = v, and `p`
and `theta` are 0.
"""

prox_code = agrees(v - (relu(v - theta) - relu(-v - theta)), by_hand.cut_at)
