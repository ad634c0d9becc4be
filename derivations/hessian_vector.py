"""Hessian times vector.

A Hessian of a million weights has a million million entries. Its product with a vector costs about as much as two
gradients, and needs none of them.

Source: Pearlmutter, Fast exact multiplication by the Hessian (1994); Nocedal and Wright, Numerical Optimization (2nd
ed.), sec. 8.2.
"""

from chainrule import (
    agrees,
    derive,
    differentiate,
    dims,
    dot,
    equals,
    grad,
    hessian,
    let,
    matrix,
    scalar,
    sigmoid,
    softplus,
    tanh,
    total,
    vector,
)
from numerics import hessian_vector as by_hand

n, p, d = dims("n p d", typical=(1000, 100, 50))
X, y = matrix("X", n, p), vector("y", n, labels=True)
w, v, h = vector("w", p), vector("v", p), scalar("h")
loss = total(softplus(-y * (X @ w)))
s = let("s", sigmoid(y * (X @ w)) * sigmoid(-y * (X @ w)))

forward_over_reverse = derive(
    grad(dot(grad(loss, w).at(w, w + h * v), v), h).at(h, 0),
    equals(dot(v, hessian(loss, w) @ v), differentiate),
)
"""The gradient, carried along v

How fast the gradient changes along `v` is the Hessian times `v`; here its product with `v`, the curvature in that
direction.
"""

reverse_over_reverse = derive(
    grad(dot(grad(loss, w), v), w),
    equals(hessian(loss, w) @ v, differentiate),
    equals(X.T @ (s * (X @ v)), differentiate),
)
"""The gradient of a slope

For logistic regression: three products of a matrix with a vector, where the Hessian itself would take n p^2.
"""

W, c, x, u = matrix("W", d, p), vector("c", d), vector("x", p), vector("u", p)
a = let("a", tanh(W @ x))
layer = dot(c, tanh(W @ x))
of_a_layer = derive(
    grad(dot(grad(layer, x), u), x),
    equals(hessian(layer, x) @ u, differentiate),
    equals(W.T @ (-2 * a * (1 - a**2) * c * (W @ u)), differentiate),
)
"""A layer of a network

The way there with the change W u beside it, and the way back.
"""

logistic_code = agrees(hessian(loss, w) @ v, by_hand.of_logistic_loss)
layer_code = agrees(hessian(layer, x) @ u, by_hand.of_a_layer)
