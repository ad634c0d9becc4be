"""Transposed convolution and pooling.

A convolution reads many places into one; its transpose writes one place into many. So what a convolution does to
errors on the way back, a decoder does to signals on the way forward.

Pooling has no weights: it keeps of each window its mean or its largest entry. The mean shares an error out evenly;
the largest entry gets all of it, and the others, which made no difference, get nothing.

Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016), ch. 3 and 4; Goodfellow,
Bengio and Courville, Deep Learning (2016), sec. 9.3.
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
    let,
    maximum,
    ones,
    over,
    tensor,
    total,
    vector,
    vjp,
)
from numerics import transposed_convolution_and_pooling as by_hand


def transposed_conv1d(z, w, b, length, stride=1, pad=0, gap=1):
    """y[n, c, r] = b[c] + sum over o, t, k of w[o, c, k] z[n, o, t] where r = stride t + gap k - pad.

    z (N, O, M), w (O, C, K), b (C,)  ->  (N, C, length)
    """
    (N, O, M), (_, C, K) = z.shape, w.shape
    return each(
        b[c]
        + Sum(
            w[o, c, k] * z[n, o, t] * delta(r, stride * t + gap * k - pad)
            for o in over(O)
            for t in over(M)
            for k in over(K)
        )
        for n in over(N)
        for c in over(C)
        for r in over(length)
    )


def windows(x, length, size, stride=1, pad=0):
    """Window t of the signal along a last axis, z[n, c, t, k] = x[n, c, stride t + k - pad].

    x (N, C, T)  ->  (N, C, length, size)
    """
    N, C, _ = x.shape
    return each(
        each(x[n, c, stride * t + k - pad] for k in over(size)) for n in over(N) for c in over(C) for t in over(length)
    )


def average_pool1d(x, length, size, stride=1, pad=0):
    """The mean of each window, what lies outside counted as 0.    x (N, C, T)  ->  (N, C, length)"""
    return total(windows(x, length, size, stride, pad), axis=3) / size


N, C, O, T, K, M = dims("N C O T K M", typical=(32, 16, 16, 128, 5, 64))
s, p, q = dims("s p q", typical=(2, 2, 1))  # stride, padding, gap
x, z = tensor("x", N, C, T), tensor("z", N, O, M)
w, b, c0 = tensor("w", O, C, K), vector("b", O), vector("c", C)
g = tensor("g", N, C, T)  # the derivative of some loss by the transposed convolution


def conv1d(x):
    """The convolution without bias."""
    return each(
        Sum(w[o, c, k] * x[n, c, s * t + q * k - p] for c in over(C) for k in over(K))
        for n in over(N)
        for o in over(O)
        for t in over(M)
    )


y = let("y", transposed_conv1d(z, w, c0, T, s, p, q))

adjoint = derive(
    total(z * conv1d(x)),
    equals(total((y - each(c0[c] for n in over(N) for c in over(C) for r in over(T))) * x)),
)
"""The adjoint

That is what *transposed* means: <z, A x> = <A'z, x>. It does not undo the convolution; it has its shape.
"""

as_backward = derive(
    vjp(conv1d(x), x, z),
    equals(y - each(c0[c] for n in over(N) for c in over(C) for r in over(T)), differentiate),
)
"""It is a convolution's backward pass

A decoder's layer runs the same code as an encoder's gradient.
"""

by_input = derive(
    vjp(y, z, g),
    equals(conv1d(g), differentiate),
)
"""By the input

And its own backward pass is the convolution: the transpose of the transpose.
"""

by_weights = derive(
    vjp(y, w, g),
    equals(
        each(
            Sum(z[n, o, t] * g[n, c, s * t + q * k - p] for n in over(N) for t in over(M))
            for o in over(O)
            for c in over(C)
            for k in over(K)
        ),
        differentiate,
    ),
)
"""By the weights

As for a convolution, with the signal and the error in each other's place.
"""

by_bias = derive(
    vjp(y, c0, g),
    equals(total(g, axis=(0, 2)), differentiate),
)
"""By the bias"""

e = tensor("e", N, C, M)  # the derivative of some loss by what is pooled

mean = let("a", average_pool1d(x, M, K, s, p))
by_mean = derive(
    vjp(mean, x, e),
    equals(
        each(
            Sum(e[n, c, t] * delta(r, s * t + k - p) for t in over(M) for k in over(K)) / K
            for n in over(N)
            for c in over(C)
            for r in over(T)
        ),
        differentiate,
    ),
)
"""The mean, backwards

Each window's error is shared out evenly among its places; windows that overlap add up.
"""

seen = let("S", windows(x, M, K, s))  # no padding: a window of padding alone would have its largest entry outside
top = let("m", maximum(seen, axis=3))
V = tensor("V", N, C, M, K)
hot = let("h", vjp(maximum(V, axis=3), V, ones(N, C, M)).at(V, seen))  # 1 at the largest entry of each window, else 0

largest = derive(
    top,
    equals(total(hot * seen, axis=3), differentiate),
)
"""The largest entry, chosen

h[n, c, t, k] is 1 where window t is largest and 0 elsewhere, one 1 a window: the maximum is what this choice picks.
"""
one_hot = derive(
    total(hot, axis=3),
    equals(1, differentiate),
)
"""One 1 a window

Also at a tie, where the first of the largest entries counts. The maximum has a kink there, and this is one of its
slopes.
"""
by_largest = derive(
    vjp(top, x, e),
    equals(
        each(
            Sum(e[n, c, t] * hot[n, c, t, k] * delta(r, s * t + k) for t in over(M) for k in over(K))
            for n in over(N)
            for c in over(C)
            for r in over(T)
        ),
        differentiate,
    ),
)
"""The largest entry, backwards

Each window's error goes back whole to the place that won. Where windows overlap, one place may win several.
"""

forward_code = agrees(y, by_hand.transposed, b="c", T="T", stride="s", pad="p", gap="q")
input_code = agrees(vjp(y, z, g), by_hand.by_input, M="M", stride="s", pad="p", gap="q")
weights_code = agrees(vjp(y, w, g), by_hand.by_weights, stride="s", pad="p", gap="q")
mean_code = agrees(mean, by_hand.average_pool, size="K", stride="s", pad="p")
mean_back_code = agrees(vjp(mean, x, e), by_hand.average_pool_by_input, g="e", size="K", stride="s", pad="p")
largest_code = agrees(top, by_hand.max_pool, size="K", stride="s")
largest_back_code = agrees(vjp(top, x, e), by_hand.max_pool_by_input, g="e", size="K", stride="s")
