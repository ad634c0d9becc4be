"""Huber's loss.

Small residuals are squared, large ones count by their size: one wild example cannot pull the line as far as it likes.
A parabola lies on the loss from above wherever one asks for it, and the lowest point of those parabolas is a weighted
least squares problem; so the loss falls with every step.

Source: Huber (1964); Huber and Ronchetti, Robust Statistics (2nd ed.), sec. 7.8; Lange, MM Optimization Algorithms
(2016).
"""

from chainrule import (
    abs_,
    agrees,
    algebra,
    at_least,
    at_most,
    by,
    claim,
    derive,
    diag,
    differentiate,
    dims,
    equals,
    grad,
    let,
    matrix,
    positive_definite,
    positivity,
    relu,
    scalar,
    sign,
    total,
    vector,
)
from numerics import huber as by_hand

n, p = dims("n p")
X = matrix("X", n, p, full_column_rank=True)  # one example a row
y = vector("y", n)
w = vector("w", p)
k = scalar("k", positive=True)  # where square turns to straight
r = vector("r", n)  # residuals
s = vector("s", n, nonnegative=True)

e = let("e", relu(abs_(r) - k))  # how far beyond k
rho = let("ρ", r**2 / 2 - e**2 / 2)

straight = derive(
    total(rho),
    equals(total(r**2 / 2 - (abs_(r) - k) * e / 2)),
)
slope = derive(
    grad(total(rho), r),
    equals(r - sign(r) * e, differentiate),
)
"""Its slope

The residual, cut off at k.
"""

above = let("m", r**2 / (2 * (1 + s)) + k**2 * s / 2)
gap = derive(
    above,
    equals(
        rho + ((1 + s) * e - s * abs_(r)) ** 2 / (2 * (1 + s)) + s * relu(k - abs_(r)) * (k + abs_(r)) / 2,
        algebra,
    ),
)
"""A parabola above it

For every s >= 0 the square with the weight 1/(1 + s) lies higher: what is between them is nowhere negative;
"""
touches = derive(
    above.at(s, e / k),
    equals(rho, algebra),
)
"""and for the weight min(1, k/|r|) they touch."""

majorises = derive(
    total(above),
    equals(
        total(rho)
        + total(((1 + s) * e - s * abs_(r)) ** 2 / (2 * (1 + s)))
        + total(s * relu(k - abs_(r)) * (k + abs_(r)) / 2),
        by(gap),
    ),
    at_least(total(rho), positivity),
)
"""So much for one residual; the same for all of them"""

residual = let("r", y - X @ w)
weight = let("c", 1 / (1 + s))
A = let("A", X.T @ diag(weight) @ X)
solvable = claim(positive_definite(A), positivity)
"""The weighted problem has one solution"""

best = let("w₊", A.I @ X.T @ diag(weight) @ y)
parabolas = total(above.at(r, y - X @ w))
lowest = derive(
    parabolas,
    equals(parabolas.at(w, best) + (w - best).T @ A @ (w - best) / 2, by(solvable)),
    at_least(parabolas.at(w, best), by(solvable)),
)
"""Their lowest point

Weighted least squares.
"""
descent = derive(
    total(rho.at(r, y - X @ best)),
    at_most(parabolas.at(w, best), by(majorises)),
    at_most(parabolas, by(lowest)),
)
"""Down it goes

The loss at the new weights lies below the parabolas there, those below the parabolas at the old weights, and there they
touch the loss.
"""
