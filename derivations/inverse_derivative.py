"""The derivative of an inverse.

How does the answer to a linear system change when the system does? As 1/x changes by -dx/x^2, with the two factors
1/x on either side.

Source: Magnus and Neudecker, Matrix Differential Calculus (3rd ed., 2019), ch. 8, theorem 3; Petersen and Pedersen, The
Matrix Cookbook (2012), eq. 59, 60, 63 and 124.
"""

from chainrule import (
    agrees,
    algebra,
    assume,
    derive,
    differentiate,
    dims,
    each,
    equals,
    grad,
    invertible,
    jacobian,
    let,
    matrix,
    over,
    scalar,
    trace,
    vector,
)
from numerics import inverse_derivative as by_hand

(n,) = dims("n")
X = matrix("X", n, n, invertible=True)
H = matrix("H", n, n)  # a direction, the dX of the formula
t = scalar("t")  # how far along it
A = matrix("A", n, n)
a, b = vector("a", n), vector("b", n)

moved = let("X_t", X + t * H)
regular = assume(invertible(moved))

product_rule = derive(
    jacobian(moved @ moved.I, t),
    equals(jacobian(moved, t) @ moved.I + moved @ jacobian(moved.I, t), differentiate),
    equals(H @ moved.I + moved @ jacobian(moved.I, t), differentiate),
    equals(0, differentiate),
    given=regular,
)
"""Where it comes from

The product of a matrix and its inverse never changes; so the two terms of the product rule cancel.
"""

differential = derive(
    jacobian(moved.I, t),
    equals(-moved.I @ H @ moved.I, differentiate),
    given=regular,
)
"""Along a direction

The derivative of the inverse when X moves in the direction H.
"""

at_the_point = derive(
    differential.last.at(t, 0),
    equals(-X.I @ H @ X.I, algebra),
)
"""At the point itself

The formula d(X^-1) = -X^-1 dX X^-1 with H for dX.
"""

Y = let("Y", X.I)
entries = derive(
    jacobian(X.I, X),
    equals(each(-Y[i, k] * Y[l, j] for i in over(n) for j in over(n) for k in over(n) for l in over(n)), differentiate),
)
"""Entry by entry

How the entry i, j of the inverse changes with the entry k, l of the matrix.
"""

trace_of_inverse = derive(
    grad(trace(A @ X.I), X),
    equals(-(X.I @ A @ X.I).T, differentiate),
)
"""The gradient of a trace"""

bilinear = derive(
    grad(a.T @ X.I @ b, X),
    equals(-X.I.T @ a @ b.T @ X.I.T, differentiate),
)
"""The gradient of a'X^-1 b

With A = b a' in the line above.
"""

differential_code = agrees(at_the_point.last, by_hand.differential, dX="H")
entries_code = agrees(jacobian(X.I, X), by_hand.jacobian)
trace_code = agrees(grad(trace(A @ X.I), X), by_hand.trace_gradient)
