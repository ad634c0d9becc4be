"""Duality.

Every set of prices for breaking the constraints gives a bound from below on what can be reached without breaking
them. The best of these bounds is the dual problem.

The constraints are the entries of `h`, and none may be positive; `lam` are prices for breaking them. The dual value
`d` of these prices is the least cost over all points, what is paid for the constraints included: so at any one point
it is at most the cost there.

Source: Boyd and Vandenberghe, Convex Optimization (2004), ch. 5.
"""

from chainrule import (
    agrees,
    algebra,
    assume,
    at_least,
    at_most,
    by,
    derive,
    dims,
    dot,
    equals,
    let,
    matrix,
    nonnegative,
    scalar,
    unfold,
    vector,
)
from numerics import duality as by_hand

n, m = dims("n m")
f, d = scalar("f"), scalar("d")
h, lam = vector("h", m), vector("lam", m, nonnegative=True)

least = assume(d, at_most(f + dot(lam, h)))
feasible = assume(nonnegative(-h))
weak = derive(
    d,
    at_most(f + dot(lam, h), by(least)),
    at_most(f, by(feasible)),
)
"""Weak duality

For every `x` that keeps the constraints and all prices: so the largest dual value is at most the least primal one.
"""

A, b, c = matrix("A", m, n), vector("b", m), vector("c", n)
x, y = vector("x", n, nonnegative=True), vector("y", m, nonnegative=True)
enough = assume(nonnegative(A @ x - b))
affordable = assume(nonnegative(c - A.T @ y))
linear = derive(
    dot(c, x),
    equals(dot(b, y) + dot(c - A.T @ y, x) + dot(y, A @ x - b), algebra),
    at_least(dot(b, y), by(enough, affordable)),
)
"""For a linear program

Least c'x under Ax >= b and x >= 0; largest b'y under A'y <= c and y >= 0. What separates the two is a sum of products
that are not negative: at the optimum each has a factor 0.
"""

P, q = matrix("P", n, n, positive_definite=True), vector("q", n)
z = vector("z", n)
cost = z.T @ P @ z / 2 + dot(q, z)
r = let("r", q + A.T @ lam)
dual = let("D", -r.T @ P.I @ r / 2 - dot(b, lam))
inside = assume(nonnegative(b - A @ z))
quadratic = derive(
    cost,
    equals(dual + (z + P.I @ r).T @ P @ (z + P.I @ r) / 2 + dot(lam, b - A @ z), unfold(dual, r)),
    at_least(dual, by(inside)),
)
"""For a quadratic program under Ax <= b

The prices `lam` turn the program into an unconstrained one, whose least value has a closed form.
"""

best = let("z*", -P.I @ r)
complementary = assume(dot(lam, b - A @ best), equals(0))
strong = derive(
    cost.at(z, best),
    equals(dual + dot(lam, b - A @ best), unfold(best, dual)),
    equals(dual, by(complementary)),
)
"""Where the two meet

If the least point for the prices keeps the constraints, and has a price only on those that bind, then no gap is left:
it is optimal.
"""

dual_code = agrees(dual, by_hand.dual_value)
