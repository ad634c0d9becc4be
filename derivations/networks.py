"""Whole networks.

A network is layers put one into the other, and its gradient is their backward passes put one behind the other, the last
layer first. Nothing else happens: no matter how deep, each layer asks the next only what its output is to be told.

Here on signals, with one place; an image has one index more. ReLU and the maximum have kinks. Away from them, where no
entry is 0 before a ReLU and no window has a tie, these are the derivatives; at a kink they are the slopes that programs
choose, 0 for ReLU and the first of the largest.

Source: LeCun et al., Gradient-based learning applied to document recognition (1998); Sandler et al., MobileNetV2
(2018); Dosovitskiy et al., An image is worth 16 x 16 words (2021).
"""

from chainrule import (
    Sum,
    agrees,
    delta,
    derive,
    differentiate,
    dims,
    each,
    equals,
    grad,
    let,
    logsumexp,
    matrix,
    maximum,
    ones,
    over,
    relu,
    softmax,
    step,
    tensor,
    total,
    vector,
    vjp,
)
from derivations.convolution import conv1d
from numerics import networks as by_hand


def halved(x, length):
    """The larger of each two neighbours.    x (N, C, T)  ->  (N, C, length)"""
    return maximum(pairs(x, length), axis=3)


def pairs(x, length):
    """x[n, c, 2 t + k] for k = 0, 1.    x (N, C, T)  ->  (N, C, length, 2)"""
    N, C, _ = x.shape
    return each(each(x[n, c, 2 * t + k] for k in over(2)) for n in over(N) for c in over(C) for t in over(length))


def depthwise(x, w, length, pad=0):
    """Every channel with weights of its own: as many groups as channels.    x (N, C, T), w (C, K)  ->  (N, C,
    length)"""
    (N, C, _), K = x.shape, w.shape[1]
    return each(
        Sum(w[c, k] * x[n, c, t + k - pad] for k in over(K)) for n in over(N) for c in over(C) for t in over(length)
    )


def mixed(x, w):
    """Every place by itself, channels mixed: a convolution with kernel 1.    x (N, C, T), w (O, C)  ->  (N, O, T)"""
    (N, C, T), O = x.shape, w.shape[0]
    return each(Sum(w[o, c] * x[n, c, t] for c in over(C)) for n in over(N) for o in over(O) for t in over(T))


def capped(x):
    """relu6, min(max(x, 0), 6)."""
    return relu(x) - relu(x - 6)


def dense(x, V, c):
    """c[m] + sum over o, t of V[o, t, m] x[n, o, t].    x (N, O, A), V (O, A, M), c (M,)  ->  (N, M)"""
    (N, O, A), M = x.shape, V.shape[2]
    return each(c[m] + Sum(V[o, t, m] * x[n, o, t] for o in over(O) for t in over(A)) for n in over(N) for m in over(M))


def cross_entropy(Z, Y):
    """The surprise of the softmax of Z at the classes Y.    Z, Y (N, M)  ->  a number"""
    return total(logsumexp(Z, axis=1)) - total(Y * Z)


# --- a convolutional network --------------------------------------------------------------------------
N, C, O, T, K, A, M = dims("N C O T K A M", typical=(32, 1, 8, 28, 3, 14, 10))
x, w, b = tensor("x", N, C, T), tensor("w", O, C, K), vector("b", O)
V, c = tensor("V", O, A, M), vector("c", M)
Y = matrix("Y", N, M, one_hot_rows=True)  # the class of each example

seen = let("S", conv1d(x, w, b, T, 1, 1))
bent = let("R", relu(seen))
pooled = let("P", halved(bent, A))
scores = let("Z", dense(pooled, V, c))
loss = cross_entropy(scores, Y)

surprise = let("E", softmax(scores) - Y)
told = let(
    "D", each(Sum(V[o, t, m] * surprise[n, m] for m in over(M)) for n in over(N) for o in over(O) for t in over(A))
)
Q = tensor("Q", N, O, A, 2)
first = let("H", vjp(maximum(Q, axis=3), Q, ones(N, O, A)).at(Q, pairs(bent, A)))  # 1 where a neighbour was larger
back = let(
    "F",
    each(
        step(seen[n, o, r])
        * Sum(told[n, o, t] * first[n, o, t, k] * delta(r, 2 * t + k) for t in over(A) for k in over(2))
        for n in over(N)
        for o in over(O)
        for r in over(T)
    ),
)

