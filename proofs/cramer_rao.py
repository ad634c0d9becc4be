"""The bound of Cramer and Rao.

No estimate that is right on average can be steadier than one over Fisher's information.

As in the chapter on the information there are n outcomes; p are their probabilities, and a, or the rows of A, the
slopes of these in the parameters. T_i is what the estimate says of outcome i. That it is right on average for all
parameters near by means that the slope of its mean is that of what is estimated.

Source: Rao (1945); Cramer, Mathematical Methods of Statistics (1946), sec. 32.3; Lehmann and Casella, Theory of Point
Estimation (2nd ed.), theorem 2.6.1.
"""

from chainrule import (
    I,
    Sum,
    agrees,
    algebra,
    assume,
    at_least,
    by,
    claim,
    derive,
    dims,
    equals,
    expect,
    expectation,
    invertible,
    let,
    matrix,
    ones,
    outer,
    over,
    positive,
    positive_semidefinite,
    positivity,
    scalar,
    total,
    vector,
)
from numerics import cramer_rao as by_hand

n, d, k, N = dims("n d k N")
p = vector("p", n, simplex=True, positive=True)
a = vector("a", n)  # the slopes of the probabilities
T = vector("T", n)
slope = scalar("g'")  # the slope of what is estimated
info = let("I", Sum(a[j] ** 2 / p[j] for j in over(n)))
m = let("m", Sum(p[j] * T[j] for j in over(n)))
spread = let("V", Sum(p[j] * (T[j] - m) ** 2 for j in over(n)))

closed = assume(Sum(a[j] for j in over(n)), equals(0))
right = assume(Sum(a[j] * T[j] for j in over(n)), equals(slope))
covariance = derive(
    Sum(p[j] * (T[j] - m) * (a[j] / p[j]) for j in over(n)),
    equals(Sum(a[j] * T[j] for j in over(n)) - m * Sum(a[j] for j in over(n)), algebra),
    equals(slope, by(closed, right)),
)
"""The covariance of estimate and score

is the slope of what is estimated, whatever the estimate is.
"""
some = assume(positive(info))
bound = derive(
    spread,
    equals(
        slope**2 / info + Sum(p[j] * (T[j] - m - slope / info * (a[j] / p[j])) ** 2 for j in over(n)),
        by(closed, right, some),
    ),
    at_least(slope**2 / info, positivity),
    given=(closed, right, some),
)
"""The bound

What is missing is a square: it is reached just where the estimate is a multiple of the score.
"""

A = matrix("A", n, d)
U = matrix("T", n, k)
J = matrix("J", k, d)  # the derivative of what is estimated
F = let("F", Sum(outer(A[j], A[j]) / p[j] for j in over(n)))
M = let("M", Sum(p[j] * U[j] for j in over(n)))
all_closed = assume(Sum(A[j] for j in over(n)), equals(0))
all_right = assume(Sum(outer(U[j], A[j]) for j in over(n)), equals(J))
regular = assume(invertible(F))
several = derive(
    Sum(p[j] * outer(U[j] - M, U[j] - M) for j in over(n)) - J @ F.I @ J.T,
    equals(
        Sum(p[j] * outer(U[j] - M - J @ F.I @ A[j] / p[j], U[j] - M - J @ F.I @ A[j] / p[j]) for j in over(n)),
        by(all_closed, all_right, regular),
    ),
    given=(all_closed, all_right, regular),
)
"""Several parameters

The covariance of the estimates exceeds J F^-1 J'
"""
semidefinite = claim(positive_semidefinite(several.last), by(regular), given=regular)
"""in every direction."""

y = vector("y", N)
mu, sigma_sq = scalar("mu"), scalar("sigma_sq", positive=True)
reached = derive(
    expect((total(y) / N - mu) ** 2, y, mean=mu * ones(N), covariance=sigma_sq * I(N)),
    equals(1 / (N * (1 / sigma_sq)), expectation),
)
"""The mean reaches it

for normal numbers, each of which has the information 1/sigma_sq.
"""

bound_code = agrees(slope**2 / info, by_hand.bound, slope="g'")
