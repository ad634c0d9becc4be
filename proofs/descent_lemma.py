"""The descent lemma.

If the gradient does not turn faster than L, then the function stays below a parabola of curvature L through each of its
points, and a step against the gradient is sure to go down.

That f is L-smooth is used in the form: L/2 |x|^2 - f(x) is convex, and so lies above its tangents. For a convex f
this is the same as a gradient with Lipschitz constant L; for any f it follows from it.

Source: Nesterov, Lectures on Convex Optimization (2nd ed., 2018), lemma 1.2.3 and theorem 2.1.5; Bertsekas, Nonlinear
Programming (2nd ed., 1999), prop. A.24.
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
    let,
    matrix,
    positive_semidefinite,
    positivity,
    scalar,
    sqnorm,
    vector,
)
from numerics import descent_lemma as by_hand

(n,) = dims("n")
x, y, g = vector("x", n), vector("y", n), vector("g", n)  # two points, and the gradient at x
f_x, f_y = scalar("f_x"), scalar("f_y")
L = scalar("L", positive=True)

smooth = assume(
    L / 2 * sqnorm(y) - f_y,
    at_least(L / 2 * sqnorm(x) - f_x + dot(L * x - g, y - x)),
)
descent = derive(
    f_y,
    at_most(L / 2 * sqnorm(y) - L / 2 * sqnorm(x) + f_x - dot(L * x - g, y - x), by(smooth)),
    equals(f_x + dot(g, y - x) + L / 2 * sqnorm(y - x), algebra),
)
"""Below a parabola"""

H, d = matrix("H", n, n, symmetric=True), vector("d", n)
taylor = cited(
    f_y,
    equals(f_x + dot(g, d) + d.T @ H @ d / 2),
    theorem="Taylor's theorem with Lagrange's remainder",
    source="Nocedal and Wright, Numerical Optimization (2nd ed.), theorem 2.1",
)
bounded = assume(positive_semidefinite(L * I(n) - H))
by_curvature = derive(
    f_y,
    equals(f_x + dot(g, d) + d.T @ H @ d / 2, by(taylor)),
    equals(f_x + dot(g, d) + L / 2 * sqnorm(d) - d.T @ (L * I(n) - H) @ d / 2, algebra),
    at_most(f_x + dot(g, d) + L / 2 * sqnorm(d), by(bounded)),
)
"""The same from the Hessian

For a function with two derivatives: no eigenvalue of the Hessian H, somewhere between `x` and y = x + d, is larger
than L.
"""

t = scalar("t", nonnegative=True)
along = assume(y, equals(x - t * g))
progress = derive(
    f_y,
    at_most(f_x + dot(g, y - x) + L / 2 * sqnorm(y - x), by(descent)),
    equals(f_x - t * (1 - L * t / 2) * sqnorm(g), by(along)),
)
"""A step against the gradient

It goes down for every step length `t` between 0 and 2/L.
"""

best = assume(y, equals(x - g / L))
sure_progress = derive(
    f_y,
    at_most(f_x + dot(g, y - x) + L / 2 * sqnorm(y - x), by(descent)),
    equals(f_x - sqnorm(g) / (2 * L), by(best)),
)
"""With t = 1/L"""

A, b = matrix("A", n, n, psd=True), vector("b", n)
f = x.T @ A @ x / 2 - dot(b, x)
step = let("y", x - t * grad(f, x))
quadratic = derive(
    f.at(x, y) - f - dot(grad(f, x), y - x),
    equals((y - x).T @ A @ (y - x) / 2, differentiate),
    equals(L / 2 * sqnorm(y - x) - (y - x).T @ (L * I(n) - A) @ (y - x) / 2, algebra),
    at_most(L / 2 * sqnorm(y - x), positivity),
    given=assume(positive_semidefinite(L * I(n) - A)),
)
"""For a quadratic function

Nothing is cited here: the parabola and the function differ by a form that is not negative.
"""

progress_code = agrees(progress.last, by_hand.upper_bound)
