"""What does not know the order.

Attention looks at a set: put its rows into another order, and what comes out is put into that order. So does every
layer that treats each row alike, and so does a stack of them, however deep. What is summed up over the rows knows
nothing of their order at all.

P is any permutation matrix, with one 1 in each row and each column. All rests on one thing, f(P X) = P f(X) for a
function that is applied entry by entry: it does not matter whether a number is moved and then bent, or bent and then
moved. For products of matrices P' P = I does the rest.

A sentence is no set. What tells a network the order is what breaks the proof: a mask of what lies ahead, or a mark of
each place that stays where it is while the rows move.

Source: Zaheer et al., Deep sets (2017); Lee et al., Set transformer (2019); Bronstein, Bruna, Cohen and Velickovic,
Geometric deep learning (2021), ch. 4.
"""

from chainrule import (
    I,
    agrees,
    before,
    derive,
    differentiate,
    dims,
    equals,
    index,
    induction,
    let,
    matrix,
    maximum,
    ones,
    outer,
    recur,
    relu,
    scalar,
    softmax,
    sqrt,
    tensor,
    total,
    vector,
    vjp,
)
from derivations.attention import attention, multi_head
from derivations.normalisation import batch_norm, layer_norm, rms_norm
from derivations.transformer_block import gelu
from numerics import equivariance as by_hand

n, m, p, d, e, q = dims("n m p d e q", typical=(128, 128, 64, 32, 32, 256))
P, R = matrix("P", n, n, permutation=True), matrix("R", m, m, permutation=True)
A, X = matrix("A", n, n), matrix("X", n, p)

undone = derive(P.T @ P, equals(I(n)))
"""A permutation is undone by its transpose"""
bent = derive(gelu(P @ X), equals(P @ gelu(X)))
"""Entry by entry

Move, then bend: the same as bend, then move.
"""
pooled = derive(total(relu(P @ X), axis=0), equals(total(P @ relu(X), axis=0)), equals(total(relu(X), axis=0)))
"""A sum over the rows knows no order"""
largest = derive(maximum(P @ X, axis=0), equals(maximum(X, axis=0)))
"""Nor does the largest of each column"""

weights = derive(
    softmax(P @ A @ P.T),
    equals(P @ softmax(A) @ P.T),
)
"""The softmax of each row

Rows and columns are moved alike. A row of the softmax does not ask in which order its numbers come, so the columns move
with it; and it does not ask which row it is.
"""

Q, K, V = matrix("Q", n, d), matrix("K", m, d), matrix("V", m, e)
S = let("S", Q @ K.T / sqrt(d))
asked = derive(
    attention(P @ Q, R @ K, R @ V),
    equals(softmax(P @ S @ R.T) @ R @ V),
    equals(P @ softmax(S) @ R.T @ R @ V),
    equals(P @ softmax(S) @ V),
    equals(P @ attention(Q, K, V)),
)
"""Attention

The questions in one order, keys and values together in another. The answers come in the order of the questions. The
order of what is asked, R, is gone: who looks something up does not care how the shelf is sorted.
"""

Wq, Wk, Wv = matrix("Wq", p, d), matrix("Wk", p, d), matrix("Wv", p, e)


def of_itself(X):
    """Every row asks all rows.    X (n, p)  ->  (n, e)"""
    return attention(X @ Wq, X @ Wk, X @ Wv)


self_attention = derive(of_itself(P @ X), equals(P @ of_itself(X)))
"""Self-attention

Where the rows ask each other, all three move together.
"""
G = matrix("G", n, e)
backwards = derive(
    vjp(of_itself(X), X, P @ G).at(X, P @ X),
    equals(P @ vjp(of_itself(X), X, G), differentiate),
)
"""And backwards

What the rows are told is put into the same order: a network that knows no order learns none.
"""

