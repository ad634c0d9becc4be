"""The chain rule.

Each step of a computation stretches and turns small changes by its own matrix; a chain of steps does it by the product
of these matrices. Backpropagation is that product, multiplied from the left.

The steps are differentiable. The best linear map of a composition is the composition of the best linear maps: below, K
takes the change of x to the change of z, and J the change of z to that of y.

Source: Rudin, Principles of Mathematical Analysis (3rd ed., 1976), theorem 9.15; Griewank and Walther, Evaluating
Derivatives (2nd ed., 2008), ch. 3.
"""

from chainrule import (
    agrees,
    algebra,
    assume,
    derive,
    diag,
    differentiate,
    dims,
    dot,
    equals,
    jacobian,
    matrix,
    sigmoid,
    tanh,
    vector,
    vjp,
)
from numerics import chain_rule as by_hand

m, n, p = dims("m n p")
K, J = matrix("K", n, p), matrix("J", m, n)
dx, dz, dy = vector("dx", p), vector("dz", n), vector("dy", m)
ybar = vector("y_bar", m)

inner = assume(dz, equals(K @ dx))
outer_step = assume(dy, equals(J @ dz))

forwards = derive(
    dy,
    equals(J @ dz, outer_step),
    equals(J @ K @ dx, inner),
)
"""Forwards

Small changes go from x to y through both matrices.
"""

backwards = derive(
    dot(ybar, dy),
    equals(dot(ybar, J @ K @ dx), forwards),
    equals(dot(K.T @ (J.T @ ybar), dx), algebra),
)
"""Backwards

How much the result cares about y becomes how much it cares about x: first J', then K'. Two products of a matrix with a
vector, and never one of two matrices.
"""

x = vector("x", p)
A, B = matrix("A", n, p), matrix("B", m, n)
z = vector("z", n)
first = tanh(A @ x)
second = B @ sigmoid(z)

inner_jacobian = derive(
    jacobian(first, x),
    equals(diag(1 - tanh(A @ x) ** 2) @ A, differentiate),
)
outer_jacobian = derive(
    jacobian(second, z),
    equals(B @ diag(sigmoid(z) * sigmoid(-z)), differentiate),
)
composed = derive(
    jacobian(second.at(z, first), x),
    equals(jacobian(second, z).at(z, first) @ jacobian(first, x), differentiate),
    equals(B @ diag(sigmoid(first) * sigmoid(-first)) @ diag(1 - first**2) @ A, differentiate),
)
"""A network of two layers

The Jacobian of the whole is the product of the Jacobians of its layers, each at the point that its layer is given.
"""

pulled_back = derive(
    vjp(second.at(z, first), x, ybar),
    equals(jacobian(second.at(z, first), x).T @ ybar, differentiate),
    equals(A.T @ ((1 - first**2) * (sigmoid(first) * sigmoid(-first) * (B.T @ ybar))), differentiate),
)
"""Its vector-Jacobian product

The transposed Jacobian times a vector, computed layer by layer from the end: this is what backpropagation does.
"""

jacobian_code = agrees(jacobian(second.at(z, first), x), by_hand.jacobian)
pullback_code = agrees(vjp(second.at(z, first), x, ybar), by_hand.pullback, ybar="y_bar")
