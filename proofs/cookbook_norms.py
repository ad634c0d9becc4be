"""Norms.

Sections 2.6 and 2.7, equations 129 to 132. A length has the direction as its gradient; a direction can only turn.
"""

from chainrule import (
    I,
    assume,
    derive,
    differentiate,
    dims,
    equals,
    grad,
    jacobian,
    matrix,
    norm,
    positive,
    sqnorm,
    trace,
    vector,
)

n, p = dims("n p")
x, a = vector("x", n), vector("a", n)
X = matrix("X", n, p)
apart = assume(positive(sqnorm(x - a)))

distance = derive(
    grad(norm(x - a), x),
    equals((x - a) / norm(x - a), differentiate),
    given=apart,
)
"""Equation 129

Correction. Where `x` is `a` the distance has a kink and no gradient.
"""

direction = derive(
    jacobian((x - a) / norm(x - a), x),
    equals(I(n) / norm(x - a) - (x - a) @ (x - a).T / norm(x - a) ** 3, differentiate),
    given=apart,
)
"""Equation 130

Correction. As above, `x` is not `a`.
"""

square = derive(
    grad(sqnorm(x), x),
    equals(grad(x.T @ x, x), differentiate),
    equals(2 * x, differentiate),
)
"""Equation 131"""

frobenius = derive(
    grad(sqnorm(X), X),
    equals(grad(trace(X @ X.T), X), differentiate),
    equals(2 * X, differentiate),
)
"""Equation 132

For a real matrix. For a complex one it is the gradient in the real part plus i times that in the imaginary part.
"""
