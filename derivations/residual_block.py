"""A residual network's block.

A deep network of vision is one block, many times: look twice through a window, and add what was given.

Here on signals, with one place; an image has one index more. The block is derived in two halves, each a convolution, a
batch norm and a ReLU, and put together. ReLU has a kink: that nothing is 0 before it is a hypothesis of every line
about a half. The two lines about the whole are the chain rule, and hold with any slope at 0.

Source: He et al., Deep residual learning for image recognition (2016); Ioffe and Szegedy, Batch normalization (2015).
"""

from chainrule import (
    Sum,
    agrees,
    assume,
    derive,
    differentiate,
    dims,
    each,
    equals,
    let,
    nonzero,
    over,
    relu,
    scalar,
    sqrt,
    step,
    tensor,
    total,
    vector,
    vjp,
)
from numerics import residual_block as by_hand


def looked(x, w):
    """y[n, o, t] = sum over c, k of w[o, c, k] x[n, c, t + k - 1], a convolution with padding 1 and no bias.

    x (N, C, T), w (O, C, K)  ->  (N, O, T)
    """
    (N, C, T), (O, _, K) = x.shape, w.shape
    return each(
        Sum(w[o, c, k] * x[n, c, t + k - 1] for c in over(C) for k in over(K))
        for n in over(N)
        for o in over(O)
        for t in over(T)
    )


def looked_by_input(w, g):
    """Each error, back through the weights it came by.    w (O, C, K), g (N, O, T)  ->  (N, C, T)"""
    (O, C, K), (N, _, T) = w.shape, g.shape
    return each(
        Sum(w[o, c, k] * g[n, o, r - k + 1] for o in over(O) for k in over(K))
        for n in over(N)
        for c in over(C)
        for r in over(T)
    )


def looked_by_weights(x, g, K):
    """Each error times what the weight had met.    x (N, C, T), g (N, O, T)  ->  (O, C, K)"""
    (N, C, T), O = x.shape, g.shape[1]
    return each(
        Sum(g[n, o, t] * x[n, c, t + k - 1] for n in over(N) for t in over(T))
        for o in over(O)
        for c in over(C)
        for k in over(K)
    )


def everywhere(v):
    """A number for each channel, ready for its places.    v (C,)  ->  (C, 1)"""
    return each(v[c] for c in over(v.shape[0]) for _ in over(1))


def means(x):
    """The mean of each channel over examples and places.    x (N, C, T)  ->  (C, 1)"""
    N, _, T = x.shape
    return everywhere(total(x, axis=(0, 2)) / (N * T))


def size(x, eps):
    """The root of each channel's variance + eps.    x (N, C, T)  ->  (C, 1)"""
    return sqrt(means((x - means(x)) ** 2) + eps)


def batch_norm(x, gain, offset, eps):
    """gain Z + offset, each channel normalised over examples and places.    x (N, C, T), gain, offset (C,)"""
    return everywhere(gain) * ((x - means(x)) / size(x, eps)) + everywhere(offset)


def norm_back(H, Z, size):
    """H less its mean, less its part along Z, over the size.    H, Z (N, C, T), size (C, 1)  ->  (N, C, T)"""
    return (H - means(H) - Z * means(H * Z)) / size


def first_half(x, w, gain, offset, eps):
    """relu(norm(w * x)), * a convolution.    x (N, C, T), w (O, C, K), gain, offset (O,)  ->  (N, O, T)"""
    return relu(batch_norm(looked(x, w), gain, offset, eps))


def second_half(x, A, w, gain, offset, eps):
    """relu(x + norm(w * A)).    x (N, C, T), A (N, O, T), w (C, O, K), gain, offset (C,)  ->  (N, C, T)"""
    return relu(x + batch_norm(looked(A, w), gain, offset, eps))


