"""A ConvNeXt block.

Look once through a wide window, each channel by itself; normalise; think at every place, as a transformer does; and add
a little of it.

Here on signals, with one place; an image has one index more. Seeing and thinking are derived apart, for whatever comes
in, and put together. GELU has no kink and eps > 0: nothing is asked.

Source: Liu et al., A ConvNet for the 2020s (2022); Touvron et al., Going deeper with image transformers (2021), for the
scale of a layer.
"""

from chainrule import (
    Sum,
    agrees,
    derive,
    differentiate,
    dims,
    each,
    equals,
    let,
    matrix,
    over,
    scalar,
    sqrt,
    tensor,
    total,
    vector,
    vjp,
)
from derivations.networks import depthwise, mixed
from derivations.residual_block import everywhere
from derivations.transformer_block import gelu, gelu_slope
from numerics import convnext_block as by_hand


def at_each_place(v):
    """A number for each example and place, ready for the channels.    v (N, T)  ->  (N, 1, T)"""
    return each(v[n, t] for n in over(v.shape[0]) for _ in over(1) for t in over(v.shape[1]))


def channel_means(x):
    """The mean over the channels of each place.    x (N, C, T)  ->  (N, 1, T)"""
    return at_each_place(total(x, axis=1) / x.shape[1])


def channel_size(x, eps):
    """The root of the variance over the channels + eps.    x (N, C, T)  ->  (N, 1, T)"""
    return sqrt(channel_means((x - channel_means(x)) ** 2) + eps)


def seen(x, w, b, gain, offset, eps, pad):
    """Layer norm, over the channels of each place, of a depthwise convolution.    x (N, C, T)  ->  (N, C, T)"""
    met = depthwise(x, w, x.shape[2], pad) + everywhere(b)
    away = met - channel_means(met)
    return everywhere(gain) * (away / channel_size(met, eps)) + everywhere(offset)


def thought(S, W1, b1, W2, b2, scale):
    """scale (W2 gelu(W1 S + b1) + b2) at each place.    S (N, C, T), W1 (M, C), W2 (C, M)  ->  (N, C, T)"""
    return everywhere(scale) * (mixed(gelu(mixed(S, W1) + everywhere(b1)), W2) + everywhere(b2))


def mixed_by_weights(x, g):
    """sum over n, t of g[n, o, t] x[n, c, t].    x (N, C, T), g (N, O, T)  ->  (O, C)"""
    (N, C, T), O = x.shape, g.shape[1]
    return each(Sum(g[n, o, t] * x[n, c, t] for n in over(N) for t in over(T)) for o in over(O) for c in over(C))


N, C, T, K, M, P = dims("N C T K M P", typical=(32, 64, 28, 7, 256, 3))  # M channels inside, padding P
eps = scalar("eps", positive=True)
x, G = tensor("x", N, C, T), tensor("G", N, C, T)  # G: the derivative of some loss by the output
w, b = matrix("w", C, K), vector("b", C)
gain, offset, scale = vector("gain", C), vector("offset", C), vector("scale", C)
W1, b1, W2, b2 = matrix("W1", M, C), vector("b1", M), matrix("W2", C, M), vector("b2", C)


S = tensor("S", N, C, T)  # what was seen, whatever it is
a = let("a", mixed(S, W1) + everywhere(b1))
said = let("m", mixed(gelu(a), W2) + everywhere(b2))
told_out = let("D2", everywhere(scale) * G)
told_in = let("D1", mixed(told_out, W2.T) * gelu_slope(a))
thinking = thought(S, W1, b1, W2, b2, scale)

by_scale = derive(
    vjp(thinking, scale, G),
    equals(total(G * said, axis=(0, 2)), differentiate),
)
"""By the scale of a layer

Each channel of what a block adds has a factor of its own, which starts near 0: at first a block adds nothing.
"""
by_out_bias = derive(
    vjp(thinking, b2, G),
    equals(total(told_out, axis=(0, 2)), differentiate),
)
"""By the narrowing bias"""
by_out_weights = derive(
    vjp(thinking, W2, G),
    equals(mixed_by_weights(gelu(a), told_out), differentiate),
)
"""By the narrowing weights"""
by_in_bias = derive(
    vjp(thinking, b1, G),
    equals(total(told_in, axis=(0, 2)), differentiate),
)
"""By the widening bias"""
by_in_weights = derive(
    vjp(thinking, W1, G),
    equals(mixed_by_weights(S, told_in), differentiate),
)
"""By the widening weights"""
by_seen = derive(
    vjp(thinking, S, G),
    equals(mixed(told_in, W1.T), differentiate),
)
"""By what was seen"""

R = tensor("R", N, C, T)  # what the seeing is told
met = let("U", depthwise(x, w, T, P) + everywhere(b))
spread = let("s", channel_size(met, eps))
Z = let("Z", (met - channel_means(met)) / spread)
gained = let("H", everywhere(gain) * R)
told = let("D", (gained - channel_means(gained) - Z * channel_means(gained * Z)) / spread)  # what the sum is told
seeing = seen(x, w, b, gain, offset, eps, P)

by_offset = derive(
    vjp(seeing, offset, R),
    equals(total(R, axis=(0, 2)), differentiate),
)
"""By the offset of the norm"""
by_gain = derive(
    vjp(seeing, gain, R),
    equals(total(R * Z, axis=(0, 2)), differentiate),
)
"""By the gain"""
by_bias = derive(
    vjp(seeing, b, R),
    equals(total(told, axis=(0, 2)), differentiate),
)
"""By the bias of the window"""
by_window = derive(
    vjp(seeing, w, R),
    equals(
        each(
            Sum(told[n, c, t] * x[n, c, t + k - P] for n in over(N) for t in over(T)) for c in over(C) for k in over(K)
        ),
        differentiate,
    ),
)
"""By the window

Each channel has a window of its own, of K weights, and meets itself alone.
"""
by_looked_at = derive(
    vjp(seeing, x, R),
    equals(
        each(Sum(told[n, c, r - k + P] * w[c, k] for k in over(K)) for n in over(N) for c in over(C) for r in over(T)),
        differentiate,
    ),
)
"""By what was looked at"""

block = let("Y", x + thought(seeing, W1, b1, W2, b2, scale))
asked = vjp(thinking, S, G).at(S, seeing)
whole = derive(
    vjp(block, x, G),
    equals(G + vjp(seeing, x, asked), differentiate),
)
"""The block

The error itself, and what comes back through thinking and then through seeing.
"""
whole_by_window = derive(
    vjp(block, w, G),
    equals(vjp(seeing, w, asked), differentiate),
)
"""The block, by its window

All that lies before the thinking is told through it.
"""

few, back = tensor("x", 1, C, 2), tensor("R", 1, C, 2)  # one example, two places: larger ones take long
seen_code = agrees(seen(few, w, b, gain, offset, eps, P), by_hand.seen, pad="P")
window_code = agrees(vjp(seen(few, w, b, gain, offset, eps, P), w, back), by_hand.seen_by_window, pad="P", D="R")
thought_code = agrees(vjp(thought(few, W1, b1, W2, b2, scale), few, back), by_hand.thought_by_input, S="x", G="R")
