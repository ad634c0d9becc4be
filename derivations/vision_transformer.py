"""A vision transformer.

Cut an image into patches, write each as a row, add a row of its own for the answer, and let a transformer talk it over.
What stands in the first row at the end is read as the class.

Here on signals, with one place; an image has one index more. A row is a patch's numbers times weights, with a mark of
its place; nothing is masked. The two ends are derived here, and the block's halves in the chapters on attention and on
the transformer's block. Put together two by two, each part is told what the next one hands back. One block stands for
many: another hands back in the same way.

Source: Dosovitskiy et al., An image is worth 16 x 16 words (2021).
"""

from chainrule import (
    Sum,
    agrees,
    delta,
    derive,
    differentiate,
    dims,
    dot,
    each,
    equals,
    grad,
    let,
    logsumexp,
    matrix,
    outer,
    over,
    scalar,
    softmax,
    tensor,
    vector,
    vjp,
)
from derivations.attention import multi_head
from derivations.transformer_block import layer_norm, normalised, think
from numerics import vision_transformer as by_hand


def rows(image, patch, token, place):
    """place + the token in row 0 and patch t in row t + 1: sum over a, k of patch[e, a, k] image[a, J t + k].

    image (C, J B), patch (d, C, J), token (d,), place (B + 1, d)  ->  (B + 1, d)
    """
    (d, C, J), B1 = patch.shape, place.shape[0]
    written = let(
        "P",
        each(
            Sum(patch[e, a, k] * image[a, J * t + k] for a in over(C) for k in over(J))
            for t in over(B1 - 1)
            for e in over(d)
        ),
    )
    return each(place[i, e] + delta(i, 0) * token[e] + written[i - 1, e] for i in over(B1) for e in over(d))


def talk(X, gain, offset, Wq, Wk, Wv, Wo, eps):
    """X + attention of several heads of its normalised copy.    X (T, d)  ->  (T, d)"""
    return X + multi_head(layer_norm(X, gain, offset, eps), Wq, Wk, Wv, Wo)


def first_row(X):
    """X[0], the row of the answer.    X (T, d)  ->  (d,)"""
    T, d = X.shape
    return each(Sum(delta(i, 0) * X[i, e] for i in over(T)) for e in over(d))


def scores(X, gain, offset, V, c, eps):
    """V' of the first row, normalised, + c.    X (T, d), V (d, M), c (M,)  ->  (M,)"""
    return V.T @ first_row(layer_norm(X, gain, offset, eps)) + c


def surprise(z, y):
    """The cross-entropy of the softmax of z at the class y, one-hot.    z, y (M,)  ->  a number"""
    return logsumexp(z) - dot(y, z)


C, J, B, d, M = dims("C J B d M", typical=(3, 16, 49, 64, 10))  # channels, places in a patch, patches, width, classes
N, k, m = dims("N k m", typical=(4, 16, 256))  # heads, their width, hidden units
eps = scalar("eps", positive=True)
image, patch, token = matrix("image", C, J * B), tensor("patch", d, C, J), vector("token", d)
place = matrix("place", B + 1, d)
X, G = matrix("X", B + 1, d), matrix("G", B + 1, d)  # G: what the rows are told
gain1, offset1, gain2, offset2, gain3, offset3 = (
    vector(f"{name}{l}", d) for l in (1, 2, 3) for name in ("gain", "offset")
)
Wq, Wk, Wv, Wo = tensor("Wq", N, d, k), tensor("Wk", N, d, k), tensor("Wv", N, d, k), tensor("Wo", N, k, d)
W1, b1, W2, b2 = matrix("W1", d, m), vector("b1", m), matrix("W2", m, d), vector("b2", d)
V, c = matrix("V", d, M), vector("c", M)
y = vector("y", M, one_hot=True)  # the class

written = let("X0", rows(image, patch, token, place))
by_patch = derive(
    vjp(written, patch, G),
    equals(
        each(
            Sum(G[t + 1, e] * image[a, J * t + k] for t in over(B)) for e in over(d) for a in over(C) for k in over(J)
        ),
        differentiate,
    ),
)
"""Rows, by the weights of a patch

Row t + 1 tells what patch t met: a convolution whose windows do not overlap.
"""
by_token = derive(
    vjp(written, token, G),
    equals(first_row(G), differentiate),
)
"""By the token

The row of the answer begins the same for every image. Only the first row speaks of it.
"""
by_place = derive(
    vjp(written, place, G),
    equals(G, differentiate),
)
"""By the marks of the places"""

first = let("n", first_row(layer_norm(X, gain3, offset3, eps)))
z = let("z", scores(X, gain3, offset3, V, c, eps))
loss = surprise(z, y)
missed = let("E", softmax(z) - y)
told_first = let("D", each(delta(i, 0) * (V @ missed)[e] for i in over(B + 1) for e in over(d)))

by_bias = derive(
    grad(loss, c),
    equals(missed, differentiate),
)
"""The answer, by its bias

The probabilities less the class that it was.
"""
by_classes = derive(
    grad(loss, V),
    equals(outer(first, missed), differentiate),
)
"""By the weights of the classes"""
by_last_offset = derive(
    grad(loss, offset3),
    equals(V @ missed, differentiate),
)
"""By the offset of the last norm"""
by_last_gain = derive(
    grad(loss, gain3),
    equals(first_row(normalised(X, eps)) * (V @ missed), differentiate),
)
"""By its gain"""
by_rows = derive(
    grad(loss, X),
    equals(vjp(layer_norm(X, gain3, offset3, eps), X, told_first), differentiate),
)
"""By the rows

The first row is told, and no other: what the patches are to learn comes to them through attention alone.
"""

talked = talk(X, gain1, offset1, Wq, Wk, Wv, Wo, eps)
thought = think(X, gain2, offset2, W1, b1, W2, b2, eps)
begun = let("Y", talked.at(X, written))
begun_by_patch = derive(
    vjp(begun, patch, G),
    equals(vjp(written, patch, vjp(talked, X, G).at(X, written)), differentiate),
)
"""Put together: rows that talk, by the weights of a patch"""
begun_by_token = derive(
    vjp(begun, token, G),
    equals(vjp(written, token, vjp(talked, X, G).at(X, written)), differentiate),
)
"""By the token"""
block = let("Z", thought.at(X, talked))
block_by_rows = derive(
    vjp(block, X, G),
    equals(vjp(talked, X, vjp(thought, X, G).at(X, talked)), differentiate),
)
"""A block, by its rows"""
block_by_questions = derive(
    vjp(block, Wq, G),
    equals(vjp(talked, Wq, vjp(thought, X, G).at(X, talked)), differentiate),
)
"""By the question weights

All weights of the first half are told what the second hands back.
"""
ended = let("L", loss.at(X, thought))
handed = grad(loss, X).at(X, thought)
ended_by_rows = derive(
    grad(ended, X),
    equals(vjp(thought, X, handed), differentiate),
)
"""The last half and the answer, by the rows"""
ended_by_hidden_weights = derive(
    grad(ended, W1),
    equals(vjp(thought, W1, handed), differentiate),
)
"""By the hidden weights"""

rows_code = agrees(written, by_hand.rows)
