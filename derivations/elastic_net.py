"""The elastic net.

It pays for squares as ridge regression does, and for absolute values as the lasso does. Every program that fits a lasso
fits it too: p further examples, each of which says that a weight is zero, are the squared price.

Source: Zou and Hastie (2005), lemma 1 and theorem 1.
"""

from chainrule import (
    I,
    abs_,
    agrees,
    assume,
    by,
    claim,
    composition,
    convex,
    derive,
    dims,
    equals,
    let,
    matrix,
    scalar,
    sqnorm,
    sqrt,
    total,
    unfold,
    vector,
    zeros,
)
from numerics import elastic_net as by_hand

n, p = dims("n p")
X = matrix("X", n, p)  # one example a row
y = vector("y", n)
w = vector("w", p)
l1 = scalar("l1", positive=True)
l2 = scalar("l2", positive=True)

objective = let("J", sqnorm(y - X @ w) + l2 * sqnorm(w) + l1 * total(abs_(w)))
augmented = derive(
    objective,
    equals(sqnorm(y - X @ w) + sqnorm(zeros(p) - sqrt(l2) * I(p) @ w) + l1 * total(abs_(w)), unfold(objective)),
)
"""A lasso with more examples

Below X stands sqrt(l2) I, below y stand zeros.
"""

v = let("v", sqrt(1 + l2) * w)
scaled = derive(
    objective,
    equals(
        sqnorm(y - X / sqrt(1 + l2) @ v)
        + sqnorm(zeros(p) - sqrt(l2) / sqrt(1 + l2) * I(p) @ v)
        + l1 / sqrt(1 + l2) * total(abs_(v)),
        unfold(objective, v),
    ),
)
"""With columns of the same length

Where the columns of X have length 1, those of the longer matrix have it again after a division, which the weights and
the price undo.
"""

bowl = claim(convex(objective, w), composition)
"""The objective is a bowl"""

s = vector("s", p)  # the sign of each weight, or what stands for it at 0
e, f = vector("e", p, one_hot=True), vector("f", p, one_hot=True)  # two columns
stationary = assume(X.T @ (y - X @ w), equals(l2 * w + l1 / 2 * s))
alike = assume(e.T @ s, equals(f.T @ s))
grouping = derive(
    l2 * (e.T @ w - f.T @ w),
    equals((X @ e - X @ f).T @ (y - X @ w), by(stationary, alike)),
)
"""Why it keeps groups together

Two weights of one sign differ only as far as their columns see the residual differently; equal columns have equal
weights, where the lasso would pick one.
"""

objective_code = agrees(objective, by_hand.objective)
augmented_code = agrees(objective, by_hand.augmented)
