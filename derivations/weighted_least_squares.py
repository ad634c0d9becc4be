"""Weighted and generalised least squares.

Errors that are large, or that go together, should count less. Measure the residual in the metric of their covariance,
and everything that was true of least squares is true again.

Source: Aitken (1935); Bjorck, Numerical Methods for Least Squares Problems (1996), sec. 4.2-4.4.
"""

from chainrule import (
    Sum,
    agrees,
    algebra,
    at_least,
    by,
    cancel,
    claim,
    composition,
    convex,
    derive,
    diag,
    differentiate,
    dims,
    equals,
    grad,
    let,
    matrix,
    over,
    positive_definite,
    positivity,
    sqnorm,
    vector,
)
from numerics import weighted_least_squares as by_hand

n, p = dims("n p")
X = matrix("X", n, p, full_column_rank=True)  # one example a row
y = vector("y", n)
w = vector("w", p)
S = matrix("S", n, n, positive_definite=True)  # the covariance of the errors
c = vector("c", n, positive=True)  # or one weight each

objective = (y - X @ w).T @ S.I @ (y - X @ w)
G = let("G", X.T @ S.I @ X)
minimiser = let("w*", G.I @ X.T @ S.I @ y)

gradient = derive(
    grad(objective, w),
    equals(-2 * X.T @ S.I @ (y - X @ w), differentiate),
    equals(2 * (G @ w - X.T @ S.I @ y), algebra),
)
"""The gradient"""

solvable = claim(positive_definite(G), positivity)
"""Solvable"""

stationary = derive(
    gradient.last.at(w, minimiser),
    equals(0, cancel(G, given=solvable)),
)
"""Where the gradient vanishes"""

excess = derive(
    objective,
    equals(objective.at(w, minimiser) + (w - minimiser).T @ G @ (w - minimiser), by(solvable)),
    at_least(objective.at(w, minimiser), by(solvable)),
)
"""Pythagoras, in the metric of S

Any other weights pay the squared distance of their fit from the best fit.
"""

bowl = claim(convex(objective, w), composition)
"""The objective is a bowl"""

L = matrix("L", n, n, lower_triangular=True, invertible=True)
turned = derive((L @ L.T).I, equals(L.T.I @ L.I))
"""The inverse of a product"""
whitened = derive(
    objective.at(S, L @ L.T),
    equals((y - X @ w).T @ L.T.I @ L.I @ (y - X @ w), by(turned)),
    equals(sqnorm(L.I @ y - L.I @ X @ w), algebra),
)
"""Whitening

With S = LL', as Cholesky gives it, it is least squares on L^-1 X and L^-1 y.
"""

H = let("H", X @ G.I @ X.T @ S.I)
projection = derive(
    H @ H,
    equals(H, by(solvable)),
)
"""An oblique projection

Projecting twice is projecting once,
"""
perpendicular = derive(
    X.T @ S.I @ (y - H @ y),
    equals(0, by(solvable)),
)
"""Perpendicular

and what is left over is perpendicular to the columns, in the metric of S.
"""

weighted = derive(
    objective.at(S, diag(1 / c)),
    equals(Sum(c[i] * (y[i] - X[i].T @ w) ** 2 for i in over(n))),
)
"""One weight each

Independent errors: the weight is one over the variance.
"""

loss_code = agrees(objective, by_hand.loss)
generalised_code = agrees(minimiser, by_hand.generalised)
weighted_code = agrees((X.T @ diag(c) @ X).I @ X.T @ (c * y), by_hand.weighted)
