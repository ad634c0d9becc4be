"""Bias and variance.

A prediction is wrong for three reasons: the world is noisy, the method is wrong on average, and it would have answered
differently on other data.

The prediction g at a point depends on the data, which are drawn at random; f is the truth there, and a new observation
is f plus noise. Only means, variances and covariances are used, so that nothing need be normal.

Source: Geman, Bienenstock and Doursat (1992); Hastie, Tibshirani and Friedman, sec. 7.3 and 15.2.
"""

from chainrule import (
    I,
    agrees,
    at_least,
    by,
    claim,
    derive,
    dims,
    dot,
    equals,
    expect,
    expectation,
    let,
    matrix,
    ones,
    outer,
    positive_definite,
    positivity,
    scalar,
    sqnorm,
    total,
    trace,
    vector,
    zeros,
)
from numerics import bias_variance as by_hand

n, p, k, B = dims("n p k B")
f, g, e = scalar("f"), scalar("g"), scalar("e")
m, v = scalar("m"), scalar("v", nonnegative=True)  # the mean and the variance of the prediction
sigma_sq = scalar("sigma_sq", nonnegative=True)  # the variance of the noise

split = derive(
    expect(expect((f + e - g) ** 2, e, mean=0, covariance=sigma_sq), g, mean=m, covariance=v),
    equals(sigma_sq + (f - m) ** 2 + v, expectation),
    at_least(sigma_sq, positivity),
)
"""Noise, squared bias, variance

The noise is nobody's fault; the other two are the method's.
"""

F, G, M = vector("f", p), vector("g", p), vector("m", p)
V = matrix("V", p, p, psd=True)
many = derive(
    expect(sqnorm(F - G), G, mean=M, covariance=V),
    equals(sqnorm(F - M) + trace(V), expectation),
)
"""Several numbers at once"""

h = vector("h", k)  # the truth at the k nearest neighbours
noise = vector("e", k)
neighbours = derive(
    expect((f - total(h + noise) / k) ** 2, noise, mean=zeros(k), covariance=sigma_sq * I(k)),
    equals((f - total(h) / k) ** 2 + sigma_sq / k, expectation),
)
"""Nearest neighbours

The mean over k neighbours: more of them vary less, and lie farther away.
"""

X = matrix("X", n, p)  # one example a row
w = vector("w", p)  # the true weights
u = vector("u", n)
lam = scalar("lam", positive=True)
A = let("A", X.T @ X + lam * I(p))
solvable = claim(positive_definite(A), positivity)
"""The ridge system"""
x = vector("x", p)
ridge = derive(
    expect((dot(x, w) - x.T @ A.I @ X.T @ (X @ w + u)) ** 2, u, mean=zeros(n), covariance=sigma_sq * I(n)),
    equals((dot(x, w) - x.T @ A.I @ X.T @ X @ w) ** 2 + sigma_sq * x.T @ A.I @ X.T @ X @ A.I @ x, expectation),
    equals(lam**2 * (x.T @ A.I @ w) ** 2 + sigma_sq * x.T @ A.I @ X.T @ X @ A.I @ x, by(solvable)),
)
"""Ridge regression at a point x

The price makes the first term grow from nothing and the second one shrink.
"""

t = vector("t", B)  # the predictions of B models
r = scalar("rho", nonnegative=True)  # the correlation of any two of them
q = scalar("q", nonnegative=True)  # 1 - rho
rest = scalar("v", nonnegative=True)
bagging = derive(
    expect((total(t) / B - m) ** 2, t, mean=m * ones(B), covariance=rest * (r * outer(ones(B), ones(B)) + q * I(B))),
    equals(r * rest + q * rest / B, expectation),
    at_least(r * rest, positivity),
)
"""An average of many models

Each has the variance v (rho + q), and any two the covariance v rho. With more of them only the second part shrinks: so
one makes them differ.
"""

error_code = agrees(split.lines[0].expr, by_hand.error)
ridge_code = agrees(ridge.last, by_hand.ridge_error)
neighbours_code = agrees(neighbours.last, by_hand.neighbours_error)
