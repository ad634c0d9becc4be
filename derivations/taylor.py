"""Taylor's formula with a bound on what it leaves out.

Near a point a smooth function is a line plus a little; how little is decided by how fast its gradient can turn. With a
gradient that is L-Lipschitz the line is off by no more than L/2 times the squared distance.

H is the Hessian at some point between x and x + h, and f is twice differentiable; L-smooth means that no eigenvalue of
a Hessian is above L or below -L.

Source: Nocedal and Wright, Numerical Optimization (2nd ed., 2006), theorem 2.1; Nesterov, Introductory Lectures on
Convex Optimization (2004), lemma 1.2.3.
"""

from chainrule import (
    I,
    agrees,
    algebra,
    assume,
    at_least,
    at_most,
    by,
    cited,
    derive,
    differentiate,
    dims,
    dot,
    equals,
    grad,
    matrix,
    positive_semidefinite,
    scalar,
    sqnorm,
    vector,
)
from numerics import taylor as by_hand

(n,) = dims("n")
f = scalar("f_x")  # the value at x
moved = scalar("f_xh")  # the value at x + h
g = vector("g", n)  # the gradient at x
h = vector("h", n)
H = matrix("H", n, n, symmetric=True)
L = scalar("L", nonnegative=True)

expansion = cited(
    moved,
    equals(f + dot(g, h) + h.T @ H @ h / 2),
    theorem="Taylor's theorem with Lagrange's remainder",
    source="Nocedal and Wright, Numerical Optimization (2nd ed., 2006), theorem 2.1",
)
above = assume(positive_semidefinite(L * I(n) - H))
below = assume(positive_semidefinite(L * I(n) + H))

from_above = derive(
    moved,
    equals(f + dot(g, h) + h.T @ H @ h / 2, expansion),
    equals(f + dot(g, h) + L / 2 * sqnorm(h) - h.T @ (L * I(n) - H) @ h / 2, algebra),
    at_most(f + dot(g, h) + L / 2 * sqnorm(h), above),
)
"""Never above this parabola"""

from_below = derive(
    moved,
    equals(f + dot(g, h) + h.T @ H @ h / 2, expansion),
    equals(f + dot(g, h) - L / 2 * sqnorm(h) + h.T @ (L * I(n) + H) @ h / 2, algebra),
    at_least(f + dot(g, h) - L / 2 * sqnorm(h), below),
)
"""Never below this one

The two together: the line is off by L/2 |h|^2 at most.
"""

x = vector("x", n)
b = vector("b", n)
q = x.T @ H @ x / 2 - dot(b, x)
quadratic = derive(
    q.at(x, x + h),
    equals(q + dot(H @ x - b, h) + h.T @ H @ h / 2, algebra),
    equals(q + dot(grad(q, x), h) + h.T @ H @ h / 2, differentiate),
    at_most(q + dot(grad(q, x), h) + L / 2 * sqnorm(h), by(above, calculus=True)),
)
"""A quadratic

Here nothing is left out, and the bound needs no theorem: it says that no eigenvalue of H is above L.
"""

line_code = agrees(f + dot(g, h) + L / 2 * sqnorm(h), by_hand.upper, f="f_x")
