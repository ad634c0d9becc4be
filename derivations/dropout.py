"""Dropout.

Each input is left out by chance, so that no weight relies on another. On average nothing changes, and what varies is a
price on the weights.

An entry of the mask is 1 with probability `p` and 0 otherwise, without correlation: mean `p`, variance p (1 - p). What
is kept is divided by `p`.

Source: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov (2014), sec. 9.1; Wager, Wang and Liang, Dropout
training as adaptive regularization (2013).
"""

from chainrule import (
    I,
    Sum,
    agrees,
    at_least,
    derive,
    diagof,
    dims,
    dot,
    equals,
    expect,
    expectation,
    matrix,
    minimise,
    ones,
    over,
    positivity,
    scalar,
    sqnorm,
    total,
    vector,
)
from numerics import dropout as by_hand

n, d = dims("n d")
X, y = matrix("X", n, d), vector("y", n)
w, x, m = vector("w", d), vector("x", d), vector("m", d)
p = scalar("p", unit_interval=True)  # how often an input is kept
often, spread = p * ones(d), p * (1 - p) * I(d)

mean = derive(
    expect(m * x / p, m, mean=often, covariance=spread),
    equals(x, expectation),
)
"""On average nothing is changed"""

t = scalar("t")
one_example = derive(
    expect((t - dot(m * x / p, w)) ** 2, m, mean=often, covariance=spread),
    equals((t - dot(x, w)) ** 2 + (1 - p) / p * total(x**2 * w**2), expectation),
    at_least((t - dot(x, w)) ** 2, positivity),
)
"""The loss of one example

grows by the variance of the output.
"""
whole = derive(
    Sum(expect((y[i] - dot(m * X[i] / p, w)) ** 2, m, mean=often, covariance=spread) for i in over(n)),
    equals(sqnorm(y - X @ w) + (1 - p) / p * dot(w, diagof(X.T @ X) * w), expectation),
)
"""A linear model with dropout is ridge regression

in which each weight's price is the length of its column: for columns of one length it is ridge regression itself.
"""

lam = scalar("lam", positive=True)  # (1 - p)/p
g = vector("g", d, positive=True)  # the squared lengths of the columns
ridge = minimise(sqnorm(y - X @ w) + lam * dot(w, g * w), w)
stationary = ridge.stationary
"""Its weights

solve (X'X + lam diag(g)) w = X'y.
"""
lowest = ridge.lowest
"""They are the best ones"""

weights_code = agrees(ridge.point, by_hand.weights)
loss_code = agrees(whole.last, by_hand.mean_loss)
"""By hand it is the mean over all 2^d masks, listed one by one."""
