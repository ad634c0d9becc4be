"""The Gauss-Markov theorem.

Many ways of combining the observations are right on average. Least squares is the one among them that varies least, in
every direction at once.

An expectation is a weighted sum over the outcomes of the noise: only its linearity is used, and that the noise has mean
zero.

Source: Gauss (1823); Aitken (1935); Rao, Linear Statistical Inference and Its Applications (2nd ed.), sec. 4a.
"""

from chainrule import (
    I,
    Sum,
    agrees,
    as_node,
    assume,
    at_least,
    by,
    claim,
    derive,
    dims,
    equals,
    let,
    matrix,
    outer,
    over,
    positive_definite,
    positivity,
    scalar,
    sqnorm,
    trace,
    vector,
)
from numerics import gauss_markov as by_hand

n, p, m = dims("n p m")
X = matrix("X", n, p, full_column_rank=True)  # one example a row
w = vector("w", p)  # the true weights
q = vector("q", m, simplex=True)  # the probabilities of m outcomes,
e = matrix("e", m, n)  # and the noise in each
C = matrix("C", p, n)  # an estimator, C y
var = scalar("var", positive=True)
v = vector("v", p)

unbiased = assume(C @ X, equals(I(p)))
centred = assume(Sum(q[s] * e[s] for s in over(m)), equals(0))
mean = derive(
    Sum(q[s] * C @ (X @ w + e[s]) for s in over(m)),
    equals(C @ X @ w, by(centred)),
    equals(w, by(unbiased)),
)
"""Right on average

Whatever the weights are, C y has them as its mean where C X is the identity.
"""

S = let("S", Sum(q[s] * outer(e[s], e[s]) for s in over(m)))
covariance = derive(
    Sum(q[s] * outer(C @ (X @ w + e[s]) - w, C @ (X @ w + e[s]) - w) for s in over(m)),
    equals(Sum(q[s] * outer(C @ e[s], C @ e[s]) for s in over(m)), by(unbiased)),
    equals(C @ S @ C.T),
)
"""How much it varies

The covariance of the noise, carried through C.
"""

G = let("G", X.T @ X)
solvable = claim(positive_definite(G), positivity)
"""Solvable"""
D = let("D", C - G.I @ X.T)
theorem = derive(
    v.T @ C @ (var * I(n)) @ C.T @ v,
    equals(v.T @ (var * G.I) @ v + var * sqnorm(D.T @ v), by(unbiased, solvable)),
    at_least(v.T @ (var * G.I) @ v, by(solvable)),
)
"""Least squares varies least

For noise of equal variance and without correlation: in every direction v the variance is at least that of least
squares, and more wherever the two estimators differ.
"""

R = matrix("R", n, n, positive_definite=True)  # any covariance
J = let("J", X.T @ R.I @ X)
also_solvable = claim(positive_definite(J), positivity)
"""Solvable for any covariance"""
F = let("F", C - J.I @ X.T @ R.I)
aitken = derive(
    v.T @ C @ R @ C.T @ v,
    equals(v.T @ J.I @ v + v.T @ F @ R @ F.T @ v, by(unbiased, also_solvable)),
    at_least(v.T @ J.I @ v, by(also_solvable)),
)
"""Aitken's theorem

For noise with any known covariance, generalised least squares takes its place.
"""

H = let("H", X @ G.I @ X.T)
hat_trace = derive(trace(I(n) - H), equals(as_node(n) - p, by(solvable)))
"""Degrees of freedom

As many dimensions are left to the residuals as there are observations beyond the weights;
"""
noise = derive(
    Sum(q[s] * sqnorm(X @ w + e[s] - H @ (X @ w + e[s])) for s in over(m)),
    equals(trace((I(n) - H) @ S), by(solvable)),
)
"""The variance of the noise

and for noise of equal variance, S = var I, the sum of their squares is (n - p) var on average.
"""

covariance_code = agrees(C @ R @ C.T, by_hand.covariance, S="R")
estimator_code = agrees(G.I @ X.T, by_hand.least_squares)
best_code = agrees(var * G.I, by_hand.best)
