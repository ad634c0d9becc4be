"""Conjugate functions.

The conjugate of f at the slope `y` says how far the line with that slope has to be lowered to lie below f. It is the
largest amount by which that line exceeds f.

Each is shown in two parts: nowhere is that amount larger, and somewhere it is just as large.

Source: Rockafellar, Convex Analysis (1970), sec. 12; Boyd and Vandenberghe, Convex Optimization (2004), sec. 3.3.
"""

from chainrule import (
    Sum,
    abs_,
    agrees,
    algebra,
    assume,
    at_least,
    at_most,
    by,
    cited,
    claim,
    composition,
    convex,
    derive,
    dims,
    dot,
    equals,
    exp,
    index,
    let,
    log,
    logsumexp,
    matrix,
    more_than,
    nonnegative,
    over,
    relu,
    scalar,
    sigmoid,
    softplus,
    total,
    unfold,
    vector,
)
from numerics import conjugates as by_hand

rudin = "Rudin, Principles of Mathematical Analysis (3rd ed.), theorem 8.6"
(n,) = dims("n")
x, y = vector("x", n), vector("y", n)

P = matrix("P", n, n, positive_definite=True)
quadratic = y.T @ P.I @ y / 2
quadratic_bound = derive(
    dot(y, x) - x.T @ P @ x / 2,
    equals(quadratic - (x - P.I @ y).T @ P @ (x - P.I @ y) / 2, algebra),
    at_most(quadratic),
)
"""Of a quadratic form: the form of the inverse"""

quadratic_met = derive(
    dot(y, P.I @ y) - (P.I @ y).T @ P @ (P.I @ y) / 2,
    equals(quadratic, algebra),
)
"""Met at x = P^-1 y"""

upper = assume(nonnegative(1 - y))
lower = assume(nonnegative(1 + y))
absolute_bound = derive(
    dot(y, x) - total(abs_(x)),
    equals(-total((1 - y) * relu(x) + (1 + y) * relu(-x)), algebra),
    at_most(0, by(upper, lower)),
)
"""Of the sum of absolute values: 0 on the box

Where every slope lies between -1 and 1; it is met at x = 0.
"""

slope, t = scalar("s"), scalar("t", positive=True)
too_steep = assume(slope, more_than(1))
absolute_unbounded = derive(
    slope * t - abs_(t),
    equals(t * (slope - 1), algebra),
    more_than(0, by(too_steep)),
)
"""And infinite outside

A slope s > 1 gains s - 1 for every unit that `x` goes to the right, for ever; a slope below -1 to the left.
"""

p = vector("p", n, simplex=True, positive=True)
k = index("k", n)
z = let("z", x - log(p) - logsumexp(x))
below_exp = cited(
    z[k] + 1,
    at_most(exp(z[k])),
    theorem="1 + t <= e^t",
    source=rudin,
)
entropy = total(p * log(p))
adds_to_one = derive(
    total(p * exp(z)),
    equals(1, unfold(z)),
)
"""Normalised scores are probabilities"""

logsumexp_bound = derive(
    dot(p, x) - logsumexp(x),
    equals(entropy + Sum(p[i] * (z[i] + 1) for i in over(n)) - 1, unfold(z)),
    at_most(entropy + Sum(p[i] * exp(z[i]) for i in over(n)) - 1, by(below_exp)),
    equals(entropy, by(adds_to_one)),
)
"""Of log-sum-exp: the negative entropy

On the positive probabilities `p`. (Where `p` has zeros, with 0 log 0 = 0; elsewhere it is infinite.)
"""

logsumexp_met = derive(
    dot(p, log(p)) - logsumexp(log(p)),
    equals(entropy - log(total(p)), algebra),
    equals(entropy, algebra),
)
"""Met at x = log p"""

u = scalar("u")
a = scalar("a", nonnegative=True)
share = assume(nonnegative(1 - a))
hinge_bound = derive(
    -a * u - relu(1 - u),
    equals(-a - (1 - a) * relu(1 - u) - a * relu(u - 1), algebra),
    at_most(-a, by(share)),
)
"""Of the hinge loss: the slope itself

For a slope -a between -1 and 0; it is met at u = 1, where the hinge is 0. Elsewhere it is infinite.
"""

v = scalar("v")
q = let("q", sigmoid(v))
r = let("r", sigmoid(-v))
coin = q * log(q) + r * log(r)
logistic_met = derive(
    q * v - softplus(v),
    equals(q * (log(q) - log(r)) + log(r), unfold(q, r)),
    equals(coin, unfold(q, r)),
)
"""Of the logistic loss: the negative entropy of a coin

Every slope between 0 and 1 is q = sigmoid(v) for some `v`, and r = 1 - q. It is met at this `v`,
"""

bowl = claim(convex(softplus(u), u), composition)
"""The logistic loss is a bowl"""

above_tangent = cited(
    softplus(u),
    at_least(softplus(v) + q * (u - v)),
    theorem="first-order convexity",
    source="Boyd and Vandenberghe, Convex Optimization (2004), sec. 3.1.3; entry 3.01 here",
)
logistic_bound = derive(
    q * u - softplus(u),
    at_most(q * u - softplus(v) - q * (u - v), by(above_tangent)),
    equals(coin, logistic_met),
)
"""and nowhere exceeded"""

quadratic_code = agrees(quadratic, by_hand.quadratic)
entropy_code = agrees(entropy, by_hand.logsumexp)
"""The witness takes the value where it is met, by a solve for the one and a logarithm for the other."""
