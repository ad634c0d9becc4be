"""Majorise, then minimise.

To go down on a hard function, take an easy one that lies above it and touches it here, and go to its lowest point.

The function is f, the easy one m: `f_new` and `m_new` are their values at the next point, `f_old` and `m_old` at this
one.

Source: Ortega and Rheinboldt (1970); Hunter and Lange (2004); Lange, MM Optimization Algorithms (2016), ch. 1.
"""

from chainrule import (
    I,
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
    matrix,
    positive_semidefinite,
    scalar,
    sqnorm,
    total,
    vector,
)
from numerics import majorise_minimise as by_hand

f_new, f_old = scalar("f_new"), scalar("f_old")
m_new, m_old = scalar("m_new"), scalar("m_old")

above = assume(f_new, at_most(m_new))
lower = assume(m_new, at_most(m_old))
touching = assume(m_old, equals(f_old))
monotone = derive(
    f_new,
    at_most(m_new, by(above)),
    at_most(m_old, by(lower)),
    equals(f_old, by(touching)),
)
"""It never goes up

Nothing is asked of the next point but that m is no larger there: its lowest point will do, and so will any lower one.
"""

(n,) = dims("n")
x, c = vector("x", n), vector("c", n, positive=True)
absolute = derive(
    total(x**2 / (2 * c) + c / 2),
    equals(total(abs_(x)) + total((abs_(x) - c) ** 2 / (2 * c)), algebra),
    at_least(total(abs_(x))),
)
"""A parabola above the absolute values

It touches where |x| = c, and so turns a sum of absolute values into a weighted least squares problem, again and again.
"""

y, g, H = vector("y", n), vector("g", n), matrix("H", n, n, symmetric=True)
L = scalar("L", positive=True)
steepest = assume(positive_semidefinite(L * I(n) - H))
gradient_descent = derive(
    dot(g, y - x) + (y - x).T @ H @ (y - x) / 2,
    equals(dot(g, y - x) + L / 2 * sqnorm(y - x) - (y - x).T @ (L * I(n) - H) @ (y - x) / 2, algebra),
    at_most(dot(g, y - x) + L / 2 * sqnorm(y - x), by(steepest)),
    equals(L / 2 * sqnorm(y - (x - g / L)) - sqnorm(g) / (2 * L), algebra),
)
"""A round parabola above a quadratic function

Its lowest point is one step of gradient descent.
"""

majoriser_code = agrees(absolute.first, by_hand.absolute_majoriser)
