"""Moreau's decomposition.

What a proximal step keeps of `v` and what it gives up are two proximal steps: one for f, one for its conjugate. For a
subspace this is the splitting of `v` into its projection and the rest.

`p` is the proximal step of f at `v` when v - p is a subgradient of f at `p`; f is convex with a closed epigraph. Only
the values at the points in question are named: `f_p` and `f_x` for f, `c_u` and `c_w` for its conjugate, the largest
amount by which a line of slope `u` or `w` through 0 exceeds f.

Source: Moreau (1965); Rockafellar, Convex Analysis (1970), theorem 31.5; Parikh and Boyd, Proximal Algorithms (2014),
sec. 2.5.
"""

from chainrule import (
    agrees,
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
    unfold,
    vector,
)
from numerics import moreau as by_hand

(n,) = dims("n")
x, v, p, w = vector("x", n), vector("v", n), vector("p", n), vector("w", n)
f_x, f_p = scalar("f_x"), scalar("f_p")
u = let("u", v - p)

touches = assume(f_x, at_least(f_p + dot(u, x - p)))
kept = derive(
    sqnorm(x - v) / 2 + f_x,
    at_least(sqnorm(x - v) / 2 + f_p + dot(u, x - p), by(touches)),
    equals(sqnorm(p - v) / 2 + f_p + sqnorm(x - p) / 2, unfold(u)),
)
"""What is kept

If what is given up, u = v - p, is a subgradient of f at `p`, then every other point costs at least half its squared
distance more.
"""

c_u, c_w = scalar("c_u"), scalar("c_w")
attained = assume(c_u, equals(dot(u, p) - f_p))
conjugate = assume(c_w, at_least(dot(w, p) - f_p))
touches_too = derive(
    c_w,
    at_least(dot(w, p) - f_p, by(conjugate)),
    equals(c_u + dot(p, w - u), by(attained)),
)
"""And p is a subgradient of the conjugate at u

The conjugate at `u` is attained at `p`, just because the line of slope `u` exceeds f nowhere more than at `p`; at any
other `w` it is at least what `p` gives.
"""

given_up = derive(
    sqnorm(w - v) / 2 + c_w,
    at_least(sqnorm(w - v) / 2 + c_u + dot(p, w - u), touches_too),
    equals(sqnorm(u - v) / 2 + c_u + sqnorm(w - u) / 2, unfold(u)),
)
"""So what is given up is the proximal step of the conjugate

And v = p + u.
"""

lam = scalar("lam", nonnegative=True)
soft = let("S", relu(v - lam) - relu(-v - lam))
clipped = let("C", relu(v + lam) - relu(v - lam) - lam)
absolute_values = derive(
    soft + clipped,
    equals(relu(v + lam) - relu(-(v + lam)) - lam, unfold(soft, clipped)),
    equals(v),
)
"""For absolute values

Soft thresholding and clipping: the conjugate of `lam` times the sum of absolute values is 0 on the box, and infinite
outside.
"""

soft_code = agrees(soft, by_hand.soft_threshold)
clipped_code = agrees(clipped, by_hand.clip)
