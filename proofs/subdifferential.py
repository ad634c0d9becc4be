"""Subgradients.

At a corner a function has no one slope, but it still has lines that touch it from below. Their slopes are its
subgradients, and a point is lowest just where one of the lines is level.

A slope `u` is a subgradient of f at `x` when the line through that point with this slope lies nowhere above f. Only
the values at `x` and at any other point `y` are named.

Source: Rockafellar, Convex Analysis (1970), sec. 23; Boyd and Vandenberghe, Subgradients (lecture notes, 2022).
"""

from chainrule import (
    abs_,
    agrees,
    algebra,
    assume,
    at_least,
    by,
    cited,
    derive,
    dims,
    dot,
    equals,
    expand,
    matrix,
    nonnegative,
    relu,
    scalar,
    total,
    vector,
    zeros,
)
from numerics import subdifferential as by_hand

n, m = dims("n m")
x, y, u, v = vector("x", n), vector("y", n), vector("u", n), vector("v", n)
f_x, f_y, h_x, h_y = scalar("f_x"), scalar("f_y"), scalar("h_x"), scalar("h_y")

of_f = assume(f_y, at_least(f_x + dot(u, y - x)))
of_h = assume(h_y, at_least(h_x + dot(v, y - x)))
of_a_sum = derive(
    f_y + h_y,
    at_least((f_x + dot(u, y - x)) + (h_x + dot(v, y - x)), by(of_f, of_h)),
    equals((f_x + h_x) + dot(u + v, y - x), expand),
)
"""Of a sum

Subgradients add up.
"""

a = scalar("a", nonnegative=True)
of_a_multiple = derive(
    a * f_y,
    at_least(a * f_x + dot(a * u, y - x), by(of_f)),
)
"""Of a nonnegative multiple"""

A, b, z, w = matrix("A", m, n), vector("b", m), vector("z", n), vector("w", m)
inside = assume(f_y, at_least(f_x + dot(w, (A @ y + b) - (A @ x + b))))
of_a_composition = derive(
    f_y,
    at_least(f_x + dot(A.T @ w, y - x), by(inside)),
)
"""Of an affine change of variables

Here `f_x` and `f_y` stand for the values at Ax + b and Ay + b, and `w` is a subgradient there: it comes back through A.
"""

t, m_y = scalar("t", nonnegative=True), scalar("m_y")
share = assume(nonnegative(1 - t))
above_f = assume(m_y, at_least(f_y))
above_h = assume(m_y, at_least(h_y))
meet = assume(h_x, equals(f_x))
of_a_maximum = derive(
    m_y,
    equals(t * m_y + (1 - t) * m_y, algebra),
    at_least(t * f_y + (1 - t) * h_y, by(share, above_f, above_h)),
    at_least(t * (f_x + dot(u, y - x)) + (1 - t) * (f_x + dot(v, y - x)), by(share, of_f, of_h, meet)),
    equals(f_x + dot(t * u + (1 - t) * v, y - x), algebra),
)
"""Of a maximum

Where both functions are largest, anything between their subgradients is one.
"""

level = assume(u, equals(0))
lowest = derive(
    f_y,
    at_least(f_x, by(of_f, level)),
)
"""Lowest where a subgradient is 0

And the other way round: if nothing lies lower than `x`, then the level line touches there.
"""

back = assume(f_x, at_least(f_y + dot(v, x - y)))
monotone = derive(
    dot(u - v, x - y),
    at_least(0, by(of_f, back)),
)
"""Subgradients never turn back

`u` is one at `x`, `v` one at `y`.
"""

split = cited(
    zeros(n),
    equals(u + v),
    theorem="Moreau-Rockafellar: a subgradient of a sum is a sum of subgradients",
    source="Rockafellar, Convex Analysis (1970), theorem 23.8",
)
optimality = derive(
    h_y,
    at_least(h_x + dot(v, y - x), by(of_h)),
    equals(h_x + dot(-u, y - x), by(split)),
)
"""The lowest point of a sum

Every subgradient of a sum is such a sum where the domains of the two overlap in their relative interiors. So at the
lowest point some subgradient `u` of f is met by -`u`, a subgradient of the other.
"""

s = vector("s", n)
upper = assume(nonnegative(1 - s))
lower = assume(nonnegative(1 + s))
touching = assume(s * x, equals(abs_(x)))
of_absolute_value = derive(
    total(abs_(y)),
    equals(dot(s, y) + total((1 - s) * relu(y) + (1 + s) * relu(-y)), algebra),
    at_least(dot(s, y), by(upper, lower)),
    equals(total(abs_(x)) + dot(s, y - x), by(touching)),
)
"""Of the sum of absolute values

Entries between -1 and 1, which are the sign of `x` where `x` is not 0.
"""

gap_code = agrees(total(abs_(y)) - dot(s, y), by_hand.l1_gap)
"""What the line with slopes `s` leaves below the sum of absolute values."""
