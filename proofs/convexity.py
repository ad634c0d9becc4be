"""Convexity by composition.

Most losses of machine learning are bowls, and one sees it from how they are put together, without a single derivative.

Sums and nonnegative multiples of bowls are bowls, and so is a bowl of an affine function; an increasing bowl of a
bowl is one, too. What is left to be known are a few bricks: norms, quadratic forms, exp, log-sum-exp, relu, the
square over a line, -log det.

Source: Boyd and Vandenberghe, Convex Optimization (2004), sec. 3.2; Grant, Boyd and Ye, Disciplined Convex
Programming (2006).
"""

from chainrule import (
    Sum,
    abs_,
    agrees,
    claim,
    composition,
    concave,
    convex,
    dims,
    dot,
    exp,
    log,
    logdet,
    logsumexp,
    matrix,
    norm,
    over,
    relu,
    scalar,
    softplus,
    sqnorm,
    sqrt,
    total,
    trace,
    vector,
)
from numerics import convexity as by_hand

n, p, K = dims("n p K")
X, y, w = matrix("X", n, p), vector("y", n), vector("w", p)
signs = vector("s", n, labels=True)
lam, mu = scalar("lam", nonnegative=True), scalar("mu", nonnegative=True)

least_squares = claim(convex(sqnorm(X @ w - y), w), composition)
"""Least squares

A norm squared, of an affine function.
"""

ridge = claim(convex(sqnorm(X @ w - y) + lam * sqnorm(w), w), composition)
"""Ridge"""

net = sqnorm(X @ w - y) / 2 + lam * total(abs_(w)) + mu / 2 * sqnorm(w)
elastic_net = claim(convex(net, w), composition)
"""The elastic net

It has corners; the rules do not mind.
"""

logistic = claim(convex(total(softplus(-signs * (X @ w))), w), composition)
"""The logistic loss"""

hinge = claim(convex(total(relu(1 - signs * (X @ w))) + lam * sqnorm(w), w), composition)
"""The hinge loss

The maximum of 0 and an affine function, and the price of a support vector machine.
"""

z = vector("z", n)
log_sum_exp = claim(convex(logsumexp(z), z), composition)
"""Log-sum-exp"""

Z, W = matrix("Y", n, K, one_hot_rows=True), matrix("W", p, K)
scores = X @ W
cross_entropy = Sum(logsumexp(scores[i]) - Z[i].T @ scores[i] for i in over(n))
softmax_cross_entropy = claim(convex(cross_entropy, W), composition)
"""The cross-entropy of the softmax

Log-sum-exp of the scores, less the score of the right class.
"""

length = claim(convex(norm(X @ w - y), w), composition)
"""A norm

Not squared: it has a corner where the residual is 0.
"""

S = matrix("S", p, p, positive_definite=True)
C = matrix("C", p, p, psd=True)
log_determinant = claim(convex(trace(C @ S) - logdet(S), S), composition)
"""The negative log-likelihood of a precision matrix

On the cone of positive definite matrices S, which is the natural domain of log det.
"""

v = vector("v", p, positive=True)
square_over_line = claim(convex(sqnorm(X @ v - y) / total(v), v), composition)
"""A square over a line

In the numerator and in the denominator at once, on the domain where the denominator is positive.
"""

poisson = claim(convex(total(exp(X @ w)) - dot(y, X @ w), w), composition)
"""The Poisson loss"""

t = scalar("t", positive=True)
fraction = claim(convex(sqnorm(X @ w - y) / t, w, t), composition)
"""A square over a number, both moving

Convex in both together: more than convex in each.
"""

matrix_fraction = claim(convex(w.T @ S.I @ w, w, S), composition)
"""A square over a matrix

In the vector and in the positive definite matrix together.
"""

trace_of_inverse = claim(convex(trace(S.I), S), composition)
"""The trace of an inverse

A-optimal design asks for its minimum.
"""

q, r = vector("q", p, positive=True), vector("r", p, positive=True)
entropy = claim(convex(total(q * log(q / r)), q, r), composition)
"""Relative entropy

Convex in both distributions together.
"""

k = scalar("k", positive=True)
residual = X @ w - y
huber = claim(convex(total(residual**2 / 2 - relu(abs_(residual) - k) ** 2 / 2), w), composition)
"""Huber's loss

A difference of two bowls, and a bowl: what is taken off never grows faster than the square.
"""

mean = claim(concave(sqrt(lam * mu), lam, mu), composition)
"""The geometric mean

Concave in both numbers together, though their product is neither.
"""

cross_entropy_code = agrees(cross_entropy, by_hand.cross_entropy, Z="Y")
net_code = agrees(net, by_hand.elastic_net)
