"""The sum of squared residuals, for a matrix of weights.

Many regressions at once: each column of X fits its own column of B, and all of them share A.

Source: Petersen and Pedersen, The Matrix Cookbook (2012), eq. 119; Golub and Van Loan, Matrix Computations (4th ed.),
sec. 5.3.
"""

from chainrule import agrees, algebra, derive, differentiate, dims, equals, expand, grad, matrix, sqnorm, trace
from numerics import matrix_residual as by_hand

m, n, p = dims("m n p")
A, B = matrix("A", m, n), matrix("B", m, p)
X = matrix("X", n, p)

objective = sqnorm(A @ X - B)

as_traces = derive(
    objective,
    equals(trace((A @ X - B).T @ (A @ X - B)), algebra),
    equals(trace(X.T @ A.T @ A @ X) - 2 * trace(B.T @ A @ X) + sqnorm(B), expand),
)
"""A square, multiplied out"""

gradient = derive(
    grad(objective, X),
    equals(2 * A.T @ (A @ X - B), differentiate),
    equals(2 * (A.T @ A @ X - A.T @ B), expand),
)
"""The gradient

The residual, carried back through A.
"""

objective_code = agrees(objective, by_hand.objective)
gradient_code = agrees(grad(objective, X), by_hand.gradient)
