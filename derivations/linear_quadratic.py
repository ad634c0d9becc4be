"""Linear and quadratic forms.

The gradient says how a number changes when each entry of its argument moves. For a line it is the line's own weights;
for a parabola it is a line.

Source: Magnus and Neudecker, Matrix Differential Calculus (3rd ed., 2019), ch. 9; Petersen and Pedersen, The Matrix
Cookbook (2012), eq. 69, 81 and 97.
"""

from chainrule import agrees, algebra, derive, differentiate, dims, equals, grad, hessian, matrix, vector
from numerics import linear_quadratic as by_hand

(n,) = dims("n")
a = vector("a", n)
b = vector("b", n)
x = vector("x", n)
A = matrix("A", n, n)
S = matrix("S", n, n, symmetric=True)

linear = derive(
    grad(a.T @ x, x),
    equals(a, differentiate),
)
"""A line

Its gradient is its weights, the same everywhere.
"""

quadratic = derive(
    grad(x.T @ A @ x, x),
    equals(A @ x + A.T @ x, differentiate),
    equals((A + A.T) @ x, algebra),
)
"""A parabola

x stands twice, so the product rule gives two terms: only the symmetric part of A counts.
"""

symmetric = derive(
    quadratic.last.at(A, S),
    equals(2 * S @ x, algebra),
)
"""When the matrix is symmetric

The rule of school, (a x^2)' = 2 a x, comes back.
"""

curvature = derive(
    hessian(x.T @ A @ x, x),
    equals(A + A.T, differentiate),
)
"""The curvature of a parabola

It is the same everywhere.
"""

bowl = derive(
    grad(x.T @ S @ x / 2 - b.T @ x, x),
    equals(S @ x - b, differentiate),
)
"""A parabola and a linear system

The gradient vanishes just where S x = b: to minimise a quadratic is to solve a linear system.
"""

linear_code = agrees(grad(a.T @ x, x), by_hand.linear_gradient)
quadratic_code = agrees(grad(x.T @ A @ x, x), by_hand.quadratic_gradient)
curvature_code = agrees(hessian(x.T @ A @ x, x), by_hand.quadratic_hessian)
