"""Closed forms, found.

Set the gradient to zero, solve for the unknown, and say why nothing lies lower: nine problems, and one that has no
formula.

Every chain of this chapter was found by `minimise`, which looks for the point and writes down the argument. It is only
a search: what it writes is judged line by line like what a person writes, and what it cannot solve it leaves.

Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2nd ed.), ch. 3; Boyd and Vandenberghe,
Convex Optimization (2004), sec. 4.4, 5.5 and 7.1; Markowitz (1952).
"""

from chainrule import (
    agrees,
    assume,
    at_most,
    diag,
    dims,
    dot,
    equals,
    log,
    logdet,
    matrix,
    minimise,
    ones,
    scalar,
    softplus,
    sqnorm,
    total,
    trace,
    vector,
)
from numerics import closed_forms as by_hand

n, p, q, m = dims("n p q m")
X, F = matrix("X", n, p), matrix("F", n, p, full_column_rank=True)
y, w, d = vector("y", n), vector("w", p), vector("d", n, positive=True)
T = matrix("T", p, p, positive_definite=True)

weighted_ridge = minimise((y - X @ w).T @ diag(d) @ (y - X @ w) + w.T @ T @ w, w)
gradient = weighted_ridge.gradient
"""A weighted fit that pays for long weights

The gradient is affine in `w`: a matrix times `w`, less a vector.
"""
solvable = weighted_ridge.solvable[0]
"""The matrix can be divided by,"""
stationary = weighted_ridge.stationary
"""which gives the one point where the gradient vanishes,"""
lowest = weighted_ridge.lowest
"""and completing the square shows that everywhere else costs more."""
weighted_ridge_code = agrees(weighted_ridge.point, by_hand.weighted_ridge)

W, Y = matrix("W", p, q), matrix("Y", n, q)
regression_of_many = minimise(sqnorm(F @ W - Y), W)
many_gradient = regression_of_many.gradient
"""Many targets at once

The unknown is a matrix, and the equation is divided by its factor on the left.
"""
many_solvable = regression_of_many.solvable[0]
"""It has an inverse where no feature is a combination of others"""
many_stationary = regression_of_many.stationary
"""The columns do not see each other"""
many_lowest = regression_of_many.lowest
"""Why nothing fits better"""
many_code = agrees(regression_of_many.point, by_hand.regression_of_many, X="F")

mu = vector("mu", p)
P = matrix("P", p, p, positive_definite=True)
away = X - ones(n) @ mu.T
mean_vector = minimise(trace(away @ P @ away.T) / 2, mu)
mean_solvable = mean_vector.solvable[0]
"""The mean, whatever the metric

The matrix of the equation is n times the precision P.
"""
mean_stationary = mean_vector.stationary
"""P cancels"""
mean_lowest = mean_vector.lowest
"""Why it is lowest"""
mean_code = agrees(mean_vector.point, by_hand.mean_vector)

N, s = scalar("N", positive=True), scalar("s", positive=True)
rate_of_events = scalar("lam", positive=True)
rate = minimise(rate_of_events * s - N * log(rate_of_events), rate_of_events)
rate_inside = rate.inside[0]
"""A rate

N events in the time `s`. Here the unknown stands below a fraction line, and the equation is first multiplied with it.
The point found is a rate: it is positive,
"""
rate_stationary = rate.stationary
"""and the gradient vanishes there."""
rate_curvature = rate.curvature
"""How it bends"""
rate_unique = rate.unique
"""The second derivative is positive,"""
rate_bowl = rate.bowl
"""the function convex,"""
rate_lowest = rate.lowest
"""so that its tangent at the point, which is level, touches from below."""
rate_code = agrees(rate.point, by_hand.rate)

