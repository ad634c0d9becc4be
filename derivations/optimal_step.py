"""The best constant step.

On a quadratic bowl each direction shrinks the error by a factor of its own. Too small a step leaves the flat
directions behind, too large a one overshoots in the steep ones: the best step treats the flattest and the steepest
alike.

The curvatures lie between `mu` and L, both of which occur; a direction of curvature `l` shrinks by 1 less the step
times `l`.

Source: Polyak, Introduction to Optimization (1987), sec. 1.4; Boyd and Vandenberghe, Convex Optimization (2004), sec.
9.3.
"""

from chainrule import (
    I,
    agrees,
    algebra,
    assume,
    at_least,
    at_most,
    by,
    derive,
    diag,
    differentiate,
    dims,
    equals,
    grad,
    let,
    matrix,
    nonnegative,
    scalar,
    sqnorm,
    total,
    unfold,
    vector,
)
from numerics import optimal_step as by_hand

(n,) = dims("n")
mu, L = scalar("mu", positive=True), scalar("L", positive=True)
kappa = let("kappa", L / mu)
rate = let("rho", (kappa - 1) / (kappa + 1))
best = let("t*", 2 / (mu + L))

rate_by_curvatures = derive(
    rate,
    equals((L - mu) / (L + mu), unfold(rate, kappa)),
)
"""The rate, by the curvatures themselves"""

flattest = derive(
    1 - best * mu,
    equals((L - mu) / (L + mu), unfold(best)),
    equals(rate, by(rate_by_curvatures)),
)
"""The flattest direction"""

steepest = derive(
    1 - best * L,
    equals(-(L - mu) / (L + mu), unfold(best)),
    equals(-rate, by(rate_by_curvatures)),
)
"""The steepest direction

It shrinks as much, and changes its sign.
"""

r, t = scalar("r"), scalar("t")
shrinks_flattest = assume(1 - t * mu, at_most(r))
shrinks_steepest = assume(t * L - 1, at_most(r))
no_step_is_better = derive(
    r,
    equals((L * r + mu * r) / (L + mu), algebra),
    at_least((L * (1 - t * mu) + mu * (t * L - 1)) / (L + mu), by(shrinks_flattest, shrinks_steepest)),
    equals(rate, by(rate_by_curvatures)),
)
"""No step is better

Whatever `t` is, if both errors shrink by at least the factor `r`, then `r` is no smaller than `rho`.
"""

Q, l = matrix("Q", n, n, orthogonal=True), vector("l", n)
A = let("A", Q @ diag(l) @ Q.T)
x, x_star = vector("x", n), vector("x_star", n)
f = (x - x_star).T @ A @ (x - x_star) / 2
error = derive(
    x - t * grad(f, x) - x_star,
    equals((I(n) - t * A) @ (x - x_star), differentiate),
)
"""What a step does to the error

The bowl is written in the basis of its eigenvectors, as every symmetric matrix can be.
"""

e = vector("e", n)
above = assume(nonnegative(l - mu))
below = assume(nonnegative(L - l))
c = let("c", Q.T @ e)
contraction = derive(
    sqnorm((I(n) - best * A) @ e),
    equals(total((1 - best * l) ** 2 * c**2), unfold(A)),
    equals(rate**2 * sqnorm(e) - best**2 * total((l - mu) * (L - l) * c**2), algebra),
    at_most(rate**2 * sqnorm(e), by(above, below)),
)
"""Every step shrinks the error by rho

Each component is shrunk on its own, and none by less, since every curvature lies between `mu` and L.
"""

step_code = agrees(best, by_hand.best_step)
rate_code = agrees(rate, by_hand.rate)
