"""Least squares.

The best line is the one whose errors are perpendicular to the data. Everything in this chapter says that one sentence
in another way: the gradient vanishes, the residual is orthogonal to the columns, the fit is a projection.

Source: Gauss (1809); Golub and Van Loan, Matrix Computations (4th ed.), sec. 5.3; Bishop, PRML, sec. 3.1.
"""

from chainrule import (
    agrees,
    algebra,
    at_least,
    by,
    cancel,
    claim,
    convex,
    derive,
    differentiate,
    dims,
    equals,
    expand,
    grad,
    hessian,
    let,
    matrix,
    more_than,
    positive_definite,
    sqnorm,
    unfold,
    vector,
)
from numerics import least_squares as by_hand

n, p = dims("n p")
X = matrix("X", n, p, full_column_rank=True)  # one example a row
y = vector("y", n)
w = vector("w", p)

objective = sqnorm(X @ w - y)

gradient = derive(
    grad(objective, w),
    equals(2 * X.T @ (X @ w - y), differentiate),
    equals(2 * (X.T @ X @ w - X.T @ y), expand),
)
"""The gradient

A residual, carried back through X.
"""

G = let("G", X.T @ X)
solvable = claim(positive_definite(G), algebra)
"""Solvable

Full column rank is just what makes the Gram matrix positive definite.
"""

minimiser = let("w*", G.I @ X.T @ y)

normal_equations = derive(
    gradient.last.at(w, minimiser),
    equals(2 * (G @ G.I @ X.T @ y - X.T @ y), unfold(minimiser)),
    equals(0, cancel(G, given=solvable)),
)
"""Where the gradient vanishes"""

fitted = let("ŷ", X @ minimiser)
orthogonal_residual = derive(
    X.T @ (y - fitted),
    equals(X.T @ y - G @ G.I @ X.T @ y, unfold(fitted, minimiser)),
    equals(0, cancel(G, given=solvable)),
)
"""The residual is orthogonal

What is left over is perpendicular to every column of the data.
"""

H = let("H", X @ G.I @ X.T)
projection = derive(
    H @ H,
    equals(X @ G.I @ (X.T @ X) @ G.I @ X.T, unfold(H)),
    equals(X @ G.I @ X.T, cancel(G, given=solvable)),
)
"""The fit is a projection

Projecting twice is projecting once,
"""

symmetric_projection = derive(
    H.T,
    equals(X @ G.I.T @ X.T, unfold(H)),
    equals(H, algebra),
)
"""An orthogonal one

It is symmetric: what it takes away is perpendicular to what it leaves.
"""

curvature = derive(
    hessian(objective, w),
    equals(2 * G, differentiate),
)
bowl = claim(convex(objective, w), by(curvature))
"""The objective is a bowl

Its Hessian is twice a Gram matrix.
"""

excess = derive(
    objective,
    equals(sqnorm(X @ (w - minimiser) + (X @ minimiser - y)), algebra),
    equals(
        sqnorm(X @ minimiser - y) + sqnorm(X @ (w - minimiser)),
        by(solvable, orthogonal_residual),
    ),
    at_least(objective.at(w, minimiser), by(solvable)),
)
"""Pythagoras

Any other weights pay the squared distance of their fit from the best fit.
"""

v = vector("v", p, nonzero=True)
uniqueness = derive(
    objective.at(w, minimiser + v),
    equals(sqnorm(X @ minimiser - y) + sqnorm(X @ v), by(solvable)),
    more_than(objective.at(w, minimiser), by(solvable)),
)
"""The only minimum

Under full column rank a step v away from the minimiser always costs something.
"""

objective_code = agrees(objective, by_hand.loss)
gradient_code = agrees(grad(objective, w), by_hand.gradient)
by_normal_equations = agrees(minimiser, by_hand.closed_form)
by_qr = agrees(minimiser, by_hand.closed_form_qr)
"""The same function twice; on ill-conditioned data the normal equations lose twice the digits that QR does."""
projection_code = agrees(H, by_hand.projection)