S, C = matrix("S", p, p, positive_definite=True), matrix("C", p, p, positive_definite=True)
precision = minimise(trace(S @ C) - logdet(S), S)
precision_inside = precision.inside[0]
"""A precision matrix

The unknown stands inside an inverse; the inverse is what is solved for. The point is a precision: it is definite,
"""
precision_stationary = precision.stationary
"""and stationary."""
precision_bowl = precision.bowl
"""The loss is a bowl"""
precision_lowest = precision.lowest
"""Why nothing is likelier"""
precision_code = agrees(precision.point, by_hand.precision)

pi, c = vector("p", n, positive=True), vector("c", n, positive=True)
sums_to_one = assume(total(pi), equals(1))
frequencies = minimise(-dot(c, log(pi)), pi, subject_to=sums_to_one)
frequencies_inside = frequencies.inside[0]
"""Probabilities from counts

The counts `c`, and one equation: the probabilities `p` sum to 1. It has a multiplier, which is found from the equation
once `p` is known for any multiplier. The point is positive,
"""
frequencies_feasible = frequencies.feasible[0]
"""and sums to 1."""
frequencies_stationary = frequencies.stationary
"""The gradient is what the multiplier pushes"""
frequencies_bowl = frequencies.bowl
"""A bowl"""
frequencies_lowest = frequencies.lowest
"""Why nothing is likelier among probabilities"""
frequencies_code = agrees(frequencies.point, by_hand.frequencies)

x = vector("x", n)
R = matrix("R", n, n, positive_definite=True)
invested = assume(total(x), equals(1))
least_risk = minimise(x.T @ R @ x, x, subject_to=invested)
risk_solvable = least_risk.solvable[0]
"""The portfolio of least risk

Shares `x` that sum to 1, of assets with the covariance R. Two things are divided by: R,
"""
risk_shares = least_risk.solvable[1]
"""and the sum of all entries of its inverse."""
risk_feasible = least_risk.feasible[0]
"""The shares sum to 1"""
risk_stationary = least_risk.stationary
"""Every asset adds the same risk"""
risk_lowest = least_risk.lowest
"""Why no other mixture has less"""
risk_code = agrees(least_risk.point, by_hand.least_risk, S="R")

K, b = matrix("K", n, m, full_column_rank=True), vector("b", m)
on_plane = assume(K.T @ x, equals(b))
shortest = minimise(sqnorm(x) / 2, x, subject_to=on_plane)
shortest_solvable = shortest.solvable[0]
"""The shortest solution of an underdetermined system"""
shortest_feasible = shortest.feasible[0]
"""It is a solution"""
shortest_stationary = shortest.stationary
"""It is a combination of the equations' rows"""
shortest_lowest = shortest.lowest
"""Why no other solution is shorter"""
shortest_code = agrees(shortest.point, by_hand.on_a_plane)

v, a = vector("v", n), vector("a", n, nonzero=True)
beta = scalar("b")
within = assume(dot(a, x), at_most(beta))
half_space = minimise((x - v).T @ R @ (x - v) / 2, x, subject_to=within)
half_space_solvable = half_space.solvable[0]
"""The nearest point of a half-space

An inequality pushes only where it binds: the multiplier is cut off at 0. What is divided by is positive,
"""
half_space_feasible = half_space.feasible[0]
"""the point keeps the constraint,"""
half_space_push = half_space.conditions[0]
"""the push is not negative,"""
half_space_apart = half_space.conditions[1]
"""and where there is one, the constraint binds;"""
half_space_stationary = half_space.stationary
"""the gradient is what is pushed;"""
half_space_lowest = half_space.lowest
"""and nothing in the half-space is nearer."""
half_space_code = agrees(half_space.point, by_hand.in_a_half_space, P="R")

t = vector("t", n, labels=True)
logistic = minimise(total(softplus(-t * (X @ w))), w)
logistic_gradient = logistic.gradient
"""One without a formula

The logistic loss is convex, but its gradient cannot be solved for `w`. What is left is the gradient and the Hessian,
and Newton's steps.
"""
logistic_curvature = logistic.curvature
logistic_bowl = logistic.bowl
logistic_code = agrees(logistic.gradient.last, by_hand.logistic_score, y="t")
