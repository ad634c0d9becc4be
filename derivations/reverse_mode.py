"""Reverse mode.

A computation is a chain of steps, and a small change runs through it from the first to the last. How much the result
cares about each step runs the other way. At every step the two meet in the same number.

Layers are steps of a recurrence along their weights, and their number L stays open. That the sweep back is the
derivative is shown twice: by the law of the derivative of a recurrence, and by induction from the products of the small
changes alone.

Source: Griewank and Walther, Evaluating Derivatives (2nd ed., 2008), sec. 3.2; Linnainmaa (1970).
"""

from chainrule import (
    Sum,
    agrees,
    before,
    delta,
    derive,
    differentiate,
    dims,
    dot,
    each,
    equals,
    grad,
    index,
    induction,
    let,
    matrix,
    over,
    recur,
    scalar,
    tanh,
    tensor,
    vector,
    vjp,
    zeros,
)
from numerics import reverse_mode as by_hand

L, d = dims("L d", typical=(8, 64))
l = index("l", L)
W, B = tensor("W", L, d, d), matrix("B", L, d)  # the weights of each layer
x, v = vector("x", d), vector("v", d)  # what goes in, and a direction to change it in
G = matrix("G", L, d)  # how much the result cares about each layer, of its own

h, u, e, g, b = (vector(name, d) for name in ("h", "u", "e", "g", "b"))
A, r = matrix("A", d, d), scalar("r")
H = let("H", recur({h: tanh(A @ h + b)}, {h: x}, along={A: W, b: B}))

tangents = let("U", recur({u: (1 - h**2) * (A @ u)}, {u: v}, along={A: W, h: H}))
adjoints = let("E", recur({e: A.T @ ((1 - h**2) * (g + e))}, {e: zeros(d)}, along={A: W, g: G, h: H}, backwards=True))
felt = let("R", recur({r: r + dot(g, u)}, {r: 0}, along={g: G, u: tangents}, backwards=True))

meet = derive(
    dot(adjoints[l], before(tangents)[l]),
    equals(felt[l], induction(l, backwards=True)),
)
"""Where the two sweeps meet

U is how the layers change when x changes along v, from the first layer to the last; E is carried back from the last.
At every layer their product is R: all that the result feels of the change from that layer on. Nothing is used of the
layers but that the way back goes through the transpose of the way there.
"""

one_step = derive(
    dot(grad(dot(g, tanh(A @ h + b)), h), u),
    equals(dot(g, (1 - tanh(A @ h + b) ** 2) * (A @ u)), differentiate),
)
"""One layer

What a small change of its input does to it, weighted by `g`: the steps of U are the derivatives of the layers.
"""

by_input = derive(
    vjp(H, x, G),
    equals(Sum(delta(l, 0) * adjoints[l] for l in over(L)), differentiate),
)
"""The derivative by what goes in

is what the sweep back has at the first layer. One sweep for every entry of x, where a forward sweep is one for each
direction.
"""

error = let("Delta", (1 - H**2) * (G + before(adjoints)))
by_weights = derive(
    vjp(H, W, G),
    equals(each(error[l] @ before(H)[l].T for l in over(L)), differentiate),
)
"""By the weights of every layer

the error at a layer meets what went into it.
"""
by_bias = derive(vjp(H, B, G), equals(error, differentiate))
"""By the biases"""

states_code = agrees(H, by_hand.forward)
tangents_code = agrees(tangents, by_hand.tangents)
error_code = agrees(error, by_hand.errors)
input_code = agrees(vjp(H, x, G), by_hand.by_input)
weights_code = agrees(vjp(H, W, G), by_hand.by_weights)
