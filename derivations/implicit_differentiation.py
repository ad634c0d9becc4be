"""Implicit differentiation.

A minimiser has no formula in general, and it has a derivative all the same: what keeps the gradient at zero when the
problem changes a little.

Source: Krantz and Parks, The Implicit Function Theorem (2002); Bengio, Gradient-based optimization of hyperparameters
(2000); Golub, Heath and Wahba (1979) for the ridge path.
"""

from chainrule import (
    I,
    agrees,
    assume,
    by,
    cancel,
    claim,
    derive,
    dims,
    dot,
    equals,
    grad,
    invertible,
    jacobian,
    let,
    matrix,
    positive_definite,
    positivity,
    scalar,
    sqnorm,
    vector,
)
from numerics import implicit_differentiation as by_hand

n, p, q, m = dims("n p q m")
F_x, F_t = matrix("F_x", p, p), matrix("F_t", p, q)
dx, dt = vector("dx", p), vector("dt", q)
regular = assume(invertible(F_x))
stays = assume(F_x @ dx + F_t @ dt, equals(0))
rule = derive(
    dx,
    equals(F_x.I @ (F_x @ dx + F_t @ dt) - F_x.I @ F_t @ dt, cancel(F_x, given=regular)),
    equals(-F_x.I @ F_t @ dt, by(stays, regular)),
)
"""The rule

F(x, t) = 0 stays 0 when x and `t` change by dx and dt. That there is such an x near by is the implicit function
theorem.
"""

X, y, lam = matrix("X", n, p), vector("y", n), scalar("lam", positive=True)
A = let("A", X.T @ X + lam * I(p))
solvable = claim(positive_definite(A), positivity)
"""Ridge regression has one minimiser"""
w = let("w", A.I @ X.T @ y)
path = derive(
    jacobian(w, lam),
    equals(-A.I @ w, by(solvable, calculus=True)),
)
"""The ridge path

Differentiated as it is written. The same from the rule: the gradient A w - X'y changes by w with the price, so that F_t
is w and F_x is A.
"""

u = vector("u", p)
score = let("F", X.T @ (X @ u - y) + lam * u)
by_rule = derive(
    -jacobian(score, u).I @ jacobian(score, lam),
    equals(-A.I @ u, by(solvable, calculus=True)),
)
"""Without the formula for w

only the gradient of the objective is differentiated, at the minimiser `u`.
"""

V, z = matrix("V", m, p), vector("z", m)  # examples that were held out
held_out = sqnorm(z - V @ w) / 2
adjoint = let("a", A.I @ V.T @ (V @ w - z))
by_price = derive(
    grad(held_out, lam),
    equals(-dot(adjoint, w), by(solvable, calculus=True)),
)
"""What the price does to the error on other examples

One more system with the same matrix, however many prices there are: the adjoint.
"""

path_code = agrees(jacobian(w, lam), by_hand.ridge_path)
price_code = agrees(grad(held_out, lam), by_hand.by_price)
