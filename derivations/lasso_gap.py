"""The lasso's duality gap.

How far are these weights from the best? A dual point answers without knowing the best: the gap between the two
objectives is at least what is still to be gained. The same gap says where the dual solution is, and
which columns are out for certain.

Source: Osborne, Presnell and Turlach (2000); Fercoq, Gramfort and Salmon (2015); Ndiaye, Fercoq, Gramfort and Salmon,
Gap safe screening rules (2017).
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
    matrix,
    nonnegative,
    nonzero,
    relu,
    scalar,
    sqnorm,
    total,
    vector,
)
from numerics import lasso_gap as by_hand

n, p = dims("n p")
X = matrix("X", n, p)  # one example a row
y = vector("y", n)
w = vector("w", p)
theta = vector("theta", n)  # a dual point
lam = scalar("lam", positive=True)

primal = sqnorm(y - X @ w) / 2 + lam * total(abs_(w))
dual = lam * dot(y, theta) - lam**2 * sqnorm(theta) / 2

projection = derive(
    dual,
    equals(sqnorm(y) / 2 - sqnorm(y - lam * theta) / 2),
)
"""The dual objective

To maximise it is to come as near to y/lam as one may.
"""

feasible = (assume(nonnegative(1 - X.T @ theta)), assume(nonnegative(1 + X.T @ theta)))
weak = derive(
    primal - dual,
    equals(
        sqnorm(y - X @ w - lam * theta) / 2
        + lam * total(relu(w) * (1 - X.T @ theta))
        + lam * total(relu(-w) * (1 + X.T @ theta)),
        algebra,
    ),
    at_least(0, by(*feasible)),
)
"""Weak duality

A dual point is feasible where no column sees it with more than 1. The dual objective there is below every primal one.
"""

v = vector("v", p)  # the best weights,
u = vector("u", n)  # and their dual point
residual = assume(y, equals(X @ v + lam * u))
matched = assume((X.T @ u) * v, equals(abs_(v)))
strong = derive(
    primal.at(w, v) - dual.at(theta, u),
    equals(lam * (total(abs_(v)) - total((X.T @ u) * v)), by(residual)),
    equals(0, by(matched)),
)
"""Strong duality

At the solution the residual is lam times a dual point that sees the weights' signs: there the gap closes.
"""

best = (assume(nonnegative(1 - X.T @ u)), assume(nonnegative(1 + X.T @ u)))
ball = derive(
    primal - dual,
    equals(
        lam**2 * sqnorm(theta - u) / 2
        + sqnorm(X @ (w - v)) / 2
        + lam * total(relu(w) * (1 - X.T @ u))
        + lam * total(relu(-w) * (1 + X.T @ u))
        + lam * total(relu(v) * (1 - X.T @ theta))
        + lam * total(relu(-v) * (1 + X.T @ theta)),
        by(residual, matched),
    ),
    at_least(lam**2 * sqnorm(theta - u) / 2, by(*feasible, *best)),
)
"""Where the dual solution is

In a ball around any feasible point, of radius sqrt(2 gap)/lam.
"""

x = vector("x", n, nonzero=True)  # one column,
d = vector("d", n)  # from theta to the dual solution,
radius = scalar("rho", positive=True)
within = assume(sqnorm(d), at_most(radius**2))
length = scalar("l", positive=True)
measured = assume(sqnorm(x), equals(length**2))
seen = derive(
    length * radius - dot(x, d),
    equals(
        length / (2 * radius) * (radius**2 - sqnorm(d)) + sqnorm(radius * x - length * d) / (2 * length * radius),
        by(measured),
    ),
    at_least(0, by(within)),
)
"""What a column can see of it

At most its length times the radius more than it sees of theta.
"""

z = scalar("z")  # what one column sees of the dual solution,
sigma, m = scalar("sigma", labels=True), scalar("m", nonnegative=True)  # the sign and size of its weight
own = assume(z * sigma * m, equals(m))
less = assume(nonzero(1 - z * sigma))
out = derive(
    m,
    equals(m * (1 - z * sigma) / (1 - z * sigma), by(less)),
    equals(0, by(own, less)),
)
"""Screening

A column that sees the dual solution with less than 1 has the weight zero, and may be dropped before the end.
"""

primal_code = agrees(primal, by_hand.primal)
dual_code = agrees(dual, by_hand.dual)
