"""Second-order convexity.

A function is a bowl just where its Hessian bends no direction downwards.

As before only the values at the points in question are named: `d` is a step from x, `g` and H are the gradient and
the Hessian there.

Source: Boyd and Vandenberghe, Convex Optimization (2004), sec. 3.1.4; Rockafellar, Convex Analysis (1970), theorem 4.5.
"""

from chainrule import (
    Sum,
    agrees,
    assume,
    at_least,
    at_most,
    by,
    cited,
    claim,
    composition,
    convex,
    derive,
    diag,
    differentiate,
    dims,
    dot,
    equals,
    expand,
    hessian,
    let,
    logsumexp,
    matrix,
    over,
    positivity,
    scalar,
    softmax,
    vector,
)
from numerics import second_order_convexity as by_hand

(n,) = dims("n")
d, g = vector("d", n), vector("g", n)
H = matrix("H", n, n, psd=True)
f_x, f_y = scalar("f_x"), scalar("f_y")

taylor = cited(
    f_y,
    equals(f_x + dot(g, d) + d.T @ H @ d / 2),
    theorem="Taylor's theorem with Lagrange's remainder",
    source="Nocedal and Wright, Numerical Optimization (2nd ed.), theorem 2.1",
)
enough = derive(
    f_y,
    equals(f_x + dot(g, d) + d.T @ H @ d / 2, by(taylor)),
    at_least(f_x + dot(g, d), positivity),
)
"""Enough

With the Hessian H somewhere between x and y = x + d: if it is positive semidefinite there, f lies above its tangent
at x.
"""

B = matrix("B", n, n, symmetric=True)
h, eps, f_h = scalar("h", positive=True), scalar("eps", positive=True), scalar("f_h")
tangent = assume(f_h, at_least(f_x + h * dot(g, d)))
expansion = assume(f_h, at_most(f_x + h * dot(g, d) + h**2 / 2 * (d.T @ B @ d + eps)))
needed = derive(
    d.T @ B @ d + eps,
    at_least(2 * (f_h - f_x - h * dot(g, d)) / h**2, by(expansion)),
    at_least(0, by(tangent)),
)
"""Needed

That B is the Hessian at x means that, however small `eps` is, some `h` makes the expansion after `h` times the step
`d` wrong by no more than `eps` times half the square of `h`. So the form of B along `d` is at least -`eps`, for every
`eps` > 0.
"""

v, z = vector("v", n), vector("z", n)
s = let("s", softmax(z))
curvature = derive(
    hessian(logsumexp(z), z),
    equals(diag(s) - s @ s.T, differentiate),
)
"""The Hessian of log-sum-exp"""

form = derive(
    v.T @ (diag(s) - s @ s.T) @ v,
    equals(Sum(s[i] * v[i] ** 2 for i in over(n)) - dot(s, v) ** 2, expand),
    equals(Sum(s[i] * (v[i] - dot(s, v)) ** 2 for i in over(n)), expand),
    at_least(0, positivity),
)
"""For log-sum-exp

The form of its Hessian is the variance of `v` under the probabilities `s`: it bends no direction downwards.
"""

bowl = claim(convex(logsumexp(z), z), composition)
"""The same by composition"""

hessian_code = agrees(hessian(logsumexp(z), z), by_hand.logsumexp_hessian)
