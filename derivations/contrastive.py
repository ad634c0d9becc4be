"""InfoNCE, NT-Xent and CLIP.

Two views of one thing should be found again among views of other things: a classification whose classes are the
examples themselves. So its gradient by the scores is softmax minus one-hot, P - I.

The embeddings are unit vectors, and that is half of the method: what comes back through the normalisation is orthogonal
to the embedding, so that it turns and does not grow.

Source: van den Oord, Li and Vinyals, Representation learning with contrastive predictive coding (2018); Chen et al., A
simple framework for contrastive learning, ICML (2020); Khosla et al., Supervised contrastive learning, NeurIPS (2020);
Radford et al., Learning transferable visual models, ICML (2021).
"""

from chainrule import (
    I,
    agrees,
    assume,
    claim,
    delta,
    derive,
    diagof,
    differentiate,
    dims,
    dot,
    each,
    equals,
    exp,
    grad,
    index,
    jacobian,
    let,
    log,
    logsumexp,
    matrix,
    norm,
    ones,
    outer,
    over,
    positive,
    positivity,
    scalar,
    softmax,
    sqrt,
    total,
    trace,
    vector,
    vjp,
)
from numerics import contrastive as by_hand


def across(v, size):
    """The number of each row, in all of its places.    v (n,)  ->  (n, size)"""
    return outer(v, ones(size))


def lengths(U):
    """The length of each row, in all of its places.    U (n, d)  ->  (n, d)"""
    return across(sqrt(total(U**2, axis=1)), U.shape[1])


def unit_rows(U):
    """Each row over its length.    U (n, d)  ->  (n, d)"""
    return U / lengths(U)


def tangent(Z, G):
    """G less its part along each row of Z.    Z, G (n, d)  ->  (n, d)"""
    return G - Z * across(total(G * Z, axis=1), Z.shape[1])


def info_nce(S):
    """mean over rows of log sum_j exp(s_ij) - s_ii.    S (n, n)"""
    return total(logsumexp(S, axis=1) - diagof(S)) / S.shape[0]


def others(S):
    """exp(s_ij) for j other than i, and 0 on the diagonal.    S (n, n)  ->  (n, n)"""
    n = S.shape[0]
    return each((1 - delta(i, j)) * exp(S[i, j]) for i in over(n) for j in over(n))


def nt_xent(A, B, t):
    """SimCLR's loss of two views, over all 2n of them.    A, B (n, d) unit rows, t the temperature"""
    pairs = exp(A @ B.T / t)
    from_A = log(total(pairs, axis=1) + total(others(A @ A.T / t), axis=1))
    from_B = log(total(pairs, axis=0) + total(others(B @ B.T / t), axis=1))
    return (total(from_A) + total(from_B) - 2 * total(A * B) / t) / (2 * A.shape[0])


def clip(S):
    """The mean of the cross-entropies of rows and of columns.    S (n, n)"""
    return (total(logsumexp(S, axis=1)) + total(logsumexp(S, axis=0)) - 2 * trace(S)) / (2 * S.shape[0])


n, m, d = dims("n m d", typical=(128, 128, 64))
S = matrix("S", n, n)
P = let("P", softmax(S))
A, B = matrix("A", n, d), matrix("B", n, d)  # two views, one example a row
t = scalar("t", positive=True)

by_scores = derive(
    grad(info_nce(S), S),
    equals((P - I(n)) / n, differentiate),
)
"""InfoNCE, by the scores

Each row has a right answer, its partner, on the diagonal.
"""
Q = let("P", softmax(A @ B.T / t))
by_anchors = derive(
    grad(info_nce(A @ B.T / t), A),
    equals((Q - I(n)) @ B / (n * t), differentiate),
)
"""By the anchors

An anchor is pulled to its partner, and pushed from everybody by how much they look like it.
"""
by_partners = derive(
    grad(info_nce(A @ B.T / t), B),
    equals((Q - I(n)).T @ A / (n * t), differentiate),
)
"""By the partners"""
by_temperature = derive(
    grad(info_nce(A @ B.T / t), t),
    equals(-total((Q - I(n)) * (A @ B.T)) / (n * t**2), differentiate),
)
"""By the temperature"""

