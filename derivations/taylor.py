"""Taylor's formula with a bound on what it leaves out.

Near a point a smooth function is a line plus a little; how little is decided by how fast its gradient can turn. With a
gradient that is L-Lipschitz the line is off by no more than L/2 times the squared distance.

Write g for the gradient at x, and u for how much it has turned at x + t h; f is L-smooth where |u| is at most L t
|h|. The
mean value theorem, for f(x + t h) - t g'h - L/2 t^2 |h|^2 as a function of t, gives one such t between 0 and 1; with
the
other sign of L it gives another.

Source: Nesterov, Introductory Lectures on Convex Optimization (2004), lemma 1.2.3; Rudin, Principles of Mathematical
Analysis (3rd ed., 1976), theorem 5.10.
"""

from chainrule import (
    agrees,
    algebra,
    assume,
    at_least,
    at_most,
    by,
    cited,
    derive,
    differentiate,
    dims,
    dot,
    equals,
    grad,
    norm,
    scalar,
    sqnorm,
    vector,
)
from numerics import taylor as by_hand

(n,) = dims("n")
f = scalar("f_x")  # the value at x
moved = scalar("f_xh")  # the value at x + h
g, h, u = vector("g", n), vector("h", n), vector("u", n)
t = scalar("t", positive=True)
L = scalar("L", nonnegative=True)
MEAN_VALUE = {
    "theorem": "mean value theorem",
    "source": "Rudin, Principles of Mathematical Analysis (3rd ed., 1976), theorem 5.10",
}

lagrange = derive(
    dot(u, h) ** 2,
    equals(sqnorm(u) * sqnorm(h) - sqnorm(u @ h.T - h @ u.T) / 2, algebra),
    at_most(sqnorm(u) * sqnorm(h)),
)
"""Lagrange's identity"""

smooth = assume(norm(u), at_most(L * t * norm(h)))
turned = derive(
    dot(u, h),
    at_most(norm(u) * norm(h), by(lagrange)),
    at_most(L * t * sqnorm(h), by(smooth)),
)
"""What the turn of the gradient can add

First the Cauchy-Schwarz inequality, then that f is L-smooth.
"""

above = cited(moved, equals(f + dot(g, h) + L / 2 * sqnorm(h) + dot(u, h) - L * t * sqnorm(h)), **MEAN_VALUE)
from_above = derive(
    moved,
    equals(f + dot(g, h) + L / 2 * sqnorm(h) + dot(u, h) - L * t * sqnorm(h), above),
    at_most(f + dot(g, h) + L / 2 * sqnorm(h), turned),
)
"""Never above this parabola"""

turned_below = derive(
    -dot(u, h),
    at_most(norm(u) * norm(h), by(lagrange)),
    at_most(L * t * sqnorm(h), by(smooth)),
)
"""And what it can take away"""

below = cited(moved, equals(f + dot(g, h) - L / 2 * sqnorm(h) + dot(u, h) + L * t * sqnorm(h)), **MEAN_VALUE)
from_below = derive(
    moved,
    equals(f + dot(g, h) - L / 2 * sqnorm(h) + dot(u, h) + L * t * sqnorm(h), below),
    at_least(f + dot(g, h) - L / 2 * sqnorm(h), turned_below),
)
"""Never below this one

The two together: the line is off by L/2 |h|^2 at most.
"""

x = vector("x", n)
q = L / 2 * sqnorm(x)
attained = derive(
    q.at(x, x + h),
    equals(q + L * dot(x, h) + L / 2 * sqnorm(h), algebra),
    equals(q + dot(grad(q, x), h) + L / 2 * sqnorm(h), differentiate),
)
"""It cannot be better

The parabola L/2 |x|^2 is off by just as much, at every step.
"""

upper_code = agrees(from_above.last, by_hand.upper, f="f_x")
lower_code = agrees(from_below.last, by_hand.lower, f="f_x")
