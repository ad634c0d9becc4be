"""Exact line search.

On a quadratic bowl the best step along the gradient has a closed form: how steep it is there, over how it bends.

Source: Cauchy (1847); Nocedal and Wright, Numerical Optimization (2nd ed.), sec. 3.3.
"""

from chainrule import (
    agrees,
    algebra,
    assume,
    at_least,
    by,
    derive,
    differentiate,
    dims,
    dot,
    equals,
    grad,
    let,
    matrix,
    more_than,
    scalar,
    sqnorm,
    unfold,
    vector,
)
from numerics import exact_line_search as by_hand

(n,) = dims("n")
A = matrix("A", n, n, symmetric=True)
b, x = vector("b", n), vector("x", n)
t = scalar("t")

f = x.T @ A @ x / 2 - dot(b, x)
gradient = derive(grad(f, x), equals(A @ x - b, differentiate))
"""The gradient"""

g = let("g", A @ x - b)
bends_up = assume(g.T @ A @ g, more_than(0))
along = let("phi", f.at(x, x - t * g))
parabola = derive(
    along,
    equals(f - t * sqnorm(g) + t**2 / 2 * (g.T @ A @ g), unfold(along, g)),
)
"""Along the gradient the function is a parabola"""

slope = derive(
    grad(along, t),
    equals(t * (g.T @ A @ g) - sqnorm(g), differentiate),
)
"""The slope along the gradient"""

best = let("t*", sqnorm(g) / (g.T @ A @ g))
stationary = derive(
    slope.last.at(t, best),
    equals(sqnorm(g) - sqnorm(g), by(bends_up)),
    equals(0, algebra),
)
"""Where its slope vanishes"""

lowest = derive(
    along,
    equals(along.at(t, best) + (t - best) ** 2 / 2 * (g.T @ A @ g), by(bends_up)),
    at_least(along.at(t, best), by(bends_up)),
)
"""And nowhere lower

Where the bowl bends upwards along `g`: for a positive definite A, wherever the gradient is not zero.
"""

decrease = derive(
    f - along.at(t, best),
    equals(sqnorm(g) ** 2 / (2 * (g.T @ A @ g)), by(bends_up)),
)
"""What the step gains"""

perpendicular = derive(
    dot(g, A @ (x - best * g) - b),
    equals(sqnorm(g) - best * (g.T @ A @ g), by(bends_up)),
    equals(0, by(bends_up)),
)
"""The next gradient is perpendicular to this one

This is why steepest descent zigzags.
"""

step_code = agrees(best, by_hand.step, given=bends_up)
decrease_code = agrees(decrease.last, by_hand.decrease, given=bends_up)
