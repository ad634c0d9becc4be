"""A multilayer perceptron.

Layers on layers: each takes the activities of the one below it, and the errors come down the way the activities went
up. The error of a layer is that of the layer above, back through its weights, times the slope of the activation.

The depth L is left open. The layers are steps of a recurrence that runs along their weights, the whole batch is its
state, and the errors are a recurrence in the other direction: what is shown here holds for every depth.

Source: Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, Nature 323 (1986); Bishop,
PRML (2006), eq. 5.56.
"""

from chainrule import (
    Sum,
    agrees,
    before,
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
    over,
    recur,
    relu,
    softmax,
    step,
    tanh,
    tensor,
    total,
    vector,
    vjp,
    zeros,
)
from numerics import multilayer_perceptron as by_hand

L, N, d, p, K = dims("L N d p K", typical=(4, 128, 64, 64, 10))
X = matrix("X", N, d)  # one example a row
Ws, bs = tensor("Ws", L, d, d), matrix("bs", L, d)  # one layer each
a, w, b = matrix("a", N, d), matrix("w", d, d), vector("b", d)


def layers(first, activation):
    """The activities of every layer, from what the first one reads.    first (N, d)  ->  (L, N, d)"""
    return recur({a: activation(a @ w.T + b)}, {a: first}, along={w: Ws, b: bs})


def last(H):
    """The activities of the last layer.    H (L, N, d)  ->  (N, d)"""
    return Sum(delta(l, L - 1) * H[l] for l in over(L))


H = let("H", layers(X, tanh))
output = last(H)
g = matrix("g", N, d)  # the derivative of some loss by the output

e, h = matrix("e", N, d), matrix("h", N, d)


def errors(slope, H, g):
    """The errors of all layers, by what goes into their activations, from the derivative by the output."""
    top = matrix("t", N, d)
    only_last = each(delta(l, L - 1) * g for l in over(L))
    back = {e: ((top + e) * slope(h)) @ w}
    carried = recur(back, {e: zeros(N, d)}, along={top: only_last, h: H, w: Ws}, backwards=True)
    return (only_last + before(carried)) * slope(H), carried


def tanh_slope(H):
    """The slope of tanh, from its value."""
    return 1 - H**2


error, carried = errors(tanh_slope, H, g)
Delta = let("Delta", error)

by_weights = derive(
    vjp(output, Ws, g),
    equals(Delta.T @ before(H), differentiate),
)
"""By the weights of every layer

The error of a layer meets the activities that the layer read: those of the layer *below*.
"""

by_biases = derive(
    vjp(output, bs, g),
    equals(total(Delta, axis=1), differentiate),
)
"""By every bias

The errors, added up over the examples.
"""

by_input = derive(
    vjp(output, X, g),
    equals(Sum(delta(l, 0) * carried[l] for l in over(L)), differentiate),
    equals(Sum(delta(l, 0) * (Delta @ Ws)[l] for l in over(L))),
)
"""By what the first layer reads"""

R = let("R", layers(X, relu))
rectified = let("Delta", errors(step, R, g)[0])
by_rectified_weights = derive(
    vjp(last(R), Ws, g),
    equals(rectified.T @ before(R), differentiate),
)
"""The same with rectified units

Where a unit is silent, no error passes. The slope at the kink is taken to be 0; there, the derivative is a convention.
"""

A, c = matrix("A", d, p), vector("c", d)
B, k = matrix("B", K, d), vector("k", K)
x = matrix("x", N, p)
y = matrix("y", N, K, one_hot_rows=True)
first = let("F", tanh(x @ A.T + c))
hidden = let("H", layers(first, tanh))
Z = let("Z", last(hidden) @ B.T + k)
loss = total(logsumexp(Z, axis=1)) - total(y * Z)
P = let("P", softmax(Z))
deep, down = errors(tanh_slope, hidden, (P - y) @ B)

by_top = derive(
    grad(loss, B),
    equals((P - y).T @ last(hidden), differentiate),
)
"""A whole network, by its top weights

A first layer that brings p inputs to d units, L layers, and a last one for K classes, whose loss is the cross-entropy.
"""

by_middle = derive(
    grad(loss, Ws),
    equals(deep.T @ before(hidden), differentiate),
)
"""By the weights in the middle

The error starts as softmax minus the class, P - y, at the top.
"""

by_bottom = derive(
    grad(loss, A),
    equals((Sum(delta(l, 0) * down[l] for l in over(L)) * (1 - first**2)).T @ x, differentiate),
)
"""By the first weights"""

states_code = agrees(H, by_hand.forward)
output_code = agrees(output, by_hand.output)
error_code = agrees(Delta, by_hand.errors)
weights_code = agrees(by_weights.last, by_hand.by_weights)
biases_code = agrees(by_biases.last, by_hand.by_biases)
input_code = agrees(vjp(output, X, g), by_hand.by_input)
