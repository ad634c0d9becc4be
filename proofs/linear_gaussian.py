"""Linear-Gaussian systems.

Believe something of the weights, see outcomes that depend on them linearly and with noise, and believe again: all that
was normal stays normal. The product of two normal densities is the case where the weights themselves are seen.

The prior of w has the mean m and the covariance S; the outcome y is X w + b and noise of covariance R.

Source: Bishop, PRML, sec. 2.3.3; Kalman (1960).
"""

from chainrule import (
    agrees,
    by,
    claim,
    derive,
    dims,
    equals,
    expect,
    expectation,
    let,
    matrix,
    outer,
    positive_definite,
    positivity,
    vector,
    zeros,
)
from numerics import linear_gaussian as by_hand

n, p = dims("n p")
X = matrix("X", n, p)
b, y = vector("b", n), vector("y", n)
S = matrix("S", p, p, positive_definite=True)
R = matrix("R", n, n, positive_definite=True)
w, m = vector("w", p), vector("m", p)

L = let("Lambda", S.I + X.T @ R.I @ X)  # the precision of the posterior
C = let("C", R + X @ S @ X.T)  # the covariance of y
proper = claim(positive_definite(L), positivity)
"""The posterior precision"""
marginal = claim(positive_definite(C), positivity)
"""The covariance of y"""

r = let("r", y - X @ m - b)  # the surprise
after = let("m*", m + L.I @ X.T @ R.I @ r)
woodbury = derive(C.I, equals(R.I - R.I @ X @ L.I @ X.T @ R.I, by(proper, marginal)))
"""Its inverse"""
posterior = derive(
    (w - m).T @ S.I @ (w - m) + (y - X @ w - b).T @ R.I @ (y - X @ w - b),
    equals(
        (w - after).T @ L @ (w - after) + r.T @ R.I @ r - r.T @ R.I @ X @ L.I @ X.T @ R.I @ r,
        by(proper),
    ),
    equals((w - after).T @ L @ (w - after) + r.T @ C.I @ r, by(woodbury)),
)
"""Completing the square

Minus twice the logarithm of prior times likelihood. What depends on w is a square around m* of precision Lambda, the
posterior. What is left is that of a normal y with the mean X m + b and the covariance C: the marginal.
"""

gain = let("G", S @ X.T @ C.I)
kalman = [
    derive(L.I, equals(S - gain @ X @ S, by(proper, marginal))),
    derive(after, equals(m + gain @ r, by(proper, marginal))),
]
"""The same with matrices of the size of y

The gain says how much of the surprise is believed.
"""
told = derive(
    L.I @ (S.I @ m + X.T @ R.I @ (y - b)),
    equals(after, by(proper)),
)
"""Precisions add

and means are weighed by them.
"""

e = vector("e", n)
moments = [
    derive(
        expect(expect(X @ w + b + e, e, mean=zeros(n), covariance=R), w, mean=m, covariance=S),
        equals(X @ m + b, expectation),
    ),
    derive(
        expect(
            expect(outer(X @ w + e - X @ m, X @ w + e - X @ m), e, mean=zeros(n), covariance=R), w, mean=m, covariance=S
        ),
        equals(C, expectation),
    ),
    derive(expect(outer(w - m, X @ w - X @ m), w, mean=m, covariance=S), equals(S @ X.T, expectation)),
]
"""Mean and covariances of y

These hold for prior and noise of any law, if they are independent: noise with this mean and covariance whatever w is.
"""

A = matrix("A", p, p, positive_definite=True)
D = matrix("D", p, p, positive_definite=True)
c, d, x = vector("c", p), vector("d", p), vector("x", p)
both = let("P", A.I + D.I)
summed = let("Q", A + D)
products = [claim(positive_definite(both), positivity), claim(positive_definite(summed), positivity)]
"""Two densities"""
parallel = derive(summed.I, equals(D.I - D.I @ both.I @ D.I, by(*products)))
"""Two covariances in parallel"""
middle = let("h", c + both.I @ D.I @ (d - c))
product = derive(
    (x - c).T @ A.I @ (x - c) + (x - d).T @ D.I @ (x - d),
    equals(
        (x - middle).T @ both @ (x - middle) + (d - c).T @ D.I @ (d - c) - (d - c).T @ D.I @ both.I @ D.I @ (d - c),
        by(*products),
    ),
    equals((x - middle).T @ both @ (x - middle) + (d - c).T @ summed.I @ (d - c), by(parallel)),
)
"""The product of two normal densities

It is a normal density in x, and a normal density of c around d with the sum of the covariances.
"""
weighed = derive(both.I @ (A.I @ c + D.I @ d), equals(middle, by(*products)))
"""Its mean weighs c and d by their precisions."""

mean_code = agrees(after, by_hand.posterior_mean)
covariance_code = agrees(L.I, by_hand.posterior_covariance)
marginal_code = agrees(C, by_hand.marginal_covariance)
