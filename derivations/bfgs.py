"""The BFGS update.

A guess B of the Hessian is corrected as little as possible so that it explains the last step: the change of the
gradient, `y`, along the step, `s`.

Source: Broyden, Fletcher, Goldfarb and Shanno (1970); Nocedal and Wright, Numerical Optimization (2nd ed.), sec. 6.1.
"""

from chainrule import (
    I,
    agrees,
    algebra,
    assume,
    by,
    claim,
    derive,
    dims,
    dot,
    equals,
    let,
    matrix,
    more_than,
    positive_definite,
    positive_semidefinite,
    vector,
)
from numerics import bfgs as by_hand

(n,) = dims("n")
B = matrix("B", n, n, positive_definite=True)
s = vector("s", n, nonzero=True)
y = vector("y", n)
curved = assume(dot(s, y), more_than(0))

update = let("B_next", B - B @ s @ s.T @ B / (s.T @ B @ s) + y @ y.T / dot(s, y))
secant = derive(
    update @ s,
    equals(B @ s - B @ s + y, by(curved)),
    equals(y, algebra),
)
"""The secant equation

The new matrix explains the step.
"""

M = let("M", I(n) - s @ s.T @ B / (s.T @ B @ s))
factored = derive(
    update,
    equals(M.T @ B @ M + y @ y.T / dot(s, y), by(curved)),
)
"""As a sum of two forms

M takes away what B says of the direction `s`.
"""

upwards = claim(positive_semidefinite(factored.last), by(curved))
"""It bends nothing downwards"""

E = let("E", I(n) - s @ y.T / dot(s, y))
inverse = let("H_next", E @ B.I @ E.T + s @ s.T / dot(s, y))
inverse_update = derive(
    factored.last @ inverse,
    equals(I(n), by(curved)),
)
"""Its inverse is known

So no system has to be solved: the inverse is updated itself.
"""

definite = claim(positive_definite(factored.last), by(upwards, inverse_update, curved))
"""It stays positive definite

A form that is never negative, of a matrix that has an inverse.
"""

N = matrix("N", n, n, positive_definite=True)
explains = assume(N @ s, equals(y))
needed = derive(
    dot(s, y),
    equals(s.T @ N @ s, by(explains)),
    more_than(0),
)
"""And s'y > 0 is needed

No positive definite matrix N whatever explains a step along which the slope does not grow.
"""

update_code = agrees(update, by_hand.update, given=curved)
inverse_code = agrees(inverse, by_hand.inverse_update, given=curved)
