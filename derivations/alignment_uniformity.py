"""Alignment and uniformity.

For unit vectors InfoNCE is a sum of two wishes: partners should lie close together, and all embeddings should spread
out over the sphere. With unit vectors a score is a distance in disguise.

With more and more negatives the mean of the second part becomes an expected value, and it is lowest for the uniform
distribution; that limit is not shown here. The split itself is exact, for every batch.

Source: Wang and Isola, Understanding contrastive representation learning through alignment and uniformity on the
hypersphere, ICML (2020).
"""

from chainrule import (
    Sum,
    agrees,
    by,
    derive,
    diag,
    differentiate,
    dims,
    dot,
    each,
    equals,
    exp,
    grad,
    index,
    let,
    log,
    matrix,
    over,
    scalar,
    sqnorm,
    total,
)
from numerics import alignment_uniformity as by_hand

n, d = dims("n d", typical=(128, 64))
Z, V = matrix("Z", n, d, unit=True), matrix("V", n, d, unit=True)  # two views, rows of length 1
t = scalar("t", positive=True)  # the temperature
i, j = index("i", n), index("j", n)


def squared_distances(Z, V):
    """|z_i - v_j|^2 of all pairs.    Z, V (n, d)  ->  (n, n)"""
    n = Z.shape[0]
    return each(sqnorm(Z[i] - V[j]) for i in over(n) for j in over(n))


disguised = derive(
    dot(Z[i], V[j]),
    equals((sqnorm(Z[i]) + sqnorm(V[j]) - sqnorm(Z[i] - V[j])) / 2),
    equals(1 - sqnorm(Z[i] - V[j]) / 2),
)
"""A score is a distance

of two unit vectors.
"""

anchor = dot(Z[i], V[i]) / t
row = Sum(exp(dot(Z[i], V[l]) / t) for l in over(n))
near = Sum(exp(-sqnorm(Z[i] - V[l]) / (2 * t)) for l in over(n))
partition = derive(
    row,
    equals(Sum(exp((1 - sqnorm(Z[i] - V[l]) / 2) / t) for l in over(n)), by(disguised)),
    equals(exp(1 / t) * near),
)
"""What a row is divided by

The same number e^(1/t) stands in every term.
"""
split = derive(
    log(row) - anchor,
    equals(log(exp(1 / t) * near) - anchor, by(partition)),
    equals(log(near) + 1 / t - anchor),
    equals(log(near) + sqnorm(Z[i] - V[i]) / (2 * t), by(disguised)),
)
"""InfoNCE is the sum of both

For every anchor: how far its partner is, and how many are near.
"""

X, Y = matrix("Z", n, d), matrix("V", n, d)  # before they are made unit vectors, the gradients are these
aligned = derive(
    grad(sqnorm(X - Y) / n, X),
    equals(2 * (X - Y) / n, differentiate),
)
"""Alignment pulls

straight to the partner.
"""

K = let("K", exp(-t * squared_distances(X, X)))
uniform = derive(
    grad(log(total(K) / n**2), X),
    equals(-4 * t * (diag(total(K, axis=1)) - K) @ X / total(K), differentiate),
)
"""Uniformity pushes

each from its neighbours, the near ones most. The matrix is the Laplacian of the graph that K draws, with its sign
turned: heat would bring the points together, this drives them apart.
"""
no_drift = derive(
    total(uniform.last, axis=0),
    equals(0),
)
"""Nobody drifts

All pushes together are 0.
"""

alignment_code = agrees(sqnorm(X - Y) / n, by_hand.alignment)
alignment_gradient_code = agrees(aligned.last, by_hand.alignment_by_view)
uniformity_code = agrees(log(total(K) / n**2), by_hand.uniformity)
uniformity_gradient_code = agrees(uniform.last, by_hand.uniformity_by_embedding)
