"""Quantile regression.

Count what lies above the line at one price and what lies below it at another, and the best line leaves a chosen share
below. The loss has a kink at every example, but it is the value of a linear programme.

Source: Koenker and Bassett (1978); Koenker, Quantile Regression (2005), sec. 1.3 and 6.2.
"""

from chainrule import (
    agrees,
    at_least,
    at_most,
    claim,
    composition,
    convex,
    derive,
    differentiate,
    dims,
    equals,
    grad,
    let,
    matrix,
    positivity,
    relu,
    scalar,
    step,
    total,
    vector,
)
from numerics import quantile_regression as by_hand

n, p = dims("n p")
X = matrix("X", n, p)  # one example a row
y = vector("y", n)
w = vector("w", p)
a = scalar("a", nonnegative=True)  # the price above the line,
b = scalar("b", nonnegative=True)  # and below it: tau and 1 - tau
tau = scalar("tau")

r = let("r", y - X @ w)
objective = a * total(relu(r)) + b * total(relu(-r))

bowl = claim(convex(objective, w), composition)
"""The objective is a bowl

A sum of kinked lines, all bent upwards.
"""

feasible = derive(
    r,
    equals(relu(r) - relu(-r)),
)
"""The loss is feasible

What lies above and what lies below, both nonnegative, make up the residual: a point of the linear programme at which it
has the value of the loss.
"""

u, v = vector("u", n, nonnegative=True), vector("v", n, nonnegative=True)
above = derive(
    total(relu(u - v)),
    equals(total(u) - total((1 - step(u - v)) ** 2 * u) - total(step(u - v) * v)),
    at_most(total(u), positivity),
)
"""No other point is cheaper

Whatever u, v >= 0 with u - v = r, the part of r above zero is at most u,
"""
below = derive(
    total(relu(v - u)),
    equals(total(v) - total((1 - step(v - u)) ** 2 * v) - total(step(v - u) * u)),
    at_most(total(v), positivity),
)
"""Below the line

and the part below at most v;
"""
programme = derive(
    a * total(u) + b * total(v),
    equals(
        a * total(relu(u - v))
        + b * total(relu(v - u))
        + a * total((1 - step(u - v)) ** 2 * u)
        + a * total(step(u - v) * v)
        + b * total((1 - step(v - u)) ** 2 * v)
        + b * total(step(v - u) * u)
    ),
    at_least(a * total(relu(u - v)) + b * total(relu(v - u)), positivity),
)
"""A linear programme

So the programme min a sum(u) + b sum(v) subject to Xw + u - v = y has the value of the loss.
"""

slope = derive(
    grad(objective, w),
    equals(X.T @ (b * step(-r) - a * step(r)), differentiate),
)
"""Which share lies below

Where no example lies on the line, the slope counts: with a column of ones in X the examples below it are to those above
as a is to b.
"""

loss = tau * total(relu(r)) + (1 - tau) * total(relu(-r))
loss_code = agrees(loss, by_hand.loss)
