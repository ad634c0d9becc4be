"""Convolution.

One small pattern of weights is laid on the signal at every place, and says how well it fits there. So the same weights see
every place, and what they learn at one they know at all.

A window is a place that is counted out: output t meets the input at s t + q k - p, for stride s, gap q between the weights
(the dilation) and p zeros of padding. What lies outside the input reads 0, and that is all there is to padding.
Backwards, whoever was read at that place is told: the input's gradient is added up where the windows lay.

Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016); Goodfellow, Bengio and Courville, Deep
Learning (2016), sec. 9.5.
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
    index,
    let,
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

A convolution again, of the input with the error: weight k is told of all that it met, in every example and at every place.
Stride and gap have changed places.
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
                g[n, o, t] * w[o, c, k] * delta(r, s * t + q * k - p)
                for o in over(O)
                for t in over(M)
                for k in over(K)
            )
            for n in over(N)
            for c in over(C)
            for r in over(T)
        ),
        differentiate,
    ),
)
"""By the input

Where window t laid weight k on place r, r = s t + q k - p, the error comes back through that weight. In code: each error is
added to the places that it came from; what would fall outside is dropped, since the padding has no gradient.
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

Then r = t + k can be solved for t, and the input's gradient is a convolution of the error with the weights *turned round*:
read r - k, not r + k.
"""

forward_code = agrees(y, by_hand.forward, stride="s", pad="p", gap="q")
weights_code = agrees(vjp(y, w, g), by_hand.by_weights, stride="s", pad="p", gap="q")
bias_code = agrees(vjp(y, b, g), by_hand.by_bias)
input_code = agrees(vjp(y, x, g), by_hand.by_input, stride="s", pad="p", gap="q")
