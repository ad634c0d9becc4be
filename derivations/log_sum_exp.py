"""Log-sum-exp and softmax.

Log-sum-exp is a smooth maximum, and its gradient, softmax, is a smooth choice. It is a bowl: the curvature is the
variance of a direction under the probabilities that softmax chooses with.

Source: Boyd and Vandenberghe, Convex Optimization (2004), sec. 3.1.5; Bishop, PRML (2006), eq. 4.106.
"""

from chainrule import (
    I,
    Sum,
    agrees,
    algebra,
    at_least,
    by,
    claim,
    convex,
    derive,
    diag,
    differentiate,
    dims,
    dot,
    equals,
    exp,
    expand,
    grad,
    hessian,
    jacobian,
    let,
    logsumexp,
    ones,
    over,
    positive_semidefinite,
    positivity,
    softmax,
    total,
    vector,
)
from numerics import log_sum_exp as by_hand

(n,) = dims("n")
x = vector("x", n)
v = vector("v", n)
p = let("p", softmax(x))

gradient = derive(
    grad(logsumexp(x), x),
    equals(exp(x) / total(exp(x)), differentiate),
    equals(p, algebra),
)
"""The gradient is softmax

The logarithm divides by the sum, the exponential stays itself.
"""

softmax_jacobian = derive(
    jacobian(softmax(x), x),
    equals(diag(p) - p @ p.T, differentiate),
)
"""The Jacobian of softmax

Raising one entry raises its own probability, and lowers the others to pay for it.
"""

rows = derive(
    (diag(p) - p @ p.T) @ ones(n),
    equals(p - p, algebra),
    equals(0, algebra),
)
"""Only differences count

Raising all entries alike changes nothing: the rows of the Jacobian sum to zero.
"""

curvature = derive(
    hessian(logsumexp(x), x),
    equals(diag(p) - p @ p.T, differentiate),
    equals((I(n) - ones(n) @ p.T).T @ diag(p) @ (I(n) - ones(n) @ p.T), algebra),
)
"""The curvature

A congruence: take the mean off, then weigh with the probabilities.
"""

variance = derive(
    v.T @ (diag(p) - p @ p.T) @ v,
    equals(Sum(p[i] * v[i] ** 2 for i in over(n)) - dot(p, v) ** 2, expand),
    equals(Sum(p[i] * (v[i] - dot(p, v)) ** 2 for i in over(n)), algebra),
    at_least(0, positivity),
)
"""A variance

Along a direction v the curvature is the variance of its entries under p.
"""

H = let("H", curvature.last)
bent_up = claim(positive_semidefinite(H), positivity)
"""Bent upwards

The Hessian is positive semidefinite, at every point.
"""

bowl = claim(convex(logsumexp(x), x), by(curvature))
"""Log-sum-exp is a bowl"""

value_code = agrees(logsumexp(x), by_hand.logsumexp)
gradient_code = agrees(grad(logsumexp(x), x), by_hand.softmax)
jacobian_code = agrees(jacobian(softmax(x), x), by_hand.softmax_jacobian)
