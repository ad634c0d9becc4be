"""Convolution.

One small pattern of weights is laid on the signal at every place, and says how well it fits there. So the same
weights see every place, and what they learn at one they know at all.

A window is a place that is counted out: output t meets the input at s t + q k - p, for stride s, gap q between the
weights (the dilation) and p zeros of padding. What lies outside the input reads 0, and that is all there is to
padding. Backwards, whoever was read at that place is told: the input's gradient is added up where the windows lay.

Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016); Goodfellow, Bengio and
Courville, Deep Learning (2016), sec. 9.5.
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
    matrix,
    ones,
    over,
    tensor,
    total,
    vector,
    vjp,
)
from numerics import convolution as by_hand


def conv1d(x, w, b, length, stride=1, pad=0, gap=1):
    """y[n, o, t] = b[o] + sum over c, k of w[o, c, k] x[n, c, stride t + gap k - pad].

    x (N, C, T), w (O, C, K), b (O,)  ->  (N, O, length)
    """
    (N, C, _), (O, _, K) = x.shape, w.shape
    return each(
        b[o] + Sum(w[o, c, k] * x[n, c, stride * t + gap * k - pad] for c in over(C) for k in over(K))
        for n in over(N)
        for o in over(O)
        for t in over(length)
    )


def conv2d(x, w, b, height, width, stride=1, pad=0, gap=1):
    """y[n, o, i, j] = b[o] + sum over c, k, l of w[o, c, k, l] x[n, c, stride i + gap k - pad, stride j + gap l - pad].

    x (N, C, H, W), w (O, C, K, L), b (O,)  ->  (N, O, height, width)
    """
    (N, C, _, _), (O, _, K, L) = x.shape, w.shape
    return each(
        b[o]
        + Sum(
            w[o, c, k, l] * x[n, c, stride * i + gap * k - pad, stride * j + gap * l - pad]
            for c in over(C)
            for k in over(K)
            for l in over(L)
        )
        for n in over(N)
        for o in over(O)
        for i in over(height)
        for j in over(width)
    )


N, C, O, T, K, M = dims("N C O T K M", typical=(32, 16, 16, 128, 5, 64))
s, p, q = dims("s p q", typical=(2, 2, 1))  # stride, padding, gap
x, w, b = tensor("x", N, C, T), tensor("w", O, C, K), vector("b", O)
g = tensor("g", N, O, M)  # the derivative of some loss by the output

y = let("y", conv1d(x, w, b, M, s, p, q))

by_weights = derive(
    vjp(y, w, g),
    equals(
        each(
            Sum(g[n, o, t] * x[n, c, s * t + q * k - p] for n in over(N) for t in over(M))
            for o in over(O)
            for c in over(C)
            for k in over(K)
        ),
        differentiate,
    ),
)
"""By the weights

A convolution again, of the input with the error: weight k is told of all that it met, in every example and at every
place. Stride and gap have changed places.
"""

by_bias = derive(
    vjp(y, b, g),
    equals(total(g, axis=(0, 2)), differentiate),
)
"""By the bias

It was added at every place of every example.
"""

by_input = derive(
    vjp(y, x, g),
    equals(
        each(
            Sum(
                g[n, o, t] * w[o, c, k] * delta(r, s * t + q * k - p) for o in over(O) for t in over(M) for k in over(K)
            )
            for n in over(N)
            for c in over(C)
            for r in over(T)
        ),
        differentiate,
    ),
)
"""By the input

Where window t laid weight k on place r, r = s t + q k - p, the error comes back through that weight. In code: each
error is added to the places that it came from; what would fall outside is dropped, since the padding has no gradient.
"""

one_by_one = derive(
    vjp(conv1d(x, w, b, M), x, g),
    equals(
        each(
            Sum(g[n, o, r - k] * w[o, c, k] for o in over(O) for k in over(K))
            for n in over(N)
            for c in over(C)
            for r in over(T)
        ),
        differentiate,
    ),
)
"""With stride 1

Then r = t + k can be solved for t, and the input's gradient is a convolution of the error with the weights *turned
round*: read r - k, not r + k.
"""

toeplitz = let(
    "A",
    each(
        Sum(w[o, c, k] * delta(r, s * t + q * k - p) for k in over(K))
        for o in over(O)
        for t in over(M)
        for c in over(C)
        for r in over(T)
    ),
)
as_a_matrix = derive(
    y,
    equals(
        each(
            b[o] + Sum(toeplitz[o, t, c, r] * x[n, c, r] for c in over(C) for r in over(T))
            for n in over(N)
            for o in over(O)
            for t in over(M)
        )
    ),
)
"""As a matrix

A convolution is linear in the signal, so it is a product with a matrix: row (o, t), column (c, r). With stride 1 each
diagonal of it holds one weight all along, a *Toeplitz* matrix; most of it is 0, which is why nobody stores it.
"""

u, f = vector("u", T), vector("f", K)
(d,) = dims("d")


def slid(f, u):
    """sum over k of f[k] u[t - k]: every entry of u leaves its trace to the right of itself, as long as there is
    room."""
    return each(Sum(f[k] * u[t - k] for k in over(f.shape[0])) for t in over(u.shape[0]))


def late(u, d):
    """The signal, d steps later."""
    return each(u[t - d] for t in over(u.shape[0]))


equivariant = derive(
    slid(f, late(u, d)),
    equals(late(slid(f, u), d)),
)
"""A later signal, a later answer

