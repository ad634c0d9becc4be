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
    assume,
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
r = vector("r", n)  # the residuals now,
t = vector("t", n)  # and after a step


def rho(x):
    """Huber's loss of a residual."""
    return x**2 / 2 - relu(abs_(x) - k) ** 2 / 2


straight = derive(
    total(rho(r)),
    equals(total(r**2 / 2 - (abs_(r) - k) * relu(abs_(r) - k) / 2)),
)
"""Square, then straight

Beyond k what is taken off grows as fast as the square.
"""
slope = derive(
    grad(total(rho(r)), r),
    equals(r - sign(r) * relu(abs_(r) - k), differentiate),
)
"""Its slope

The residual, cut off at k.
"""

e = vector("e", n, nonnegative=True)  # how far r is beyond k
weight = k / (k + e)


def parabola(x):
    """What touches the loss at r, at another residual."""
    return weight * x**2 / 2 + k * e / 2


gap = derive(
    parabola(t),
    equals(
        rho(t)
        + ((k + e) * relu(abs_(t) - k) - e * abs_(t)) ** 2 / (2 * k * (k + e))
        + e * relu(k - abs_(t)) * (k + abs_(t)) / (2 * k),
        algebra,
    ),
)
"""A parabola for each residual

It lies above the loss everywhere: what is between them is nowhere negative.
"""
size = relu(abs_(r) - k)
touches = derive(
    parabola(r).at(e, size),
    equals(rho(r), algebra),
)
"""It touches

Where e is how far r is beyond k, the weight is min(1, k/|r|), and the parabola meets the loss at r.
"""

c = vector("c", n, positive=True)
parabolas = total(c * (y - X @ w) ** 2)
A = let("A", X.T @ diag(c) @ X)
solvable = claim(positive_definite(A), positivity)
"""The parabolas have one lowest point"""
best = let("w₊", A.I @ X.T @ diag(c) @ y)
lowest = derive(
    parabolas,
    equals(parabolas.at(w, best) + (w - best).T @ A @ (w - best), by(solvable)),
    at_least(parabolas.at(w, best), by(solvable)),
)
"""Weighted least squares

Whatever the weights, it finds that point.
"""

beyond = assume(e, equals(size))
lower = assume(total(parabola(t)), at_most(total(parabola(r))))
descent = derive(
    total(rho(r)),
    equals(total(parabola(r).at(e, size)), by(touches)),
    equals(total(parabola(r)), by(beyond)),
    at_least(total(parabola(t)), by(lower)),
    equals(
        total(rho(t))
        + total(((k + e) * relu(abs_(t) - k) - e * abs_(t)) ** 2 / (2 * k * (k + e)))
        + total(e * relu(k - abs_(t)) * (k + abs_(t)) / (2 * k)),
        by(gap),
    ),
    at_least(total(rho(t)), positivity),
)
"""So the loss falls

At the old residuals the parabolas touch it, a weighted least squares step lowers them, and it lies below them.
"""

loss = total(rho(y - X @ w))
loss_code = agrees(loss, by_hand.loss)
gradient_code = agrees(grad(loss, w), by_hand.gradient)
weight_code = agrees(weight.at(e, size), by_hand.weights)
residual = y - X @ w
weights_there = weight.at(e, size).at(r, residual)
step_code = agrees((X.T @ diag(weights_there) @ X).I @ X.T @ (weights_there * y), by_hand.step)
