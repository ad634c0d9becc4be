"""Normalisation.

Numbers are centred and divided by their size, so that the next layer always sees the same scale. The size depends on
every number: so on the way back each one's derivative has a share of all the others.

In all four layers the derivative H by the normalised numbers Z comes back in one form: H, less its mean, less its part
along Z, divided by the size. Who takes mean and size for constants loses the second and the third.

That variance + eps is positive is nowhere assumed: a variance is a mean of squares, and eps > 0.

Source: Ioffe and Szegedy, Batch normalization, ICML (2015); Ba, Kiros and Hinton, Layer normalization (2016); Wu and
He, Group normalization, ECCV (2018); Zhang and Sennrich, RMS normalization, NeurIPS (2019).
"""

from chainrule import (
    agrees,
    assume,
    claim,
    derive,
    differentiate,
    dims,
    dot,
    each,
    equals,
    let,
    matrix,
    ones,
    outer,
    over,
    positive,
    positivity,
    scalar,
    sqrt,
    tensor,
    total,
    vector,
    vjp,
)
from numerics import normalisation as by_hand

N, d, k, c, s = dims("N d k c s", typical=(128, 64, 8, 8, 64))
X = matrix("X", N, d)  # one example a row
gamma, beta = vector("gamma", d), vector("beta", d)
eps = scalar("eps", positive=True)
G = matrix("G", N, d)  # the derivative of some loss by the output


def across(v, size):
    """The number of each row, in all of its places.    v (N,)  ->  (N, size)"""
    return outer(v, ones(size))


def feature_means(X):
    """The mean of every feature.    X (N, d)  ->  (d,)"""
    return total(X, axis=0) / X.shape[0]


def example_means(X):
    """The mean of every example, in all of its places.    X (N, d)  ->  (N, d)"""
    return across(total(X, axis=1), X.shape[1]) / X.shape[1]


def batch_norm(X, gamma, beta, eps):
    """gamma Z + beta, each feature normalised over the batch.    X (N, d), gamma, beta (d,)  ->  (N, d)"""
    centred = X - feature_means(X)
    return gamma * (centred / sqrt(feature_means(centred**2) + eps)) + beta


def layer_norm(X, gamma, beta, eps):
    """gamma Z + beta, each example normalised over its features.    X (N, d), gamma, beta (d,)  ->  (N, d)"""
    centred = X - example_means(X)
    return gamma * (centred / sqrt(example_means(centred**2) + eps)) + beta


def rms_norm(X, gamma, eps):
    """gamma Z, each example divided by the root of its mean square.    X (N, d), gamma (d,)  ->  (N, d)"""
    return gamma * (X / sqrt(example_means(X**2) + eps))


B = batch_norm(X, gamma, beta, eps)
centred = X - feature_means(X)
size = let("sigma", sqrt(feature_means(centred**2) + eps))
Z = let("Z", centred / size)
H = let("H", gamma * G)

variance = let("v", feature_means(centred**2))
spread = claim(positive(variance + eps), positivity)
"""Nothing is divided by zero"""

by_input = derive(
    vjp(B, X, G),
    equals((H - feature_means(H) - Z * feature_means(H * Z)) / size, differentiate),
)
"""Batch norm, by its input

Means run over the batch: each example's derivative depends on all the others.
"""
by_scale = derive(
    vjp(B, gamma, G),
    equals(total(G * Z, axis=0), differentiate),
)
"""By the scale"""
by_shift = derive(
    vjp(B, beta, G),
    equals(total(G, axis=0), differentiate),
)
"""By the shift"""
no_mean = derive(
    total(by_input.last, axis=0),
    equals(0),
)
"""Nothing moves all examples together

Adding a constant to a feature changes nothing, so what comes back adds up to 0 over the batch: a bias before batch norm
is never trained.
"""

layer = layer_norm(X, gamma, beta, eps)
row = X - example_means(X)
row_size = let("sigma", sqrt(example_means(row**2) + eps))
row_Z = let("Z", row / row_size)
by_layer_input = derive(
    vjp(layer, X, G),
    equals((H - example_means(H) - row_Z * example_means(H * row_Z)) / row_size, differentiate),
)
"""Layer norm, by its input

The same, with means over the features of one example: examples do not meet.
"""
by_layer_scale = derive(
    vjp(layer, gamma, G),
    equals(total(G * row_Z, axis=0), differentiate),
)
"""By the scale

The scale is shared by the examples, and so its derivative is still added up over the batch.
"""
by_layer_shift = derive(
    vjp(layer, beta, G),
    equals(total(G, axis=0), differentiate),
)
"""By the shift"""

root = let("rho", sqrt(example_means(X**2) + eps))
rms_Z = let("Z", X / root)
by_rms_input = derive(
    vjp(rms_norm(X, gamma, eps), X, G),
    equals((H - rms_Z * example_means(H * rms_Z)) / root, differentiate),
)
"""RMS norm, by its input

No mean is taken off on the way up, and none on the way down.
"""
by_rms_scale = derive(
    vjp(rms_norm(X, gamma, eps), gamma, G),
    equals(total(G * rms_Z, axis=0), differentiate),
)
"""By the scale"""

