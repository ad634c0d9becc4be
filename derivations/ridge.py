"""Ridge regression.

Fit a line, and pay for long weights. The price makes the normal equations solvable whatever the data: that is the point
of this chapter.

Source: Hoerl and Kennard (1970); Bishop, PRML, sec. 3.1.4; Golub and Van Loan, Matrix Computations
(4th ed.), sec. 6.1.4.
"""

from chainrule import (
    I,
    agrees,
    algebra,
    at_least,
    by,
    cancel,
    cited,
    claim,
    convex,
    derive,
    diag,
    differentiate,
    dims,
    equals,
    fold,
    grad,
    hessian,
    let,
    matrix,
    more_than,
    positive_definite,
    positivity,
    scalar,
    sqnorm,
    unfold,
    vector,
)
from numerics import ridge as by_hand

n, p, r = dims("n p r")
X = matrix("X", n, p)  # one example a row
y = vector("y", n)
w = vector("w", p)
lam = scalar("lam", positive=True)

objective = sqnorm(y - X @ w) + lam * sqnorm(w)

gradient = derive(
    grad(objective, w),
    equals(grad(sqnorm(y - X @ w), w) + lam * grad(sqnorm(w), w), differentiate),
    equals(-2 * X.T @ (y - X @ w) + 2 * lam * w, differentiate),
    equals(2 * ((X.T @ X + lam * I(p)) @ w - X.T @ y), algebra),
)
"""The gradient

A residual, carried back through X, plus a pull towards zero.
"""

A = let("A", X.T @ X + lam * I(p))
v = vector("v", p, nonzero=True)
price = derive(
    v.T @ A @ v,
    equals(v.T @ X.T @ X @ v + lam * v.T @ v, unfold(A)),
    equals(sqnorm(X @ v) + lam * sqnorm(v), algebra),
    at_least(lam * sqnorm(v), positivity),
    more_than(0, positivity),
)
"""The price makes it solvable

For every v other than zero,
"""

invertible = claim(positive_definite(A), positivity)
"""In other words"""

normal_equations = derive(
    gradient.last,
    equals(2 * (A @ w - X.T @ y), fold(A)),
)
minimiser = let("w*", A.I @ X.T @ y)
stationary = derive(
    normal_equations.last.at(w, minimiser),
    equals(2 * (A @ A.I @ X.T @ y - X.T @ y), unfold(minimiser)),
    equals(0, cancel(A, given=invertible)),
)
"""Where the gradient vanishes"""

only_minimum = derive(
    objective,
    equals(
        objective.at(w, minimiser) + (w - minimiser).T @ A @ (w - minimiser),
        by(invertible),
    ),
    at_least(objective.at(w, minimiser), by(invertible)),
)
"""Why it is the only minimum

Completing the square leaves a positive definite form in the distance to w*.
"""

curvature = derive(
    hessian(objective, w),
    equals(2 * A, differentiate),
)
bowl = claim(convex(objective, w), by(curvature, invertible))
"""The objective is a bowl"""

U = matrix("U", n, r, orthonormal_columns=True)
V = matrix("V", p, r, orthonormal_columns=True)
s = vector("s", r, positive=True)
svd = cited(
    X,
    equals(U @ diag(s) @ V.T),
    theorem="singular value decomposition",
    source="Golub and Van Loan, Matrix Computations (4th ed.), theorem 2.4.1",
)
shrunk = claim(positive_definite(V @ diag(s**2) @ V.T + lam * I(p)), positivity)
"""In the singular basis, too"""
shrinkage = derive(
    X @ minimiser,
    equals(X @ (X.T @ X + lam * I(p)).I @ X.T @ y, unfold(minimiser)),
    equals(U @ diag(s) @ V.T @ (V @ diag(s**2) @ V.T + lam * I(p)).I @ V @ diag(s) @ U.T @ y, by(svd, invertible)),
    equals(U @ diag(s**2 / (s**2 + lam)) @ U.T @ y, by(shrunk)),
)
"""What the price does to the fit

Each singular direction of the data is shrunk by its own factor.
"""

B = let("B", X @ X.T + lam * I(n))
dual_invertible = claim(positive_definite(B), positivity)
"""The same from the other side"""
primal_is_dual = derive(
    minimiser,
    equals(X.T @ B.I @ y, by(invertible, dual_invertible)),
)
"""Primal is dual

The same weights from an n by n system: cheaper when there are more features than examples.
"""

objective_code = agrees(objective, by_hand.objective)
gradient_code = agrees(grad(objective, w), by_hand.gradient)
minimiser_code = agrees(minimiser, by_hand.closed_form)
stacked_code = agrees(minimiser, by_hand.stacked_qr)
dual_code = agrees(minimiser, by_hand.dual)
