"""A normal law from points with gaps.

Some coordinates of some points were never measured. To throw those points away wastes what was; to write the average
into the gaps makes the cloud look tighter than it is. EM fills each gap with what the other coordinates say, and
remembers how unsure that is.

D has a 1 on its diagonal for each coordinate of a point that was seen, and E = I - D for each that was not; each point
may have its own. That a value is missing may hang on what was seen, but not on the value itself: missing at random. K
is the covariance of what was seen, with ones for the gaps, so that one formula serves every pattern.

A regression in which one part of the inputs is missing for some examples is declared like factor analysis, with that
part as the hidden vector.

Source: Little and Rubin, Statistical Analysis with Missing Data (2002), ch. 7 and sec. 11.2.
"""

from chainrule import (
    Gaussian,
    I,
    Model,
    Sum,
    agrees,
    algebra,
    assume,
    at_least,
    by,
    cancel,
    claim,
    derive,
    diag,
    dims,
    equals,
    expect,
    expectation,
    expectation_maximisation,
    index,
    invertible,
    let,
    logdet,
    matrix,
    minimise,
    ones,
    over,
    positive_definite,
    positivity,
    sqnorm,
    tensor,
    total,
    trace,
    vector,
)
from numerics import missing_data as by_hand

N, d = dims("N d")
seen = vector("seen", d, binary=True)
D = let("D", diag(seen))
E = let("E", I(d) - diag(seen))
x, mu = vector("x", d), vector("mu", d)
Sigma = matrix("Sigma", d, d, positive_definite=True)

K = let("K", D @ Sigma @ D + E)
v = vector("v", d)
definite = derive(
    v.T @ K @ v,
    equals((D @ v).T @ Sigma @ (D @ v) + sqnorm(E @ v), algebra),
    at_least(0, algebra),
)
"""K has an inverse

Both terms are 0 only where D v and E v are 0, and then v = D v + E v is. So it is a hypothesis that always holds.
"""
solvable = assume(invertible(K))
apart = derive(
    E @ K.I @ D,
    equals(E @ K @ K.I @ D, algebra),
    equals(E @ D, cancel(K, given=solvable)),
    equals(0, algebra),
    given=solvable,
)
"""Gaps and what was seen do not mix in it."""

filled = let("x_hat", mu + Sigma @ D @ K.I @ D @ (x - mu))
V = let("V", Sigma - Sigma @ D @ K.I @ D @ Sigma)

kept = derive(
    D @ filled,
    equals(D @ mu + (K - E) @ K.I @ D @ (x - mu), algebra),
    equals(D @ mu + D @ (x - mu) - E @ K.I @ D @ (x - mu), cancel(K, given=solvable)),
    equals(D @ x, by(apart)),
    given=solvable,
)
"""What was seen stays

as it is,
"""
certain = derive(
    D @ V,
    equals(D @ Sigma - (K - E) @ K.I @ D @ Sigma, algebra),
    equals(E @ K.I @ D @ Sigma, cancel(K, given=solvable)),
    equals(0, by(apart)),
    given=solvable,
)
"""and there is no doubt about it."""

u = vector("u", d)  # how far the gaps are from what fills them
stationary = derive(E @ Sigma.I @ (filled - mu), equals(0, algebra), given=solvable)
"""The gaps are filled with what is most probable

The gradient of the log-density in the missing coordinates is 0.
"""
square = derive(
    (filled + E @ u - mu).T @ Sigma.I @ (filled + E @ u - mu),
    equals((filled - mu).T @ Sigma.I @ (filled - mu) + (E @ u).T @ Sigma.I @ (E @ u), algebra),
    given=solvable,
)
"""Completing the square

Whatever stands in the gaps, its log-density is that of a normal law around what fills them, with the precision
E Sigma^-1 E, the block of the whole precision;
"""
spread = derive(E @ Sigma.I @ V, equals(E, algebra), given=solvable)
"""and V, which is 0 elsewhere, is the inverse of that block

It is the Schur complement: the covariance that is left when the rest is known.
"""

filled_code = agrees(filled, by_hand.fill, given=solvable)
spread_code = agrees(V, by_hand.doubt, given=solvable)

i = index("i", N)
X = matrix("X", N, d)  # the rows, their gaps filled
Vs = tensor("V", N, d, d, psd=True)  # the covariance of each
z = vector("z", d)
Q = derive(
    Sum(logdet(Sigma) + expect((z - mu).T @ Sigma.I @ (z - mu), z, mean=X[i], covariance=Vs[i]) for i in over(N)) / 2,
    equals(
        Sum(logdet(Sigma) + (X[i] - mu).T @ Sigma.I @ (X[i] - mu) + trace(Sigma.I @ Vs[i]) for i in over(N)) / 2,
        expectation,
    ),
    equals(
        N * logdet(Sigma) / 2
        + trace(Sigma.I @ ((X - ones(N) @ mu.T).T @ (X - ones(N) @ mu.T) + total(Vs, axis=0))) / 2,
        algebra,
    ),
)
"""Minus the expected log-likelihood

Each row stands where its gaps are filled, and its covariance is added.
"""

W = matrix("spread", d, d, psd=True)  # the sum of the covariances
away = X - ones(N) @ mu.T
objective = N * logdet(Sigma) / 2 + trace(Sigma.I @ (away.T @ away + W)) / 2
mean = minimise(objective, mu)
mean_stationary = mean.stationary
mean_lowest = mean.lowest
"""The mean

is that of the filled rows,
"""
full = assume(positive_definite(away.T @ away + W))
covariance = minimise(objective, Sigma, given=full)
covariance_stationary = covariance.stationary
covariance_lowest = covariance.lowest
"""and the covariance

theirs and what the gaps add.
"""
lost = derive(covariance.point - away.T @ away / N, equals(W / N, algebra))
"""Filled in alone

the gaps would take this much from the covariance at each step, and it would shrink and shrink.
"""

mean_code = agrees(mean.point, by_hand.mean, filled="X")
covariance_code = agrees(covariance.point, by_hand.covariance, filled="X")

M, a, b = dims("M a b")
H, Y = matrix("H", N, a), matrix("Y", N, b)  # rows whose inputs are missing
F, G = matrix("F", M, a), matrix("G", M, b)  # complete rows
j = index("j", M)
m, c = vector("m", a), vector("c", b)
A = matrix("A", a, a, positive_definite=True)
B = matrix("B", b, a)
C = matrix("C", b, b, positive_definite=True)

regression = expectation_maximisation(
    Model(
        parameters=(B, C),
        hidden={H[i]: Gaussian(m, A)},
        seen={Y[i]: Gaussian(B @ H[i] + c, C), G[j]: Gaussian(B @ F[j] + c, C)},
    )
)
"""Missing inputs

The inputs of N rows are missing, those of M are there; all count.
"""
y = vector("y", b)
covered = let("S", B @ A @ B.T + C)  # the covariance of what is seen
certainly = claim(positive_definite(covered), positivity)
bent = A.I + B.T @ C.I @ B
conditional = derive(
    bent @ (m + A @ B.T @ covered.I @ (y - c - B @ m)),
    equals(A.I @ m + B.T @ C.I @ (y - c), by(certainly)),
)
"""What fills the inputs is the conditional mean

of the joint normal law: it solves the same equation.
"""
complement = derive(bent @ (A - A @ B.T @ covered.I @ B @ A), equals(I(a), by(certainly)))
"""and their covariance the Schur complement"""
regression_code = agrees(regression.steps["B"], by_hand.coefficients, H="H_bar")
