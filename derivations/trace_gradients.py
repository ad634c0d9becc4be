"""Traces.

A trace is an inner product in disguise: tr(A'X) multiplies the entries of A and X and adds them up. Read off the matrix
that stands beside X, and that is the gradient.

Source: Magnus and Neudecker, Matrix Differential Calculus (3rd ed., 2019), ch. 9; Petersen and Pedersen, The Matrix
Cookbook (2012), eq. 101 and 117.
"""

from chainrule import agrees, algebra, derive, differentiate, dims, equals, grad, matrix, sqnorm, total, trace
from numerics import trace_gradients as by_hand

m, n, p = dims("m n p")
X = matrix("X", n, p)
A, B = matrix("A", m, n), matrix("B", p, m)
C, D = matrix("C", n, n), matrix("D", p, p)
G = matrix("G", n, p)

inner_product = derive(
    trace(G.T @ X),
    equals(total(G * X), algebra),
)
"""A trace is an inner product

So whatever is written as tr(G'X) has the gradient G.
"""

linear = derive(
    grad(trace(A @ X @ B), X),
    equals(grad(trace(B @ A @ X), X), differentiate),
    equals((B @ A).T, differentiate),
    equals(A.T @ B.T, algebra),
)
"""Linear in X

Turn the product round until X stands last; what stands before it is the gradient, transposed.
"""

quadratic = derive(
    grad(trace(X.T @ C @ X @ D), X),
    equals(C @ X @ D + C.T @ X @ D.T, differentiate),
)
"""Quadratic in X

X stands twice, so there are two terms.
"""

square = derive(
    grad(sqnorm(X), X),
    equals(grad(trace(X.T @ X), X), differentiate),
    equals(2 * X, differentiate),
)
"""The sum of squares

C = I and D = I.
"""

linear_code = agrees(grad(trace(A @ X @ B), X), by_hand.linear_gradient)
quadratic_code = agrees(grad(trace(X.T @ C @ X @ D), X), by_hand.quadratic_gradient, A="C", B="D")