Slide the signal and its answer slides along. What has been pushed over the edge on the right is lost on both sides
alike, and no window reaches left of the start: here the border does no harm. Moved the other way it would, since what
falls off the left edge still had a trace on the right.
"""

seen = let("seen", each(Sum(ones(s * M + q * K + 1)[s * t + q * k] for k in over(K + 1)) for t in over(M + 1)))
fits = derive(
    seen,
    equals((K + 1) * ones(M + 1)),
)
"""How long the output is

A signal of s M + q K + 1 places has room for M + 1 windows of K + 1 weights: each window meets a 1 with each of its
weights, so none reaches outside. Solved for the number of windows, this is the usual (T - q (K - 1) - 1) / s + 1.
"""

J, R = dims("J R", typical=(8, 8))  # groups, outputs a group
xg, wg, bg = tensor("x", N, J, C, T), tensor("w", J, R, C, K), matrix("b", J, R)
gg = tensor("g", N, J, R, M)


def grouped(x, w, b, length, stride=1, pad=0, gap=1):
    """A convolution for each group j of channels, which sees no other: y[n, j, o, t] from x[n, j], w[j], b[j].

    x (N, J, C, T), w (J, R, C, K), b (J, R)  ->  (N, J, R, length)
    """
    (N, J, C, _), (_, R, _, K) = x.shape, w.shape
    return each(
        b[j, o] + Sum(w[j, o, c, k] * x[n, j, c, stride * t + gap * k - pad] for c in over(C) for k in over(K))
        for n in over(N)
        for j in over(J)
        for o in over(R)
        for t in over(length)
    )


yg = let("y", grouped(xg, wg, bg, M, 2, 1))
groups_by_weights = derive(
    vjp(yg, wg, gg),
    equals(
        each(
            Sum(gg[n, j, o, t] * xg[n, j, c, 2 * t + k - 1] for n in over(N) for t in over(M))
            for j in over(J)
            for o in over(R)
            for c in over(C)
            for k in over(K)
        ),
        differentiate,
    ),
)
"""Groups

With an axis for the groups the formula says by itself that they do not mix. One group is the convolution above; as
many groups as channels, C = 1, is the *depthwise* convolution. Here with stride 2 and padding 1.
"""
groups_by_input = derive(
    vjp(yg, xg, gg),
    equals(
        each(
            Sum(
                gg[n, j, o, t] * wg[j, o, c, k] * delta(r, 2 * t + k - 1)
                for o in over(R)
                for t in over(M)
                for k in over(K)
            )
            for n in over(N)
            for j in over(J)
            for c in over(C)
            for r in over(T)
        ),
        differentiate,
    ),
)
"""Groups, by the input"""

H, W, A, B = dims("H W A B", typical=(32, 32, 16, 16))
image, w2 = tensor("x", N, C, H, W), tensor("w", O, C, K, K)
g2 = tensor("g", N, O, A, B)
y2 = let("y", conv2d(image, w2, b, A, B, 2, 1))

plane_by_weights = derive(
    vjp(y2, w2, g2),
    equals(
        each(
            Sum(
                g2[n, o, i, j] * image[n, c, 2 * i + k - 1, 2 * j + l - 1]
                for n in over(N)
                for i in over(A)
                for j in over(B)
            )
            for o in over(O)
            for c in over(C)
            for k in over(K)
            for l in over(K)
        ),
        differentiate,
    ),
)
"""In the plane

An image has two places, and the same is said of each of them. Here with stride 2 and padding 1.
"""
plane_by_input = derive(
    vjp(y2, image, g2),
    equals(
        each(
            Sum(
                g2[n, o, i, j] * w2[o, c, k, l] * delta(r, 2 * i + k - 1) * delta(v, 2 * j + l - 1)
                for o in over(O)
                for i in over(A)
                for j in over(B)
                for k in over(K)
                for l in over(K)
            )
            for n in over(N)
            for c in over(C)
            for r in over(H)
            for v in over(W)
        ),
        differentiate,
    ),
)
"""In the plane, by the input"""
plane_by_bias = derive(
    vjp(y2, b, g2),
    equals(total(g2, axis=(0, 2, 3)), differentiate),
)
"""In the plane, by the bias"""

forward_code = agrees(y, by_hand.forward, stride="s", pad="p", gap="q")
weights_code = agrees(vjp(y, w, g), by_hand.by_weights, stride="s", pad="p", gap="q")
bias_code = agrees(vjp(y, b, g), by_hand.by_bias)
input_code = agrees(vjp(y, x, g), by_hand.by_input, stride="s", pad="p", gap="q")
groups_code = agrees(yg, by_hand.grouped)
groups_weights_code = agrees(vjp(yg, wg, gg), by_hand.grouped_by_weights)
groups_input_code = agrees(vjp(yg, xg, gg), by_hand.grouped_by_input)
plane_code = agrees(y2, by_hand.plane, height="A", width="B")
plane_weights_code = agrees(vjp(y2, w2, g2), by_hand.plane_by_weights)
plane_input_code = agrees(vjp(y2, image, g2), by_hand.plane_by_input)
