"""Lagrange's multipliers.

At the lowest point under constraints the gradient has nothing left along the constraints: it is a combination of
their gradients.

J has the gradients of the constraints as its rows, linearly independent; `g` is the gradient of f. A direction `d`
keeps to the constraints, to first order, when J d = 0.

Source: Nocedal and Wright, Numerical Optimization (2nd ed.), theorem 12.1 and sec. 16.1; Boyd and Vandenberghe, Convex
Optimization (2004), sec. 10.1.
"""

from chainrule import (
    agrees,
    algebra,
    assume,
    at_least,
    by,
    cancel,
    claim,
    derive,
    differentiate,
    dims,
    dot,
    equals,
    grad,
    let,
    matrix,
    positive_definite,
    scalar,
    sqnorm,
    unfold,
    vector,
)
from numerics import lagrange as by_hand

n, m = dims("n m")
Jt = matrix("K", n, m, full_column_rank=True)  # one gradient of a constraint a column: J = K'
g = vector("g", n)

gram = claim(positive_definite(Jt.T @ Jt), algebra)
"""The multipliers are unique"""

multipliers = let("lambda", (Jt.T @ Jt).I @ Jt.T @ g)
d = let("d", Jt @ multipliers - g)
feasible_direction = derive(
    Jt.T @ d,
    equals(Jt.T @ Jt @ (Jt.T @ Jt).I @ Jt.T @ g - Jt.T @ g, unfold(d, multipliers)),
    equals(0, by(gram)),
)
"""The steepest way down along the constraints

The part of -`g` that the gradients of the constraints do not explain keeps to the constraints.
"""

slope = derive(
    dot(g, d),
    equals(dot(Jt @ multipliers - d, d), unfold(d)),
    equals(-sqnorm(d), by(feasible_direction)),
)
"""It goes down

unless it is 0. By the implicit function theorem some curve on the constraints leaves in the direction `d`; so where f
is lowest, `d` is 0.
"""

nothing_left = assume(d, equals(0))
stationary = derive(
    g,
    equals(Jt @ multipliers - d, unfold(d)),
    equals(Jt @ multipliers, by(nothing_left)),
)
"""So the gradient is a combination of the constraints' gradients"""

A, b = matrix("A", m, n), vector("b", m)
x, x_star, nu = vector("x", n), vector("x_star", n), vector("nu", m)
f_x, f_star = scalar("f_x"), scalar("f_star")
tangent = assume(f_x, at_least(f_star + dot(A.T @ nu, x - x_star)))
feasible = assume(A @ x, equals(b))
feasible_star = assume(A @ x_star, equals(b))
enough = derive(
    f_x,
    at_least(f_star + dot(A.T @ nu, x - x_star), by(tangent)),
    equals(f_star + dot(nu, A @ x - A @ x_star), algebra),
    equals(f_star, by(feasible, feasible_star)),
)
"""For a bowl under linear constraints it is enough

A tangent whose slope is a combination of the constraints is level along them.
"""

P = matrix("P", n, n, positive_definite=True)
q = vector("q", n)
Bt = matrix("B", n, m, full_column_rank=True)
M = let("M", Bt.T @ P.I @ Bt)
solvable = claim(positive_definite(M), algebra)
"""Solvable"""

nu_star = let("nu*", M.I @ (b - Bt.T @ P.I @ q))
best = let("x*", P.I @ (q + Bt @ nu_star))
f = x.T @ P @ x / 2 - dot(q, x)

keeps = derive(
    Bt.T @ best,
    equals(Bt.T @ P.I @ q + M @ M.I @ (b - Bt.T @ P.I @ q), unfold(best, nu_star)),
    equals(b, cancel(M, given=solvable)),
)
"""A quadratic bowl under B'x = b

Its multipliers and its lowest point have a closed form: it keeps the constraints,
"""

gradient = derive(
    grad(f, x).at(x, best),
    equals(P @ best - q, differentiate),
    equals(Bt @ nu_star, unfold(best)),
)
"""its gradient is a combination of theirs,"""

on_constraints = assume(Bt.T @ x, equals(b))
lowest = derive(
    f,
    equals(f.at(x, best) + dot(P @ best - q, x - best) + (x - best).T @ P @ (x - best) / 2, algebra),
    equals(
        f.at(x, best) + dot(nu_star, Bt.T @ x - Bt.T @ best) + (x - best).T @ P @ (x - best) / 2, by(gradient, solvable)
    ),
    equals(f.at(x, best) + (x - best).T @ P @ (x - best) / 2, by(keeps, on_constraints, solvable)),
    at_least(f.at(x, best), by(solvable)),
)
"""and nothing on the constraints lies lower"""

multipliers_code = agrees(multipliers, by_hand.multipliers)
minimiser_code = agrees(best, by_hand.minimiser)
"""By hand one system is solved for the point and its multipliers together."""
