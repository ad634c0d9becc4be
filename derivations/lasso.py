"""The lasso.

Fit a line, and pay for the size of every weight. The price has a corner at zero, and in that corner most weights end:
a column that does not see the residual strongly enough is left out.

Source: Tibshirani (1996); Osborne, Presnell and Turlach (2000); Friedman, Hastie and Tibshirani (2010); Buehlmann and
van de Geer, Statistics for High-Dimensional Data (2011), lemma 2.1.
"""

from chainrule import (
    abs_,
    agrees,
    algebra,
    assume,
    at_least,
    by,
    claim,
    composition,
    convex,
    derive,
    dims,
    equals,
    let,
    matrix,
    maximum,
    nonnegative,
    positive_definite,
    positivity,
    relu,
    scalar,
    sign,
    sqnorm,
    total,
    unfold,
    vector,
    zeros,
)
from numerics import lasso as by_hand

n, p, k = dims("n p k")
X = matrix("X", n, p)  # one example a row
y = vector("y", n)
w = vector("w", p)
lam = scalar("lam", positive=True)

objective = sqnorm(y - X @ w) / (2 * n) + lam * total(abs_(w))
bowl = claim(convex(objective, w), composition)
"""The objective is a bowl"""

v = vector("v", p)
z = vector("z", p)
stationary = assume(X.T @ (y - X @ v) / n, equals(lam * z))
at_most_one, at_least_minus_one = assume(nonnegative(1 - z)), assume(nonnegative(1 + z))
matched = assume(z * v, equals(abs_(v)))
optimal = derive(
    objective,
    equals(
        objective.at(w, v)
        + sqnorm(X @ (w - v)) / (2 * n)
        + lam * total(relu(w) * (1 - z))
        + lam * total(relu(-w) * (1 + z)),
        by(stationary, matched),
    ),
    at_least(objective.at(w, v), by(at_most_one, at_least_minus_one)),
)
"""Karush, Kuhn and Tucker

If every column sees the residual with lam times z, where z is the sign of its weight, and between -1 and 1 where that
is zero, then no other weights are better. Others that are as good have the same fit.
"""

seen = let("c", X.T @ y / n)
from_above, from_below = assume(nonnegative(lam - seen)), assume(nonnegative(lam + seen))
all_zero = derive(
    objective,
    equals(
        objective.at(w, zeros(p))
        + sqnorm(X @ w) / (2 * n)
        + total(relu(w) * (lam - seen))
        + total(relu(-w) * (lam + seen)),
        unfold(seen),
    ),
    at_least(objective.at(w, zeros(p)), by(from_above, from_below)),
)
"""The largest price that matters

If lam is at least the largest |x_j'y|/n, all weights are zero.
"""

x = vector("x", n, nonzero=True)  # one column,
r = vector("r", n)  # the residual without it,
t = scalar("t")  # and its weight
q = let("q", sqnorm(x) / n)
rho = let("ρ", x.T @ r / n)
one = sqnorm(r - t * x) / (2 * n) + lam * abs_(t)
parabola = derive(
    one,
    equals(sqnorm(r) / (2 * n) + q * t**2 / 2 - rho * t + lam * abs_(t)),
)
"""One column at a time

The others held fixed, the objective is a parabola with a corner.
"""

a = scalar("a", positive=True)  # its curvature,
c = scalar("c")  # and its slope at zero
rest = relu(abs_(c) - lam)
corner = a * t**2 / 2 - c * t + lam * abs_(t)
bound = derive(
    corner,
    equals(
        -(rest**2) / (2 * a)
        + (a * abs_(t) - rest) ** 2 / (2 * a)
        + abs_(t) * relu(lam - abs_(c))
        + 2 * relu(t) * relu(-c)
        + 2 * relu(-t) * relu(c),
        algebra,
    ),
    at_least(-(rest**2) / (2 * a), positivity),
)
"""How low it can go"""
sigma, size = scalar("sigma", labels=True), scalar("m", nonnegative=True)
update = derive(
    corner.at(t, sigma * relu(size - lam) / a).at(c, sigma * size),
    equals(-(relu(size - lam) ** 2) / (2 * a), algebra),
)
"""The coordinate update

It goes as low at the slope, moved lam towards zero, over the curvature. Where the slope is larger than lam that is
below zero: the column comes in.
"""

B = matrix("B", n, k, full_column_rank=True)  # the columns with weights,
s = vector("s", k, labels=True)  # and their signs
mu = scalar("mu", positive=True)
G = let("G", B.T @ B)
solvable = claim(positive_definite(G), positivity)
"""The active columns"""
active = let("w_λ", G.I @ (B.T @ y - n * lam * s))
on_segment = derive(
    B.T @ (y - B @ active) / n,
    equals(lam * s, by(solvable)),
)
"""On a segment

As long as the active columns and their signs stay the same, these are the weights,
"""
elsewhere = let("w_μ", G.I @ (B.T @ y - n * mu * s))
straight = derive(
    elsewhere,
    equals(active + n * (lam - mu) * G.I @ s, by(solvable)),
)
"""Piecewise linear

and they move along a line as the price changes.
"""

objective_code = agrees(objective, by_hand.objective)
largest_code = agrees(maximum(abs_(seen)), by_hand.lam_max)
update_code = agrees((sign(c) * rest / a).at(c, rho).at(a, q), by_hand.coordinate)
segment_code = agrees(active, by_hand.on_segment, X="B")