H, k = dims("H k", typical=(4, 16))
Hq, Hk, Hv, Ho = tensor("Hq", H, p, k), tensor("Hk", H, p, k), tensor("Hv", H, p, k), tensor("Ho", H, k, p)
gain, offset, eps = vector("gain", p), vector("offset", p), scalar("eps", positive=True)
W1, b1, W2, b2 = matrix("W1", p, q), vector("b1", q), matrix("W2", q, p), vector("b2", p)


def talk(X):
    """X + attention of several heads of its normalised copy.    X (n, p)  ->  (n, p)"""
    return X + multi_head(rms_norm(X, gain, eps), Hq, Hk, Hv, Ho)


def think(X):
    """X + gelu(X' W1 + b1) W2 + b2, X' its normalised copy.    X (n, p)  ->  (n, p)"""
    return X + gelu(rms_norm(X, gain, eps) @ W1 + b1) @ W2 + b2


normed = derive(layer_norm(P @ X, gain, offset, eps), equals(P @ layer_norm(X, gain, offset, eps)))
"""Layer norm"""
talked = derive(talk(P @ X), equals(P @ talk(X)))
"""The first half of a transformer block"""
thought = derive(think(P @ X), equals(P @ think(X)))
"""The second half"""
block = derive(think(talk(P @ X)), equals(think(P @ talk(X))), equals(P @ think(talk(X))))
"""A transformer block

One half after the other, without a mask: an encoder's block. The copies are normalised by their mean square, as in T5.
"""
mean = derive(total(think(talk(P @ X)), axis=0) / n, equals(total(think(talk(X)), axis=0) / n))
"""The mean of what it says knows no order

so that a classifier on top sees the set.
"""

L = dims("L", typical=(12,))[0]
l = index("l", L)
h, a, b, c = matrix("h", n, p), matrix("a", p, d), matrix("b", p, d), matrix("c", p, p)
Lq, Lk, Lv = tensor("Lq", L, p, d), tensor("Lk", L, p, d), tensor("Lv", L, p, p)


def stack(X):
    """h <- h + attention(h a, h b, h c), L times, each layer with weights of its own.    X (n, p)  ->  (L, n, p)"""
    return recur({h: h + attention(h @ a, h @ b, h @ c)}, {h: X}, along={a: Lq, b: Lk, c: Lv})


going_in = derive(before(stack(P @ X))[l], equals(P @ before(stack(X))[l], induction(l)))
"""However deep: what goes into layer `l`"""
deep = derive(stack(P @ X)[l], equals(P @ stack(X)[l], induction(l, going_in)))
"""and what comes out of it"""

marks = matrix("E", n, p)
marked = derive(of_itself(P @ X + P @ marks), equals(P @ of_itself(X + marks)))
"""Marks of the places move with the rows

or it is not true: with marks that stay, of_itself(P X + E), each row is told where it now stands.
"""

B, w = matrix("B", n, n), matrix("w", p, q)
graph = derive(relu((P @ B @ P.T) @ (P @ X) @ w), equals(relu(P @ B @ X @ w)), equals(P @ relu(B @ X @ w)))
"""A layer on a graph

B says who is whose neighbour. Numbered otherwise, rows and columns of B move, and the answer moves along.
"""

alone, together = matrix("alone", p, q), matrix("together", p, q)


def of_a_set(X):
    """relu(x alone + mean of the rows together), for each row x.    X (n, p)  ->  (n, q)"""
    return relu(X @ alone + outer(ones(n), total(X, axis=0) / n) @ together)


deep_set = derive(of_a_set(P @ X), equals(P @ of_a_set(X)))
"""A layer of a deep set

Each row looks at itself, and at the mean of all.
"""

gamma, beta = vector("gamma", p), vector("beta", p)
batch = derive(batch_norm(P @ X, gamma, beta, eps), equals(P @ batch_norm(X, gamma, beta, eps)))
"""Batch norm

The examples of a batch are a set, too.
"""

code = agrees(P @ of_itself(X), by_hand.permuted_attention)
backwards_code = agrees(vjp(of_itself(X), X, P @ G).at(X, P @ X), by_hand.told_in_order)
set_code = agrees(of_a_set(X), by_hand.of_a_set)