Y = matrix("Y", n, m, stochastic_rows=True)
R = matrix("S", n, m)
by_supervised = derive(
    grad(total(logsumexp(R, axis=1) - total(Y * R, axis=1)) / n, R),
    equals((softmax(R) - Y) / n, differentiate),
)
"""With several partners

Supervised contrastive learning gives every positive of an anchor the same share Y of its row.
"""

u = vector("u", d)
apart = assume(positive(dot(u, u)))
z = let("z", u / norm(u))
unit_jacobian = derive(
    jacobian(z, u),
    equals((I(d) - outer(z, z)) / norm(u), differentiate),
    given=apart,
)
"""The Jacobian of a unit vector

A projection: only what is orthogonal to z can turn it. Long vectors turn slowly.
"""

U, V, G = matrix("U", n, d), matrix("V", n, d), matrix("G", n, d)
i = index("i", n)
no_row_zero = assume(positive(total(U**2, axis=1)))
Z = let("Z", unit_rows(U))
by_rows = derive(
    vjp(Z, U, G),
    equals(tangent(Z, G) / lengths(U), differentiate),
    given=no_row_zero,
)
"""A batch of unit vectors, backwards

Assumed: no row is 0.
"""
orthogonal = derive(
    total(by_rows.last * U, axis=1),
    equals(0),
    given=no_row_zero,
)
"""Orthogonal to the row

So a step along the gradient makes the row longer, whatever the loss.
"""

pairs = exp(A @ B.T / t)
sum_A = let("D", total(pairs, axis=1) + total(others(A @ A.T / t), axis=1))
sum_B = let("E", total(pairs, axis=0) + total(others(B @ B.T / t), axis=1))
has_others = claim(positive(sum_A), positivity)
"""There is always somebody to compare with"""
P_AB = let("P", pairs / across(sum_A, n))
P_AA = let("O", others(A @ A.T / t) / across(sum_A, n))
P_BA = let("Q", pairs.T / across(sum_B, n))
by_view = derive(
    grad(nt_xent(A, B, t), A),
    equals(((P_AB + P_BA.T - 2 * I(n)) @ B + (P_AA + P_AA.T) @ A) / (2 * n * t), differentiate),
)
"""NT-Xent, by one of the views

P says how much an A looks like each B, and O like each other A; nobody is compared with himself, so O has zeros on its
diagonal. Each A stands in its own row and in the rows of all others: both are added.
"""
whole = derive(
    grad(info_nce(unit_rows(U) @ B.T / t), U),
    equals(tangent(Z, (softmax(Z @ B.T / t) - I(n)) @ B) / (n * t * lengths(U)), differentiate),
    given=no_row_zero,
)
"""Through the normalisation

The anchors as the network gives them, before they are made unit vectors.
"""

s = scalar("s")
scores = let("S", exp(s) * A @ B.T)
residual = let("R", (softmax(scores) + softmax(scores, axis=0) - 2 * I(n)) / (2 * n))
by_images = derive(
    grad(clip(scores), A),
    equals(exp(s) * residual @ B, differentiate),
)
"""CLIP, by the images

Each image looks for its text, a softmax along rows, and each text for its image, a softmax along columns.
"""
by_texts = derive(
    grad(clip(scores), B),
    equals(exp(s) * residual.T @ A, differentiate),
)
"""By the texts"""
by_scale = derive(
    grad(clip(scores), s),
    equals(total(residual * scores), differentiate),
)
"""By the scale

Its logarithm s is learned: at its best the residuals are uncorrelated with the scores.
"""

scores_code = agrees(info_nce(S), by_hand.info_nce)
by_scores_code = agrees(by_scores.last, by_hand.info_nce_by_scores)
supervised_code = agrees(by_supervised.first, by_hand.supervised_by_scores)
unit_code = agrees(unit_rows(U), by_hand.unit_rows, given=no_row_zero)
unit_backward_code = agrees(by_rows.last, by_hand.unit_rows_backward, given=no_row_zero)
nt_xent_code = agrees(nt_xent(A, B, t), by_hand.nt_xent)
view_code = agrees(by_view.last, by_hand.nt_xent_by_view)
clip_code = agrees(clip(scores), by_hand.clip)
images_code = agrees(by_images.last, by_hand.clip_by_images)
texts_code = agrees(by_texts.last, by_hand.clip_by_texts)
scale_code = agrees(by_scale.last, by_hand.clip_by_scale)