scale, shift = matrix("gamma", k, c), matrix("beta", k, c)  # k groups of c channels


def places(v):
    """The number of each channel, ready for all places.    v (k, c)  ->  (k, c, 1)"""
    return each(v[j, h] for j in over(k) for h in over(c) for _ in over(1))


def group_means(T):
    """The mean of every group, ready for its channels and places.    T (N, k, c, s)  ->  (N, k, 1, 1)"""
    N, k, c, s = T.shape
    means = total(T, axis=(2, 3)) / (c * s)
    return each(means[i, j] for i in over(N) for j in over(k) for _ in over(1) for _ in over(1))


def group_size(T, eps):
    """The root of every group's variance and eps.    T (N, k, c, s)  ->  (N, k, 1, 1)"""
    return sqrt(group_means((T - group_means(T)) ** 2) + eps)


def group_norm(T, scale, shift, eps):
    """gamma Z + beta, each group of channels of an example normalised.    T (N, k, c, s), gamma, beta (k, c)"""
    return places(scale) * ((T - group_means(T)) / group_size(T, eps)) + places(shift)


def group_norm_by_input(T, scale, eps, D):
    """What comes back from the derivative D by the output, (N, k, c, s)."""
    size = let("sigma", group_size(T, eps))
    Z = let("Z", (T - group_means(T)) / size)
    H = let("H", places(scale) * D)
    return (H - group_means(H) - Z * group_means(H * Z)) / size


T, D = tensor("X", N, k, c, s), tensor("G", N, k, c, s)  # s places
group_Z = let("Z", (T - group_means(T)) / group_size(T, eps))
by_group_input = derive(
    vjp(group_norm(T, scale, shift, eps), T, D),
    equals(group_norm_by_input(T, scale, eps, D), differentiate),
)
"""Group norm, by its input

Means over the channels and places of one group of one example. With one group this is layer norm of an image.
"""
by_group_scale = derive(
    vjp(group_norm(T, scale, shift, eps), scale, D),
    equals(total(D * group_Z, axis=(0, 3)), differentiate),
)
"""By the scale"""
by_group_shift = derive(
    vjp(group_norm(T, scale, shift, eps), shift, D),
    equals(total(D, axis=(0, 3)), differentiate),
)
"""By the shift"""

A, w, g = matrix("A", N, d), vector("w", d), vector("g", N)
t = scalar("t", positive=True)


def standard(u, eps):
    """One feature, normalised over the batch.    u (N,)  ->  (N,)"""
    off = u - total(u) / N
    return off / sqrt(total(off**2) / N + eps)


off = A @ w - total(A @ w) / N
varied = assume(positive(total(off**2) / N))
scaled = derive(
    standard(A @ (t * w), 0),
    equals(standard(A @ w, 0)),
    given=varied,
)
"""Weights before a normalisation have no scale

Without eps, t w gives what w gives, for every t > 0. It is assumed that the feature is not the same for all examples.
"""

orthogonal = derive(
    dot(w, vjp(standard(A @ w, 0), w, g)),
    equals(0, differentiate),
    given=varied,
)
"""So the gradient is orthogonal to them

A step along the gradient makes the weights longer, never shorter: the learning rate sinks by itself.
"""

feature_size = let("sigma", sqrt(total(off**2) / N + eps))
with_eps = derive(
    dot(w, vjp(standard(A @ w, eps), w, g)),
    equals(eps * dot(g, off) / feature_size**3, differentiate),
)
"""With eps, almost

What is left is small where the variance is large beside eps.
"""

batch_code = agrees(B, by_hand.batch_norm)
batch_input_code = agrees(by_input.last, by_hand.batch_norm_by_input)
batch_scale_code = agrees(vjp(B, gamma, G), by_hand.batch_norm_by_scale)
batch_shift_code = agrees(vjp(B, beta, G), by_hand.by_shift)
layer_code = agrees(layer, by_hand.layer_norm)
layer_input_code = agrees(by_layer_input.last, by_hand.layer_norm_by_input)
layer_scale_code = agrees(vjp(layer, gamma, G), by_hand.layer_norm_by_scale)
few, back = tensor("X", 1, k, c, 2), tensor("G", 1, k, c, 2)  # one example, two places: larger ones take long
group_code = agrees(group_norm(few, scale, shift, eps), by_hand.group_norm)
group_input_code = agrees(group_norm_by_input(few, scale, eps, back), by_hand.group_norm_by_input)
group_scale_code = agrees(vjp(group_norm(few, scale, shift, eps), scale, back), by_hand.group_norm_by_scale)
group_shift_code = agrees(by_group_shift.last, by_hand.group_norm_by_shift)
rms_code = agrees(rms_norm(X, gamma, eps), by_hand.rms_norm)
rms_input_code = agrees(by_rms_input.last, by_hand.rms_norm_by_input)
rms_scale_code = agrees(vjp(rms_norm(X, gamma, eps), gamma, G), by_hand.rms_norm_by_scale)
