"""Logistic regression.

A line separates two classes; the loss counts, softly, on which side of it each example falls. It has no closed
form, but it is a bowl, and Newton's step on it is a weighted least squares problem.

Source: Cox (1958); Bishop, PRML, sec. 4.3.2-4.3.3; Nocedal and Wright, Numerical Optimization (2nd ed.), ch. 3.
"""

from chainrule import (
    agrees,
    assume,
    by,
    cancel,
    claim,
    convex,
    derive,
    diag,
    differentiate,
    dims,
    equals,
    grad,
    hessian,
    invertible,
    let,
    matrix,
    positive_semidefinite,
    positivity,
    sigmoid,
    softplus,
    total,
    vector,
)
from numerics import logistic as by_hand

n, p = dims("n p")
X = matrix("X", n, p)  # one example a row
y = vector("y", n, labels=True)  # -1 or 1
w = vector("w", p)

margin = let("m", y * (X @ w))
loss = total(softplus(-margin))

gradient = derive(
    grad(loss, w),
    equals(-X.T @ (y * sigmoid(-margin)), differentiate),
)
"""The gradient

Each example pulls with the probability that it is on the wrong side.
"""

weights = let("s", sigmoid(margin) * sigmoid(-margin))
curvature = derive(
    hessian(loss, w),
    equals(X.T @ diag(weights) @ X, differentiate),
)
"""The curvature

The labels drop out, since their squares are 1: only the unsure examples bend the loss.
"""

H = let("H", X.T @ diag(weights) @ X)
bent_up = claim(positive_semidefinite(H), positivity)
"""Bent upwards"""
bowl = claim(convex(loss, w), by(curvature))
"""The loss is a bowl

Its Hessian is a Gram matrix with nonnegative weights.
"""

curved = assume(invertible(H))
z = let("z", X @ w + y * sigmoid(-margin) / weights)
newton = derive(
    w - H.I @ gradient.last,
    equals(H.I @ (H @ w + X.T @ (y * sigmoid(-margin))), cancel(H, given=curved)),
    equals(H.I @ X.T @ (weights * (X @ w) + y * sigmoid(-margin)), by(curved)),
    equals(H.I @ X.T @ diag(weights) @ z, by(curved)),
)
"""Newton's step

It solves a weighted least squares problem, again and again: hence its other name, IRLS.
"""

loss_code = agrees(loss, by_hand.loss)
gradient_code = agrees(grad(loss, w), by_hand.gradient)
hessian_code = agrees(H, by_hand.hessian)
newton_code = agrees(newton.last, by_hand.newton_step, given=curved)
