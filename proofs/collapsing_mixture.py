"""A mixture of Gaussians has no best fit.

Let one component sit on one point and shrink: the likelihood of that point grows without bound, and the other
component keeps that of all others from falling. So a fit that goes on for long enough is either at a local maximum, or
on its way to a point.

The points are x_0 and x_1, ..., x_N. One component has its mean at x_0 and the variance s; the other a mean m and a
variance v. More components, or more dimensions, only add to the bound.

Source: Day (1969); Kiefer and Wolfowitz (1956); Bishop, PRML, sec. 9.2.1.
"""

from chainrule import (
    Normal,
    Sum,
    agrees,
    algebra,
    at_least,
    at_most,
    by,
    cited,
    derive,
    dims,
    each,
    equals,
    exp,
    index,
    let,
    log,
    over,
    scalar,
    total,
    vector,
)
from chainrule import pi as circle
from numerics import collapsing_mixture as by_hand

(N,) = dims("N")
i = index("i", N)
x_0 = scalar("x_0")  # the point that is sat on
x = vector("x", N)  # all others
m = scalar("m")
s, v = scalar("s", positive=True), scalar("v", positive=True)
p, q = scalar("p", positive=True), scalar("q", positive=True)  # the weights of the components


def joint(weight, mean, variance, x):
    """log of weight times density."""
    return log(weight) + Normal(mean, variance).log_density(x)


a_0, b_0 = let("a_0", joint(p, x_0, s, x_0)), let("b_0", joint(q, m, v, x_0))
a = let("a", each(joint(p, x_0, s, x[j]) for j in over(N)))  # of the narrow component
b = let("b", each(joint(q, m, v, x[j]) for j in over(N)))  # of the wide one

likelihood = log(exp(a_0) + exp(b_0)) + Sum(log(exp(a[j]) + exp(b[j])) for j in over(N))


def share(of, other):
    return exp(of) / (exp(of) + exp(other))


def tangent(t):
    return cited(
        log(t),
        at_most(t - 1),
        theorem="1 + t <= e^t",
        source="Hardy, Littlewood and Polya, Inequalities (2nd ed.), sec. 4.2",
    )


on_it = derive(
    log(exp(a_0) + exp(b_0)),
    equals(a_0 - log(share(a_0, b_0)), algebra),
    at_least(a_0 + 1 - share(a_0, b_0), by(tangent(share(a_0, b_0)))),
    equals(a_0 + share(b_0, a_0), algebra),
    at_least(a_0),
)
"""The point that is sat on

has at least what the narrow component gives it,
"""
others = derive(
    log(exp(a[i]) + exp(b[i])),
    equals(b[i] - log(share(b[i], a[i])), algebra),
    at_least(b[i] + 1 - share(b[i], a[i]), by(tangent(share(b[i], a[i])))),
    equals(b[i] + share(a[i], b[i]), algebra),
    at_least(b[i]),
)
"""Every other point

at least what the wide one gives it.
"""

apart = Sum(log(q) - log(2 * circle * v) / 2 - (x[j] - m) ** 2 / (2 * v) for j in over(N))
bound = log(p) - log(2 * circle * s) / 2 + apart
below = derive(
    likelihood,
    at_least(a_0 + total(b), by(on_it, others)),
    equals(bound, algebra),
)
"""The bound

rises by log 10 / 2 each time the variance is a tenth.
"""

L = scalar("L")
small = p**2 * exp(2 * (apart - L)) / (2 * circle)
unbounded = derive(
    bound.at(s, small),
    equals(L, algebra),
)
"""No upper bound

Whatever level L is asked for, a variance is named at which the likelihood is at least L.
"""

likelihood_code = agrees(likelihood, by_hand.log_likelihood)
bound_code = agrees(bound, by_hand.bound)
small_code = agrees(small, by_hand.variance_for)
