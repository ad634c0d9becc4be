"""The inequality of Polyak and Lojasiewicz.

If the gradient is large wherever the function is far above its least value, gradient descent closes the gap at a
steady rate, bowl or not.

`f_x` is the value at x, `f_new` the value after one step of length 1/L, `f_star` the least value, `g` the gradient at
x.

Source: Polyak (1963); Karimi, Nutini and Schmidt (2016), theorem 1 and sec. 2.3.
"""

from chainrule import (
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
    dot,
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
from numerics import polyak_lojasiewicz as by_hand

n, p, r = dims("n p r")
g = vector("g", p)
f_x, f_new, f_star = scalar("f_x"), scalar("f_new"), scalar("f_star")
L, mu = scalar("L", positive=True), scalar("mu", positive=True)

steep = assume(sqnorm(g) / 2, at_least(mu * (f_x - f_star)))
descent = assume(f_new, at_most(f_x - sqnorm(g) / (2 * L)))
linear_rate = derive(
    f_new - f_star,
    at_most(f_x - sqnorm(g) / (2 * L) - f_star, by(descent)),
    at_most(f_x - mu / L * (f_x - f_star) - f_star, by(steep)),
    equals((1 - mu / L) * (f_x - f_star), algebra),
)
"""One step closes a fixed part of the gap

The descent lemma says what the step gains, and the inequality that it is enough.
"""

d = vector("d", p)
strongly_convex = assume(f_star, at_least(f_x + dot(g, d) + mu / 2 * sqnorm(d)))
from_strong_convexity = derive(
    f_x - f_star,
    at_most(-dot(g, d) - mu / 2 * sqnorm(d), by(strongly_convex)),
    equals(sqnorm(g) / (2 * mu) - mu / 2 * sqnorm(d + g / mu), algebra),
    at_most(sqnorm(g) / (2 * mu)),
)
"""Strong convexity implies it

`d` leads from x to the least point.
"""

U = matrix("U", n, r, orthonormal_columns=True)
V = matrix("V", p, r, orthonormal_columns=True)
s = vector("s", r, nonnegative=True)
y, w = vector("y", n), vector("w", p)
X = let("X", U @ diag(s) @ V.T)
f = sqnorm(X @ w - y) / 2
least = let("f*", sqnorm(y) / 2 - sqnorm(U.T @ y) / 2)
c = let("c", s * (V.T @ w) - U.T @ y)
gap = derive(
    f - least,
    equals(sqnorm(c) / 2, unfold(X, least, c)),
)
"""The gap of least squares"""

gradient = derive(
    sqnorm(grad(f, w)),
    equals(sqnorm(X.T @ (X @ w - y)), differentiate),
    equals(total(s**2 * c**2), unfold(X, c)),
)
"""Its gradient"""

no_smaller = assume(nonnegative(s**2 - mu))
least_squares = derive(
    sqnorm(grad(f, w)) / 2,
    equals(total(s**2 * c**2) / 2, gradient),
    equals(mu * sqnorm(c) / 2 + total((s**2 - mu) * c**2) / 2, algebra),
    at_least(mu * sqnorm(c) / 2, by(no_smaller)),
    equals(mu * (f - least), by(gap)),
)
"""Least squares, whatever the rank

X = U diag(s) V' has singular values `s` whose squares are at least `mu`. If the rank is less than the number of
weights, the loss is not strongly convex, and still the inequality holds.
"""

rate_code = agrees(linear_rate.last, by_hand.bound)
