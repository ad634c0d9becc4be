"""Exponential families.

Weigh every outcome by the exponential of a linear score. The logarithm of the sum of the weights knows everything: its
slope is the mean of the statistics, its curvature their covariance, and so it is convex. And of all laws with the same
mean of the statistics this one is the most uncertain.

The outcomes are finitely many, K; T has a row of statistics for each, and h is the base measure.

Source: Wainwright and Jordan (2008), sec. 3; Brown, Fundamentals of Statistical Exponential Families (1986), theorem
2.2; Jaynes (1957).
"""

from chainrule import (
    Sum,
    agrees,
    algebra,
    assume,
    at_most,
    by,
    cited,
    claim,
    convex,
    derive,
    differentiate,
    dims,
    dot,
    equals,
    exp,
    grad,
    hessian,
    index,
    let,
    log,
    logsumexp,
    matrix,
    outer,
    over,
    positive_semidefinite,
    positivity,
    softmax,
    vector,
)
from numerics import exponential_family as by_hand

K, p = dims("K p")
T = matrix("T", K, p)
h = vector("h", K, positive=True)
theta = vector("theta", p)

A = let("A", logsumexp(log(h) + T @ theta))
pi_theta = let("pi", softmax(log(h) + T @ theta))
law = derive(
    pi_theta,
    equals(h * exp(T @ theta) / Sum(h[k] * exp(dot(T[k], theta)) for k in over(K)), algebra),
)
"""The law"""

mean = let("tau", Sum(pi_theta[k] * T[k] for k in over(K)))
gradient = derive(
    grad(A, theta),
    equals(mean, differentiate),
)
"""The slope is the mean of the statistics"""
curvature = derive(
    hessian(A, theta),
    equals(Sum(pi_theta[k] * outer(T[k] - mean, T[k] - mean) for k in over(K)), differentiate),
)
"""The curvature is their covariance"""
covariance = claim(positive_semidefinite(curvature.last), positivity)
"""It has no negative direction"""
bowl = claim(convex(A, theta), by(curvature))
"""The log-partition function is convex

and minus the log-likelihood with it: A - theta't for the mean t of the statistics in the data.
"""
t = vector("t", p)
score = derive(
    grad(dot(theta, t) - A, theta),
    equals(t - mean, differentiate),
)
"""The score

At the maximum the mean of the statistics under the law is that of the data.
"""

q = vector("q", K, simplex=True, positive=True)  # any other law
matched = assume(T.T @ q, equals(T.T @ pi_theta))
k = index("k", K)
below = cited(
    log(pi_theta[k] / q[k]),
    at_most(pi_theta[k] / q[k] - 1),
    theorem="1 + t <= e^t",
    source="Hardy, Littlewood and Polya, Inequalities (2nd ed.), sec. 4.2",
)
cost = derive(
    -Sum(q[j] * log(pi_theta[j] / h[j]) for j in over(K)),
    equals(A - theta.T @ T.T @ q, algebra),
    equals(A - theta.T @ T.T @ pi_theta, by(matched)),
    equals(-Sum(pi_theta[j] * log(pi_theta[j] / h[j]) for j in over(K)), algebra),
    given=matched,
)
"""What every law with the same mean pays

The code of the family costs all of them the same.
"""
gap = derive(
    Sum(q[j] * log(pi_theta[j] / h[j]) for j in over(K)) - Sum(q[j] * log(q[j] / h[j]) for j in over(K)),
    equals(Sum(q[j] * log(pi_theta[j] / q[j]) for j in over(K)), algebra),
    at_most(Sum(q[j] * (pi_theta[j] / q[j] - 1) for j in over(K)), by(below)),
    equals(0, algebra),
)
"""Gibbs' inequality"""
most_uncertain = derive(
    -Sum(q[j] * log(q[j] / h[j]) for j in over(K)),
    at_most(-Sum(q[j] * log(pi_theta[j] / h[j]) for j in over(K)), by(gap)),
    equals(-Sum(pi_theta[j] * log(pi_theta[j] / h[j]) for j in over(K)), by(cost)),
    given=matched,
)
"""The largest entropy

among all laws with this mean of the statistics, relative to h.
"""

mean_code = agrees(mean, by_hand.mean)
covariance_code = agrees(curvature.last, by_hand.covariance)
