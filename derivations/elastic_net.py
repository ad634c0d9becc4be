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

r = vector("r", n)  # the residual,
x, z = vector("x", n), vector("z", n)  # two columns,
a, b, s = scalar("a"), scalar("b"), scalar("s")  # their weights and the sign of both
first = assume(x.T @ r, equals(l2 * a + l1 / 2 * s))
second = assume(z.T @ r, equals(l2 * b + l1 / 2 * s))
grouping = derive(
    l2 * (a - b),
    equals((x - z).T @ r, by(first, second)),
)
"""Why it keeps groups together

At the solution each column sees the residual with its squared and its absolute price. So two weights of one sign
differ only as far as their columns do; equal columns have equal weights, where the lasso leaves it open.
"""

objective_code = agrees(objective, by_hand.objective)
augmented_code = agrees(objective, by_hand.augmented)
