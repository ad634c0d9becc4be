"""Generalised linear models.

Let a line set the natural parameter of an exponential family. Then, whatever the family, the gradient of the
log-likelihood is the residual carried back through X, and the curvature is the variance, between X' and X.

The theorem stands first for a family with finitely many values t_1, ..., t_K and base measure exp(h): its
log-normaliser is a log-sum-exp. The normal, Bernoulli and Poisson families follow, each with its own log-normaliser.

Source: McCullagh and Nelder, Generalized Linear Models (2nd ed.), sec. 2.2-2.5; Bishop, PRML, sec. 4.3.6.
"""

from chainrule import (
    agrees,
    claim,
    composition,
    convex,
    derive,
    diag,
    differentiate,
    dims,
    dot,
    equals,
    exp,
    grad,
    hessian,
    let,
    logsumexp,
    matrix,
    outer,
    sigmoid,
    softmax,
    softplus,
    sqnorm,
    total,
    vector,
)
from numerics import glm as by_hand

n, p, K = dims("n p K")
X = matrix("X", n, p)  # one example a row
y = vector("y", n)
w = vector("w", p)
t = vector("t", K)  # the values of the family,
h = vector("h", K)  # and the logarithms of its base measure

eta = let("η", X @ w)
Z = let("Z", h + outer(eta, t))
P = let("P", softmax(Z))
log_likelihood = dot(y, eta) - total(logsumexp(Z, axis=1))
mu = let("μ", P @ t)
variance = let("s", P @ t**2 - (P @ t) ** 2)

score = derive(
    grad(log_likelihood, w),
    equals(X.T @ (y - mu), differentiate),
)
"""The score

A residual, carried back through X.
"""
information = derive(
    hessian(-log_likelihood, w),
    equals(X.T @ diag(variance) @ X, differentiate),
)
"""The curvature

The variance of each response, between X' and X. It does not contain y: Newton's method is Fisher's scoring.
"""
bowl = claim(convex(-log_likelihood, w), composition)
"""One mode

The log-likelihood is concave.
"""

normal = derive(
    grad(dot(y, X @ w) - sqnorm(X @ w) / 2, w),
    equals(X.T @ (y - X @ w), differentiate),
)
"""Normal responses

The log-normaliser is half a square: least squares.
"""
bernoulli = derive(
    grad(dot(y, X @ w) - total(softplus(X @ w)), w),
    equals(X.T @ (y - sigmoid(X @ w)), differentiate),
)
"""Bernoulli responses

The log-normaliser is the softplus: logistic regression, for labels 0 and 1.
"""
poisson = derive(
    grad(dot(y, X @ w) - total(exp(X @ w)), w),
    equals(X.T @ (y - exp(X @ w)), differentiate),
)
"""Poisson responses

The log-normaliser is the exponential function: counts.
"""
rates = derive(
    hessian(total(exp(X @ w)) - dot(y, X @ w), w),
    equals(X.T @ diag(exp(X @ w)) @ X, differentiate),
)
"""Its curvature

A Poisson variable's variance is its mean.
"""

score_code = agrees(grad(log_likelihood, w), by_hand.finite)
mean_code = agrees(mu, by_hand.mean)
normal_code = agrees(normal.first, by_hand.normal)
bernoulli_code = agrees(bernoulli.first, by_hand.bernoulli)
poisson_code = agrees(poisson.first, by_hand.poisson)
