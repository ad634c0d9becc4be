"""Bias and variance of ridge regression.

The price for long weights makes the answer wrong on average and steadier. At first steadiness gains more than rightness
loses: some price is always better than none.

An expectation is a weighted sum over the outcomes of the noise, which has mean zero. In the singular basis of the data
the weights are a and the singular values s.

Source: Hoerl and Kennard (1970), theorem 4.3; Hastie, Tibshirani and Friedman, sec. 3.4.1.
"""

from chainrule import (
    I,
    Sum,
    agrees,
    algebra,
    assume,
    at_most,
    by,
    claim,
    derive,
    diag,
    differentiate,
    dims,
    equals,
    grad,
    less_than,
    let,
    matrix,
    nonnegative,
    outer,
    over,
    positive_definite,
    positivity,
    scalar,
    sqnorm,
    total,
    trace,
    vector,
)
from numerics import ridge_risk as by_hand

n, p, m, r = dims("n p m r")
X = matrix("X", n, p)  # one example a row
w = vector("w", p)  # the true weights
q = vector("q", m, simplex=True)  # the probabilities of m outcomes,
e = matrix("e", m, n)  # and the noise in each
lam = scalar("lam", positive=True)
var = scalar("var", positive=True)

A = let("A", X.T @ X + lam * I(p))
solvable = claim(positive_definite(A), positivity)
"""Solvable"""

centred = assume(Sum(q[k] * e[k] for k in over(m)), equals(0))
bias = derive(
    Sum(q[k] * A.I @ X.T @ (X @ w + e[k]) for k in over(m)) - w,
    equals(A.I @ X.T @ X @ w - w, by(centred, solvable)),
    equals(-lam * A.I @ w, by(solvable)),
)
"""Wrong on average

By lam A^-1 w: nothing without a price.
"""

S = let("S", Sum(q[k] * outer(e[k], e[k]) for k in over(m)))
d = let("b", -lam * A.I @ w)
error = derive(
    Sum(q[k] * sqnorm(A.I @ X.T @ (X @ w + e[k]) - w) for k in over(m)),
    equals(Sum(q[k] * sqnorm(d + A.I @ X.T @ e[k]) for k in over(m)), by(solvable)),
    equals(sqnorm(d) + trace(A.I @ X.T @ S @ X @ A.I), by(centred)),
)
"""Bias and variance

The mean squared error is the square of the one and the trace of the other.
"""

U = matrix("U", n, r, orthonormal_columns=True)
V = matrix("V", p, r, orthonormal_columns=True)
s = vector("s", r, positive=True)  # singular values
D = let("D", U @ diag(s) @ V.T)  # the data, there
A_there = let("A_D", D.T @ D + lam * I(p))
H = let("H", D @ A_there.I @ D.T)
shrunk = claim(positive_definite(A_there), positivity)
"""In the singular basis"""
factors = derive(
    H,
    equals(U @ diag(s**2 / (s**2 + lam)) @ U.T, by(shrunk)),
)
"""Each direction is kept in part"""
freedom = derive(
    trace(H),
    equals(total(s**2 / (s**2 + lam)), by(factors, shrunk)),
    equals(r - lam * total(1 / (s**2 + lam)), algebra),
    less_than(r, positivity),
)
"""Degrees of freedom

The trace of the hat matrix counts each direction by the factor that it keeps.
"""

a = vector("a", r)
t = scalar("t", nonnegative=True)  # the price, and perhaps none
risk = total((var * s**2 + t**2 * a**2) / (s**2 + t) ** 2)
slope = derive(
    grad(risk, t),
    equals(2 * total(s**2 * (t * a**2 - var) / (s**2 + t) ** 3), differentiate),
)
"""How the error changes with the price"""
small = assume(nonnegative(var - t * a**2))
falls = derive(
    slope.last,
    equals(-(2 * total(s**2 * (var - t * a**2) / (s**2 + t) ** 3)), algebra),
    at_most(0, by(small)),
)
"""Some price is better than none

The error falls from zero on, at least until t a_j^2 reaches the variance of the noise for some j.
"""

bias_code = agrees(d, by_hand.bias)
variance_code = agrees(var * A.I @ X.T @ X @ A.I, by_hand.variance)
freedom_code = agrees(total(s**2 / (s**2 + lam)), by_hand.degrees_of_freedom)
risk_code = agrees(risk, by_hand.risk, lam="t")