by_dense_weights = derive(
    grad(loss, V),
    equals(
        each(Sum(pooled[n, o, t] * surprise[n, m] for n in over(N)) for o in over(O) for t in over(A) for m in over(M)),
        differentiate,
    ),
)
"""A convolutional network, by the dense weights

Convolution, ReLU, pooling by two, a dense layer, and the cross-entropy of its softmax. The scores are told the
probabilities less the class that it was.
"""
by_dense_bias = derive(
    grad(loss, c),
    equals(total(surprise, axis=0), differentiate),
)
"""By the dense bias"""
by_kernel = derive(
    grad(loss, w),
    equals(
        each(
            Sum(back[n, o, t] * x[n, a, t + k - 1] for n in over(N) for t in over(T))
            for o in over(O)
            for a in over(C)
            for k in over(K)
        ),
        differentiate,
    ),
)
"""By the kernel

Back through the dense layer; to the winner of each pair; and on where ReLU was open. What arrives meets what the kernel
saw.
"""
by_bias = derive(
    grad(loss, b),
    equals(total(back, axis=(0, 2)), differentiate),
)
"""By the kernel's bias"""

# --- MobileNetV2's inverted residual -------------------------------------------------------------------
(L,) = dims("L", typical=(48,))  # channels inside, more than outside
wide, deep, narrow = matrix("wide", L, C), matrix("deep", L, K), matrix("narrow", C, L)
g = tensor("g", N, C, T)  # the derivative of some loss by the output

opened = let("U", mixed(x, wide))
passed = let("W", depthwise(capped(opened), deep, T, 1))
inverted = let("X'", x + mixed(capped(passed), narrow))


def between(u):
    """The slope of relu6: 1 between 0 and 6."""
    return step(u) - step(u - 6)


closing = let(
    "G1",
    each(
        Sum(narrow[a, l] * g[n, a, t] for a in over(C)) * between(passed)[n, l, t]
        for n in over(N)
        for l in over(L)
        for t in over(T)
    ),
)
opening = let(
    "G2",
    each(
        Sum(closing[n, l, r - k + 1] * deep[l, k] for k in over(K)) * between(opened)[n, l, r]
        for n in over(N)
        for l in over(L)
        for r in over(T)
    ),
)
inverted_by_narrow = derive(
    vjp(inverted, narrow, g),
    equals(
        each(
            Sum(g[n, a, t] * capped(passed)[n, l, t] for n in over(N) for t in over(T))
            for a in over(C)
            for l in over(L)
        ),
        differentiate,
    ),
)
"""An inverted residual, by the narrowing weights

Widen, look around channel by channel, narrow, add: MobileNetV2's block (its batch norms are left out here).
"""
inverted_by_deep = derive(
    vjp(inverted, deep, g),
    equals(
        each(
            Sum(closing[n, l, t] * capped(opened)[n, l, t + k - 1] for n in over(N) for t in over(T))
            for l in over(L)
            for k in over(K)
        ),
        differentiate,
    ),
)
"""By the depthwise weights"""
inverted_by_wide = derive(
    vjp(inverted, wide, g),
    equals(
        each(Sum(opening[n, l, t] * x[n, a, t] for n in over(N) for t in over(T)) for l in over(L) for a in over(C)),
        differentiate,
    ),
)
"""By the widening weights"""
inverted_by_input = derive(
    vjp(inverted, x, g),
    equals(
        g + each(
            Sum(wide[l, a] * opening[n, l, t] for l in over(L)) for n in over(N) for a in over(C) for t in over(T)
        ),
        differentiate,
    ),
)  # fmt: skip
"""By the input

The error itself, and what comes back through the block.
"""

# --- a vision transformer's first layer ----------------------------------------------------------------
J, B, d = dims("J B d", typical=(16, 49, 64))  # places in a patch, patches, width
image, patch, place = matrix("image", C, J * B), tensor("patch", d, C, J), matrix("place", B, d)
h = matrix("h", B, d)
embedded = let(
    "T",
    each(
        place[t, e] + Sum(patch[e, a, k] * image[a, J * t + k] for a in over(C) for k in over(J))
        for t in over(B)
        for e in over(d)
    ),
)
by_patch = derive(
    vjp(embedded, patch, h),
    equals(
        each(Sum(h[t, e] * image[a, J * t + k] for t in over(B)) for e in over(d) for a in over(C) for k in over(J)),
        differentiate,
    ),
)
"""Patches

A vision transformer cuts its image into patches of J places and writes each as a row: a convolution whose stride is its
kernel, so that no two windows overlap. What follows are transformer blocks.
"""
by_place = derive(
    vjp(embedded, place, h),
    equals(h, differentiate),
)
"""By the marks of the places"""

patch_code = agrees(embedded, by_hand.embedded)
patch_back_code = agrees(vjp(embedded, patch, h), by_hand.embedded_by_patch)