N, C, O, T, K = dims("N C O T K", typical=(32, 64, 64, 28, 3))
eps = scalar("eps", positive=True)
x, G = tensor("x", N, C, T), tensor("G", N, C, T)  # G: the derivative of some loss by the output
w1, w2 = tensor("w1", O, C, K), tensor("w2", C, O, K)
gain1, offset1, gain2, offset2 = vector("gain1", O), vector("offset1", O), vector("gain2", C), vector("offset2", C)

A = tensor("A", N, O, T)  # what the first half says, whatever it is
V = let("V", looked(A, w2))
size2 = let("sigma_sq", size(V, eps))
Z2 = let("Z2", (V - means(V)) / size2)
E = let("E", x + (everywhere(gain2) * Z2 + everywhere(offset2)))
H = let("H", step(E) * G)
told2 = let("D2", norm_back(everywhere(gain2) * H, Z2, size2))  # what V is told
second = second_half(x, A, w2, gain2, offset2, eps)
no_kink = assume(nonzero(E))

by_skip = derive(
    vjp(second, x, G),
    equals(H, differentiate),
    given=no_kink,
)
"""The second half, by what it adds

Where the last ReLU is open, the block's input is told the error as it came.
"""
by_second_offset = derive(
    vjp(second, offset2, G),
    equals(total(H, axis=(0, 2)), differentiate),
    given=no_kink,
)
"""By the offset of its norm"""
by_second_gain = derive(
    vjp(second, gain2, G),
    equals(total(H * Z2, axis=(0, 2)), differentiate),
    given=no_kink,
)
"""By the gain"""
by_second_weights = derive(
    vjp(second, w2, G),
    equals(looked_by_weights(A, told2, K), differentiate),
    given=no_kink,
)
"""By its weights

Through the norm each place of each example is told a share of all the others: D2, no longer H, meets what the weights
had met.
"""
by_between = derive(
    vjp(second, A, G),
    equals(looked_by_input(w2, told2), differentiate),
    given=no_kink,
)
"""By what the first half said"""

U = let("U", looked(x, w1))
size1 = let("s1", size(U, eps))
Z1 = let("Z1", (U - means(U)) / size1)
B = let("B", everywhere(gain1) * Z1 + everywhere(offset1))
F = tensor("F", N, O, T)  # what the first half is told
open1 = let("O1", step(B) * F)
told1 = let("D1", norm_back(everywhere(gain1) * open1, Z1, size1))  # what U is told
first = first_half(x, w1, gain1, offset1, eps)
no_kink_before = assume(nonzero(B))

by_first_offset = derive(
    vjp(first, offset1, F),
    equals(total(open1, axis=(0, 2)), differentiate),
    given=no_kink_before,
)
"""The first half, by the offset of its norm"""
by_first_gain = derive(
    vjp(first, gain1, F),
    equals(total(open1 * Z1, axis=(0, 2)), differentiate),
    given=no_kink_before,
)
"""By the gain"""
by_first_weights = derive(
    vjp(first, w1, F),
    equals(looked_by_weights(x, told1, K), differentiate),
    given=no_kink_before,
)
"""By its weights"""
by_first_input = derive(
    vjp(first, x, F),
    equals(looked_by_input(w1, told1), differentiate),
    given=no_kink_before,
)
"""By its input"""

block = let("Y", second_half(x, first, w2, gain2, offset2, eps))
handed = vjp(second, A, G).at(A, first)
whole = derive(
    vjp(block, x, G),
    equals(vjp(second, x, G).at(A, first) + vjp(first, x, handed), differentiate),
)
"""The block

The input is told twice: past the layers, and through them. The second way may die out; the first does not, and so a
hundred blocks still learn.
"""
whole_by_weights = derive(
    vjp(block, w1, G),
    equals(vjp(first, w1, handed), differentiate),
)
"""The block, by a weight of its first half

The others go the same way: `handed` is what the second half tells the first.
"""

first_code = agrees(first, by_hand.first_half, w="w1", gain="gain1", offset="offset1")
first_back_code = agrees(vjp(first, x, F), by_hand.first_half_by_input, w="w1", gain="gain1", offset="offset1", D="F")
