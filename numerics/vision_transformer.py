"""A vision transformer by hand, with one block, and all of it back.

Arrays: image (C, J B); patch (d, C, J), token (d,), place (B + 1, d); the block's as in `transformer_block`, its heads
Wq, Wk, Wv (N, d, k), Wo (N, k, d); gain3, offset3 (d,) of the last norm; V (d, M), c (M,) of the classes; y (M,) the
class, one-hot; eps > 0. Source: Dosovitskiy et al., An image is worth 16 x 16 words (2021).
"""

import numpy as np

from numerics import attention
from numerics.networks import cut
from numerics.transformer_block import layer_norm, layer_norm_by_input, normalised, think, think_backward


# --- the two ends -------------------------------------------------------------------------------------
def rows(image, patch, token, place):
    """The token, then each patch times its weights; and the marks of the places.    ->  (B + 1, d)"""
    written = np.tensordot(cut(image, patch.shape[2]), patch, ((1, 2), (1, 2)))
    return place + np.vstack([token, written])


def rows_backward(image, patch, G):
    """What patch, token and place are told, in this order."""
    return np.tensordot(G[1:], cut(image, patch.shape[2]), (0, 0)), G[0], G


def loss(X, gain3, offset3, V, c, y, eps):
    """The surprise of the first row at the class y."""
    z = layer_norm(X, gain3, offset3, eps)[0] @ V + c
    return z.max() + np.log(np.exp(z - z.max()).sum()) - y @ z


def loss_backward(X, gain3, offset3, V, c, y, eps):
    """What X, gain3, offset3, V and c are told, in this order."""
    M = layer_norm(X, gain3, offset3, eps)
    missed = attention.softmax(M[0] @ V + c) - y
    told = np.zeros_like(X)
    told[0] = V @ missed
    dX = layer_norm_by_input(X, gain3, told, eps)
    return dX, normalised(X, eps)[0][0] * told[0], told[0], np.outer(M[0], missed), missed


# --- between them -------------------------------------------------------------------------------------
def talk(X, gain, offset, Wq, Wk, Wv, Wo, eps):
    """X + attention of its normalised copy, nothing masked.    ->  (T, d)"""
    return X + attention.multi_head(layer_norm(X, gain, offset, eps), Wq, Wk, Wv, Wo)


def talk_backward(X, gain, offset, Wq, Wk, Wv, Wo, eps, G):
    """What X, gain, offset, Wq, Wk, Wv and Wo are told, in this order."""
    M = layer_norm(X, gain, offset, eps)
    dM, dWq, dWk, dWv, dWo = attention.multi_head_backward(M, Wq, Wk, Wv, Wo, G)
    dX = G + layer_norm_by_input(X, gain, dM, eps)
    return dX, (dM * normalised(X, eps)[0]).sum(axis=0), dM.sum(axis=0), dWq, dWk, dWv, dWo


# --- the whole ----------------------------------------------------------------------------------------
def forward(p, image, y, eps):
    """The loss, for the parameters by name."""
    X = talk(rows(image, p["patch"], p["token"], p["place"]), *(p[n] for n in TALK), eps)
    return loss(think(X, *(p[n] for n in THINK), eps), *(p[n] for n in ANSWER), y, eps)


def backward(p, image, y, eps):
    """The gradient by every parameter, by name: the last layer first."""
    X0 = rows(image, p["patch"], p["token"], p["place"])
    X1 = talk(X0, *(p[n] for n in TALK), eps)
    X2 = think(X1, *(p[n] for n in THINK), eps)
    G2, *answer = loss_backward(X2, *(p[n] for n in ANSWER), y, eps)
    G1, *later = think_backward(X1, *(p[n] for n in THINK[:-1]), eps, G2)
    G0, *first = talk_backward(X0, *(p[n] for n in TALK), eps, G1)
    names = ("patch", "token", "place", *TALK, *THINK, *ANSWER)
    return dict(zip(names, (*rows_backward(image, p["patch"], G0), *first, *later, *answer), strict=True))


TALK = ("gain1", "offset1", "Wq", "Wk", "Wv", "Wo")
THINK = ("gain2", "offset2", "W1", "b1", "W2", "b2")
ANSWER = ("gain3", "offset3", "V", "c")
"""The parameters of each part, in the order in which its functions take them."""
