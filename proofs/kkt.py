"""The conditions of Karush, Kuhn and Tucker.

Under inequalities a constraint that binds pushes back, and one that does not bind does nothing. Where these pushes
balance the gradient, a bowl is lowest.

The constraints are the entries of `h`, and none may be positive. The function `f` and the constraints are convex:
above their tangents at `x_star`, with the gradients `g` and the rows of J.

Source: Karush (1939), Kuhn and Tucker (1951); Boyd and Vandenberghe, Convex Optimization (2004), sec. 5.5.3 and 5.2.3.
"""

from chainrule import (
    agrees,
    algebra,
    assume,
    at_least,
    at_most,
    by,
    cited,
    derive,
    dims,
    dot,
    equals,
    let,
    matrix,
    nonnegative,
    relu,
    scalar,
    sqnorm,
    unfold,
    vector,
)
from numerics import kkt as by_hand

n, m = dims("n m")
x, x_star, g = vector("x", n), vector("x_star", n), vector("g", n)
f, f_star = scalar("f"), scalar("f_star")
h, h_star, J = vector("h", m), vector("h_star", m), matrix("J", m, n)
lam = vector("lam", m, nonnegative=True)  # the pushes

convex_f = assume(f, at_least(f_star + dot(g, x - x_star)))
convex_h = assume(nonnegative(h - h_star - J @ (x - x_star)))
stationary = assume(g, equals(-J.T @ lam))
complementary = assume(lam * h_star, equals(0))
feasible = assume(nonnegative(-h))
enough = derive(
    f,
    at_least(f_star + dot(g, x - x_star), by(convex_f)),
    equals(f_star - dot(lam, J @ (x - x_star)), by(stationary)),
    at_least(f_star + dot(lam, h_star) - dot(lam, h), by(convex_h)),
    equals(f_star - dot(lam, h), by(complementary)),
    at_least(f_star, by(feasible)),
)
"""They are enough

Whatever `x` keeps the constraints.
"""

binding = assume(nonnegative(-h_star))
strong = cited(
    f_star,
    at_most(f_star + dot(lam, h_star)),
    theorem="strong duality under Slater's condition",
    source="Boyd and Vandenberghe, Convex Optimization (2004), sec. 5.3.2",
)
pushes_at_most = derive(
    dot(lam, h_star),
    equals(-dot(lam, -h_star), algebra),
    at_most(0, by(binding)),
)
"""And needed: a constraint that does not bind does not push

If some point keeps all constraints strictly, there are pushes `lam` under which `f` and the pushed constraints
together are nowhere less than `f_star`. At `x_star` the pushed constraints add up to something that is not positive,
since each push is nonnegative and each constraint is not positive,
"""

pushes_at_least = derive(
    dot(lam, h_star),
    at_least(0, by(strong)),
)
"""and not negative

So it is 0, and with it each of its terms; and `x_star`, lowest for the two together, makes their gradient 0.
"""

v, a = vector("v", n), vector("a", n, nonzero=True)
b = scalar("b")
push = let("lambda*", relu(dot(a, v) - b) / sqnorm(a))
nearest = let("x*", v - push * a)
keeps = derive(
    b - dot(a, nearest),
    equals(relu(b - dot(a, v)), unfold(nearest, push)),
    at_least(0),
)
"""The nearest point of a half-space

Of all `x` with a'x <= b. The conditions give it in closed form: it keeps the constraint,
"""

does_not_push = derive(
    push * (dot(a, nearest) - b),
    equals(-relu(dot(a, v) - b) * relu(b - dot(a, v)) / sqnorm(a), by(keeps)),
    equals(0, algebra),
)
"""a push only where it binds,"""

inside = assume(nonnegative(b - dot(a, x)))
nearest_of_all = derive(
    sqnorm(x - v) / 2,
    equals(
        sqnorm(nearest - v) / 2 + sqnorm(x - nearest) / 2 + push * (b - dot(a, x)) + push * (dot(a, nearest) - b),
        unfold(nearest),
    ),
    equals(sqnorm(nearest - v) / 2 + sqnorm(x - nearest) / 2 + push * (b - dot(a, x)), by(does_not_push)),
    at_least(sqnorm(nearest - v) / 2 + sqnorm(x - nearest) / 2, by(inside)),
)
"""and nothing is nearer"""

nearest_code = agrees(nearest, by_hand.nearest)
