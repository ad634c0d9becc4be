"""Fisher's criterion.

Look at two clouds from the side: from which direction are their shadows farthest apart, measured by how wide they are?

Not along the line between the means: directions in which the clouds are wide count less. The answer is the weight
vector of linear discriminant analysis, found here without any normal distribution.

S is the scatter within the classes, d the difference of the means; B the scatter between several classes.

Source: Fisher (1936); Bishop, PRML, sec. 4.1.4-4.1.6; Golub and Van Loan, Matrix Computations (4th ed.), sec. 8.7.
"""

from chainrule import (
    Sum,
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
    dot,
    equals,
    grad,
    index,
    let,
    matrix,
    nonnegative,
    outer,
    over,
    positive,
    positivity,
    scalar,
    vector,
)
from numerics import fisher_criterion as by_hand

p, r = dims("p r")
S = matrix("S", p, p, positive_definite=True)
d = vector("d", p, nonzero=True)
w = vector("w", p, nonzero=True)

criterion = let("J", dot(w, d) ** 2 / (w.T @ S @ w))
best = let("w*", S.I @ d)
c = let("c", dot(w, d) / (w.T @ S @ w))
cauchy_schwarz = derive(
    d.T @ S.I @ d,
    equals(criterion + (best - c * w).T @ S @ (best - c * w), algebra),
    at_least(criterion, positivity),
)
"""Cauchy and Schwarz

In the metric of S the square of a product is at most the product of the squares: what is missing is a square.
"""
some = claim(positive(d.T @ S.I @ d), positivity)
"""The bound is not zero"""
attained = derive(
    criterion.at(w, best),
    equals(d.T @ S.I @ d, by(some)),
)
"""The best direction

reaches the bound; the length of w does not matter.
"""

B = matrix("B", p, p, symmetric=True)
quotient = let("ρ", (w.T @ B @ w) / (w.T @ S @ w))
slope = derive(
    grad(quotient, w),
    equals(2 * (B @ w - quotient * S @ w) / (w.T @ S @ w), differentiate),
)
"""Several classes

The slope of the quotient vanishes where B w = rho S w: a generalised eigenproblem.
"""
rank_one = derive(
    outer(d, d) @ best,
    equals(dot(d, best) * d, algebra),
    equals(d.T @ S.I @ d * S @ best, algebra),
)
"""Two classes again

With B = dd' the eigenvector is S^-1 d, and the eigenvalue what Cauchy and Schwarz allow.
"""

V = matrix("V", p, p, invertible=True)  # S = V V', B = V diag(lam) V'
lam = vector("lam", p)
top = scalar("top")
z = vector("z", p)
j = index("j", p)
largest = assume(nonnegative(top - lam[j]))
bound = derive(
    z.T @ (V @ diag(lam) @ V.T) @ z,
    equals(Sum(lam[k] * (V.T @ z)[k] ** 2 for k in over(p)), algebra),
    equals(top * z.T @ (V @ V.T) @ z - Sum((top - lam[k]) * (V.T @ z)[k] ** 2 for k in over(p)), algebra),
    at_most(top * z.T @ (V @ V.T) @ z, by(largest)),
)
"""No direction is better than the first

Two symmetric matrices, one of them positive definite, are V V' and V diag(lam) V' for some invertible V; then the
largest eigenvalue bounds the quotient.
"""
eigenvectors = derive(
    (V @ diag(lam) @ V.T) @ V.T.I,
    equals(V @ V.T @ V.T.I @ diag(lam), algebra),
)
"""It is reached

by a column of V'^-1: these are the generalised eigenvectors.
"""

regression = derive(
    (S + outer(d, d)) @ (S.I @ d / (1 + d.T @ S.I @ d)),
    equals(d, algebra),
)
"""The same direction by least squares

Against the scatter of both classes together, S + dd', instead of that within them, the direction does not change: only
its length does.
"""

best_code = agrees(best, by_hand.direction)
criterion_code = agrees(criterion, by_hand.criterion)
