"""The spectral contrastive loss.

Views of one image should have similar embeddings, and all others orthogonal ones. Written with squares, this loss is
exactly a low-rank factorisation of the graph that joins the views: what it learns are that graph's leading
eigenvectors.

A says how often two views come from one image; w are its row sums, how often a view occurs. An embedding f counts as
u = sqrt(w) f, and A as A / sqrt(w w'). That the eigenvectors with the *largest* eigenvalues give the lowest loss is the
theorem of Eckart and Young, which is not shown here.

Source: HaoChen, Wei, Gaidon and Ma, Provable guarantees for self-supervised deep learning with spectral contrastive
loss, NeurIPS (2021), lemma 3.2.
"""

from chainrule import (
    Sum,
    agrees,
    assume,
    by,
    derive,
    diag,
    differentiate,
    dims,
    each,
    equals,
    grad,
    let,
    matrix,
    outer,
    over,
    sqnorm,
    sqrt,
    total,
    vector,
)
from numerics import spectral_contrastive as by_hand

n, k = dims("n k", typical=(500, 16))
A = matrix("A", n, n, symmetric=True, positive=True)  # how often two views come from one image
F = matrix("F", n, k)  # one embedding a row
w = let("w", total(A, axis=1))


def loss(A, w, F):
    """-2 sum a_ij f_i'f_j + sum w_i w_j (f_i'f_j)^2.    F (n, k)"""
    similar = F @ F.T
    return -2 * total(A * similar) + total(outer(w, w) * similar**2)


def scale(i, j):
    """How often two views would meet by chance, the root of it."""
    return sqrt(w[i] * w[j])


graph = let("B", each(A[i, j] / scale(i, j) for i in over(n) for j in over(n)))
U = let("U", each(sqrt(w[i]) * F[i] for i in over(n)))
factorisation = derive(
    sqnorm(graph - U @ U.T),
    equals(
        Sum((A[i, j] / sqrt(w[i] * w[j]) - sqrt(w[i] * w[j]) * (F @ F.T)[i, j]) ** 2 for i in over(n) for j in over(n))
    ),
    equals(sqnorm(graph) + loss(A, w, F)),
)
"""A low-rank factorisation

The two differ by a constant. So F is best where U U', of rank k at most, is as near as possible to the graph.
"""

by_embedding = derive(
    grad(loss(A, w, F), F),
    equals(4 * (outer(w, w) * (F @ F.T)) @ F - 4 * A @ F, differentiate),
)
"""The gradient

Pulled to its own views, pushed from what it already resembles.
"""

M, V = matrix("B", n, n, symmetric=True), matrix("U", n, k)
by_factor = derive(
    grad(sqnorm(M - V @ V.T), V),
    equals(4 * (V @ V.T @ V - M @ V), differentiate),
)
"""The same in terms of U"""

l = vector("l", k, nonnegative=True)
eigenvectors = assume(M @ V, equals(V @ diag(l)))
orthogonal = assume(V.T @ V, equals(diag(l)))
stationary = derive(
    by_factor.last,
    equals(4 * (V @ diag(l) - V @ diag(l)), by(eigenvectors, orthogonal)),
    equals(0),
)
"""Eigenvectors are stationary

Columns of U that are eigenvectors, orthogonal, as long as the roots of their eigenvalues.
"""
left = derive(
    sqnorm(M - V @ V.T),
    equals(sqnorm(M) - total(l**2), by(eigenvectors, orthogonal)),
)
"""And what they leave

The loss there is what the squares of the eigenvalues do not explain: best are the largest.
"""

loss_code = agrees(loss(A, w, F), by_hand.loss)
gradient_code = agrees(by_embedding.last, by_hand.gradient)
graph_code = agrees(graph, by_hand.normalised)
