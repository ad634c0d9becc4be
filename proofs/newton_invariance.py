"""Newton's step does not care about units.

Measure the unknowns in other units, or mix them in any other way that can be undone: Newton's method takes the same
steps. Gradient descent does not.

With x = T `y`, the function of `y` is f(T y). Its gradient is T'g and its Hessian T'H T, by the chain rule.

Source: Boyd and Vandenberghe, Convex Optimization (2004), sec. 9.5.1; Deuflhard, Newton Methods for Nonlinear
Problems (2004), sec. 1.1.
"""

from chainrule import (
    agrees,
    cancel,
    derive,
    differentiate,
    dims,
    equals,
    grad,
    hessian,
    matrix,
    softplus,
    total,
    vector,
)
from numerics import newton_invariance as by_hand

n, p = dims("n p")
T = matrix("T", p, p, invertible=True)
H = matrix("H", p, p, invertible=True)
x, y, g = vector("x", p), vector("y", p), vector("g", p)

unmixed = derive(
    (T.T @ H @ T).I,
    equals(T.I @ H.I @ T.T.I, cancel(T)),
)
"""The Hessian in the other units"""

same_step = derive(
    T @ (-(T.T @ H @ T).I @ (T.T @ g)),
    equals(-T @ T.I @ H.I @ T.T.I @ T.T @ g, unmixed),
    equals(-H.I @ g, cancel(T)),
)
"""The step in y, carried back to x"""

same_decrement = derive(
    (T.T @ g).T @ (T.T @ H @ T).I @ (T.T @ g),
    equals(g.T @ T @ T.I @ H.I @ T.T.I @ T.T @ g, unmixed),
    equals(g.T @ H.I @ g, cancel(T)),
)
"""And the decrement

So a stopping rule that looks at the decrement stops at the same point.
"""

X = matrix("X", n, p)
f = total(softplus(X @ x))
chain_rule = derive(
    grad(f.at(x, T @ y), y),
    equals(T.T @ grad(f, x).at(x, T @ y), differentiate),
)
"""The chain rule, for the loss of logistic regression"""

chain_rule_twice = derive(
    hessian(f.at(x, T @ y), y),
    equals(T.T @ hessian(f, x).at(x, T @ y) @ T, differentiate),
)
"""And once more"""

step_code = agrees(-H.I @ g, by_hand.step)
other_units_code = agrees(same_step.first, by_hand.step_in_other_units)
"""The same step, found in the other units."""
