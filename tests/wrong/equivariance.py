"""Layers that do not know the order: what is no permutation, what was not permuted along, what does know the order."""

from chainrule import (
    derive,
    differentiate,
    dims,
    equals,
    matrix,
    maximum,
    relu,
    scalar,
    softmax,
    tensor,
    total,
    vector,
    vjp,
)
from derivations.attention import attention, causal_attention, multi_head
from derivations.normalisation import batch_norm
from derivations.transformer_block import layer_norm
from tests.wrong.pairs import pair

n, m, p, d, e, H = dims("n m p d e H")
P, R = matrix("P", n, n, permutation=True), matrix("R", m, m, permutation=True)
C = matrix("C", n, n, one_hot_rows=True)
S, O, D = matrix("P", n, n, stochastic_rows=True), matrix("P", n, n, orthogonal=True), matrix("P", n, n, binary=True)
A, X, E = matrix("A", n, n), matrix("X", n, p), matrix("E", n, p)
Q, K, V = matrix("Q", n, d), matrix("K", m, d), matrix("V", m, e)
Hq, Hk, Hv, Ho = tensor("Hq", H, p, d), tensor("Hk", H, p, d), tensor("Hv", H, p, e), tensor("Ho", H, e, p)
G, g = matrix("G", n, e), matrix("g", n, p)
gain, offset, eps = vector("gain", p), vector("offset", p), scalar("eps", positive=True)


def of_itself(X):
    return attention(X, X, X)


def of_the_past(X):
    return causal_attention(X, X, X)


def same(name, left, wrong, right, *reason):
    """One formula, and two that it might be."""
    return pair(name, derive(left, equals(wrong, *reason)), derive(left, equals(right, *reason)))


def instead(name, wrong, right):
    """Two equations that look alike."""
    return pair(name, *(derive(left, equals(said)) for left, said in (wrong, right)))


permuted = of_itself(P @ X), P @ of_itself(X)
PAIRS = [
    instead("rows that only add up to 1", (softmax(S @ A), S @ softmax(A)), (softmax(P @ A), P @ softmax(A))),
    instead("a rotation for a permutation", (relu(O @ X), O @ relu(X)), (relu(P @ X), P @ relu(X))),
    instead("zeros and ones for a permutation", (relu(1 + D @ X), D @ relu(1 + X)), (relu(1 + P @ X), P @ relu(1 + X))),
    instead("rows that are chosen more than once", (of_itself(C @ X), C @ of_itself(X)), permuted),
    instead("a sum over rows that are chosen more than once", (total(relu(C @ X), axis=0), total(relu(X), axis=0)),
            (total(relu(P @ X), axis=0), total(relu(X), axis=0))),
    instead("the largest of rows that are chosen more than once", (maximum(C @ X, axis=0), maximum(X, axis=0)),
            (maximum(P @ X, axis=0), maximum(X, axis=0))),
    same("the columns of the weights, not moved along", softmax(P @ A @ P.T), P @ softmax(A), P @ softmax(A) @ P.T),
    same("the transpose on the wrong side", softmax(P @ A @ P.T), P.T @ softmax(A) @ P, P @ softmax(A) @ P.T),
    same("a permutation from the wrong side", softmax(P @ A), softmax(A) @ P, P @ softmax(A)),
    same("the softmax along the axis that is permuted", softmax(P @ A, axis=0), softmax(A), P @ softmax(A, axis=0)),
    same("answers in the order of the keys", attention(Q, R @ K, R @ V).T @ G, attention(P @ Q, K, V).T @ G,
         attention(Q, K, V).T @ G),
    instead("values that stay where they were", (attention(Q, R @ K, V), attention(Q, K, V)),
            (attention(Q, R @ K, R @ V), attention(Q, K, V))),
    instead("questions that stay where they were", (attention(X, P @ X, P @ X), P @ of_itself(X)),
            permuted),
    same("invariant, where it is equivariant", of_itself(P @ X), of_itself(X), P @ of_itself(X)),
    same("several heads, put back in order", multi_head(P @ X, Hq, Hk, Hv, Ho), P.T @ multi_head(X, Hq, Hk, Hv, Ho),
         P @ multi_head(X, Hq, Hk, Hv, Ho)),
    instead("marks of the places that stay", (of_itself(P @ X + E), P @ of_itself(X + E)),
            (of_itself(P @ X + P @ E), P @ of_itself(X + E))),
    instead("a mask of what lies ahead", (of_the_past(P @ X), P @ of_the_past(X)), permuted),
    instead("layer norm along the places", (layer_norm((P @ X).T, vector("g", n), vector("o", n), eps),
                                            layer_norm(X.T, vector("g", n), vector("o", n), eps) @ P.T),
            (layer_norm(P @ X, gain, offset, eps), P @ layer_norm(X, gain, offset, eps))),
    instead("batch norm of examples that are chosen more than once",
            (batch_norm(C @ X, gain, offset, eps), C @ batch_norm(X, gain, offset, eps)),
            (batch_norm(P @ X, gain, offset, eps), P @ batch_norm(X, gain, offset, eps))),
    same("what the rows are told, in the order before", vjp(of_itself(X), X, P @ g).at(X, P @ X),
         vjp(of_itself(X), X, g), P @ vjp(of_itself(X), X, g), differentiate),
    same("a graph, its columns not numbered again", relu((P @ A @ P.T) @ (P @ X)), relu(P @ A @ P @ X),
         P @ relu(A @ X)),
]  # fmt: skip
