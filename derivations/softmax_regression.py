"""Softmax regression.

Several classes, one line each; the class with the highest line wins, and the loss says how surprised the softmax of the
lines was. A vector added to every line changes nothing: one class more has been given weights than is needed.

Source: Bishop, PRML, sec. 4.3.4; Murphy, Probabilistic Machine Learning (2022), sec. 10.3.
"""

from chainrule import (
    Sum,
    agrees,
    at_least,
    claim,
    composition,
    convex,
    derive,
    diag,
    differentiate,
    dims,
    equals,
    exp,
    expand,
    grad,
    hessian,
    let,
    log,
    logsumexp,
    matrix,
    ones,
    outer,
    over,
    positivity,
    scalar,
    sigmoid,
    softmax,
    total,
    vector,
)
from numerics import softmax_regression as by_hand

n, p, K = dims("n p K")
X = matrix("X", n, p)  # one example a row
Y = matrix("Y", n, K, one_hot_rows=True)  # its class
W = matrix("W", p, K)  # one line a column
c = vector("c", p)

P = let("P", softmax(X @ W))
loss = total(logsumexp(X @ W, axis=1)) - total(Y * (X @ W))

cross_entropy = derive(
    -total(Y * log(P)),
    equals(loss),
)
"""Surprise

The cross-entropy of the classes and their probabilities, written with no logarithm of a small number.
"""

gradient = derive(
    grad(loss, W),
    equals(X.T @ (P - Y), differentiate),
)
"""The gradient

Residuals, carried back through X, as in least squares.
"""

bowl = claim(convex(loss, W), composition)
"""The loss is a bowl"""

shifted = derive(
    softmax(X @ (W + outer(c, ones(K)))),
    equals(P),
)
"""One vector too many

What is added to every class changes no probability,
"""
flat = derive(
    loss.at(W, W + outer(c, ones(K))),
    equals(loss),
)
"""A flat direction

and not the loss: the bowl has no strict minimum.
"""
level = derive(
    gradient.last @ ones(K),
    equals(0),
)
"""The gradients add up to zero

Along that direction nothing pulls.
"""

z = vector("z", K)
v = vector("v", K)
s = let("s", softmax(z))
curvature = derive(
    hessian(logsumexp(z), z),
    equals(diag(s) - outer(s, s), differentiate),
)
"""The curvature of one example

A covariance matrix.
"""
variance = derive(
    v.T @ curvature.last @ v,
    equals(Sum(s[k] * (v[k] - s.T @ v) ** 2 for k in over(K)), expand),
    at_least(0, positivity),
)
"""It is a variance

Its quadratic form is the variance of v under the probabilities,
"""
no_curvature = derive(
    curvature.last @ ones(K),
    equals(0),
)
"""Flat again

which vanishes where all the lines move together.
"""

a, b = scalar("a"), scalar("b")
two = derive(
    exp(a) / (exp(a) + exp(b)),
    equals(sigmoid(a - b)),
)
"""Two classes

Only the difference of the two lines counts: logistic regression.
"""

loss_code = agrees(loss, by_hand.loss)
gradient_code = agrees(grad(loss, W), by_hand.gradient)
probability_code = agrees(P, by_hand.probabilities)
