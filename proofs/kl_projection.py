"""Maximum likelihood is a projection.

To make the data probable, to come near to them, and to be seldom surprised by them are one and the same wish.

The data are N examples in K categories, C their indicator; their shares make the empirical law. The model's law q may
depend on anything. With numbers in place of categories the surprise of a normal law is the squared error, and that of
Laplace's the absolute one.

Source: Kullback, Information Theory and Statistics (1959); Akaike (1973); Cover and Thomas, Elements of Information
Theory (2nd ed.), sec. 11.1; Vapnik, Statistical Learning Theory (1998), sec. 1.3.
"""

from chainrule import (
    Laplace,
    Normal,
    Sum,
    abs_,
    agrees,
    algebra,
    at_least,
    at_most,
    by,
    cited,
    derive,
    differentiate,
    dims,
    dot,
    equals,
    grad,
    index,
    let,
    log,
    matrix,
    over,
    pi,
    scalar,
    softmax,
    sqnorm,
    total,
    vector,
)
from numerics import kl_projection as by_hand

N, K, p = dims("N K p")
C = matrix("C", N, K, one_hot_rows=True, nonempty_columns=True)
q = vector("q", K, simplex=True, positive=True)
k = index("k", K)

share = let("p_hat", total(C, axis=0) / N)
shares = derive(total(share), equals(1, algebra))
"""The empirical law

The shares of the categories are probabilities.
"""
surprise = let("L", -Sum(dot(C[i], log(q)) for i in over(N)) / N)
entropy = let("H", -Sum(share[j] * log(share[j]) for j in over(K)))
gap = let("D", Sum(share[j] * log(share[j] / q[j]) for j in over(K)))
projection = derive(
    surprise,
    equals(-Sum(share[j] * log(q[j]) for j in over(K)), algebra),
    equals(entropy + gap, algebra),
)
"""Surprise is entropy and divergence

The mean of -log q over the data is the entropy of the empirical law, of which no model knows, and the divergence of q
from it. Whoever makes one small makes the other small.
"""
below = cited(
    share[k] * log(q[k] / share[k]),
    at_most(q[k] - share[k]),
    theorem="1 + t <= e^t",
    source="Hardy, Littlewood and Polya, Inequalities (2nd ed.), sec. 4.2",
)
least = derive(
    surprise,
    equals(entropy - Sum(share[j] * log(q[j] / share[j]) for j in over(K)), algebra),
    at_least(entropy - Sum(q[j] - share[j] for j in over(K)), by(below)),
    equals(entropy, algebra),
)
"""No law is surprised less

than the empirical one.
"""

X = matrix("T", K, p)  # a row of features for each category
w = vector("w", p)
law = let("q_w", softmax(X @ w))
matched = derive(
    grad(-Sum(dot(C[i], log(softmax(X @ w))) for i in over(N)) / N, w),
    equals(X.T @ (law - share), differentiate),
)
"""Projection on an exponential family

The surprise is least where model and data have the same mean features.
"""

y, f = vector("y", N), vector("f", N)  # numbers, and what is predicted
sigma_sq, b = scalar("sigma_sq", positive=True), scalar("b", positive=True)
normal = derive(
    -Sum(Normal(f[i], sigma_sq).log_density(y[i]) for i in over(N)),
    equals(sqnorm(y - f) / (2 * sigma_sq) + N * log(2 * pi * sigma_sq) / 2, algebra),
)
"""Squared loss

is the surprise of normal noise,
"""
laplace = derive(
    -Sum(Laplace(f[i], b).log_density(y[i]) for i in over(N)),
    equals(total(abs_(y - f)) / b + N * log(2 * b), algebra),
)
"""absolute loss that of Laplace's."""

surprise_code = agrees(surprise, by_hand.log_loss)
gap_code = agrees(gap, by_hand.divergence_of_the_model)
