"""Traces.

Section 2.5, equations 99 to 128. A trace is an inner product: turn the product round until the step stands last, and
what stands before it, transposed, is the gradient.
"""

from chainrule import (
    I,
    Sum,
    agrees,
    algebra,
    assume,
    cos,
    derive,
    diag,
    differentiate,
    dims,
    equals,
    grad,
    invertible,
    jacobian,
    kron,
    let,
    matrix,
    over,
    scalar,
    sin,
    trace,
    vector,
)
from numerics import cookbook as by_hand

m, n, p, q = dims("m n p q")
X = matrix("X", n, p)
R = matrix("R", n, n)
A, B = matrix("A", m, n), matrix("B", p, m)
C, D = matrix("C", n, n), matrix("D", p, p)
E, F = matrix("E", p, n), matrix("F", n, p)

t = scalar("t")
Z = matrix("Z", n, n, invertible=True)
dZ, dY = matrix("dZ", n, n), matrix("dY", n, n)
values, steps = vector("lambda", n), vector("dlambda", n)
moving = assume(
    dY,
    equals(dZ @ diag(values) @ Z.I + Z @ diag(steps) @ Z.I - Z @ diag(values) @ Z.I @ dZ @ Z.I),
)
slopes = vector("phi", n)
trace_of_function = derive(
    Sum(slopes[c] * steps[c] for c in over(n)),
    equals(trace(Z @ diag(slopes) @ Z.I @ dY), moving),
    given=moving,
)
"""Before equation 99

For any function of a matrix Y that acts on its eigenvalues. The columns of Z are the eigenvectors of Y, and `lambda`
its eigenvalues; both move. The slopes of the function there are `phi`, and the matrix on the right is its scalar
derivative at Y.
"""

identity = derive(
    grad(trace(R), R),
    equals(I(n), differentiate),
)
"""Equation 99"""

one_factor = derive(
    grad(trace(X @ E), X),
    equals(E.T, differentiate),
)
"""Equation 100"""

two_factors = derive(
    grad(trace(A @ X @ B), X),
    equals(A.T @ B.T, differentiate),
)
"""Equation 101"""

G, H = matrix("G", m, p), matrix("H", n, m)
transposed_between = derive(
    grad(trace(G @ X.T @ H), X),
    equals(H @ G, differentiate),
)
"""Equation 102"""

transposed_first = derive(
    grad(trace(X.T @ F), X),
    equals(F, differentiate),
)
"""Equation 103"""

transposed_last = derive(
    grad(trace(F @ X.T), X),
    equals(F, differentiate),
)
"""Equation 104"""

kronecker = derive(
    grad(trace(kron(D, R)), R),
    equals(trace(D) * I(n), differentiate),
)
"""Equation 105"""

square = derive(
    grad(trace(R @ R), R),
    equals(2 * R.T, differentiate),
)
"""Equation 106"""

square_with_factor = derive(
    grad(trace(R @ R @ C), R),
    equals((R @ C + C @ R).T, differentiate),
)
"""Equation 107"""

form = derive(
    grad(trace(X.T @ C @ X), X),
    equals(C @ X + C.T @ X, differentiate),
)
"""Equation 108"""

form_turned = derive(
    grad(trace(C @ X @ X.T), X),
    equals(C @ X + C.T @ X, differentiate),
)
"""Equation 109"""

form_turned_again = derive(
    grad(trace(X @ X.T @ C), X),
    equals(C @ X + C.T @ X, differentiate),
)
"""Equation 110"""

other_form = derive(
    grad(trace(X @ D @ X.T), X),
    equals(X @ D.T + X @ D, differentiate),
)
"""Equation 111"""

other_form_turned = derive(
    grad(trace(D @ X.T @ X), X),
    equals(X @ D.T + X @ D, differentiate),
)
"""Equation 112"""

other_form_turned_again = derive(
    grad(trace(X.T @ X @ D), X),
    equals(X @ D.T + X @ D, differentiate),
)
"""Equation 113"""

T, U = matrix("T", p, n), matrix("U", p, n)
twice_untransposed = derive(
    grad(trace(T @ X @ U @ X), X),
    equals(T.T @ X.T @ U.T + U.T @ X.T @ T.T, differentiate),
)
"""Equation 114"""

sum_of_squares = derive(
    grad(trace(X.T @ X), X),
    equals(grad(trace(X @ X.T), X), differentiate),
    equals(2 * X, differentiate),
)
"""Equation 115"""

between_and_outside = derive(
    grad(trace(B.T @ X.T @ C @ X @ B), X),
    equals(C.T @ X @ B @ B.T + C @ X @ B @ B.T, differentiate),
)
"""Equation 116"""

two_between = derive(
    grad(trace(X.T @ C @ X @ D), X),
    equals(C @ X @ D + C.T @ X @ D.T, differentiate),
)
"""Equation 117"""

two_outside = derive(
    grad(trace(A @ X @ D @ X.T @ H), X),
    equals(A.T @ H.T @ X @ D.T + H @ A @ X @ D, differentiate),
)
"""Equation 118"""

K, L = matrix("K", p, q), matrix("L", m, q)
residual = let("V", A @ X @ K + L)
square_of_residual = derive(
    grad(trace(residual @ residual.T), X),
    equals(2 * A.T @ residual @ K.T, differentiate),
)
"""Equation 119"""

kronecker_square = derive(
    grad(trace(kron(R, R)), R),
    equals(grad(trace(R) * trace(R), R), differentiate),
    equals(2 * trace(R) * I(n), differentiate),
)
"""Equation 120"""

power = derive(
    grad(trace(R @ R @ R @ R), R),
    equals(4 * (R @ R @ R).T, differentiate),
)
"""Equation 121, fourth power

The general exponent follows from the row before equation 99, applied to powers; and from equations 90 to 92, which
carry the derivative from each power to the next.
"""

power_with_factor = derive(
    grad(trace(C @ R @ R @ R), R),
    equals((C @ R @ R + R @ C @ R + R @ R @ C).T, differentiate),
)
"""Equation 122, third power"""

fourth_order = derive(
    grad(trace(B.T @ X.T @ C @ X @ X.T @ C @ X @ B), X),
    equals(
        C @ X @ X.T @ C @ X @ B @ B.T
        + C.T @ X @ B @ B.T @ X.T @ C.T @ X
        + C @ X @ B @ B.T @ X.T @ C @ X
        + C.T @ X @ X.T @ C.T @ X @ B @ B.T,
        differentiate,
    ),
)
"""Equation 123"""

S = matrix("S", n, n, invertible=True)
M = matrix("M", n, m)
inverse = derive(
    grad(trace(A @ S.I @ M), S),
    equals(-(S.I @ M @ A @ S.I).T, differentiate),
    equals(-S.I.T @ A.T @ M.T @ S.I.T, algebra),
)
"""Equation 124"""

P, Q = matrix("P", n, n, symmetric=True), matrix("Q", n, n, symmetric=True)
regular = assume(invertible(X.T @ P @ X))
inverse_of_form = derive(
    grad(trace((X.T @ P @ X).I @ D), X),
    equals(-(P @ X @ (X.T @ P @ X).I) @ (D + D.T) @ (X.T @ P @ X).I, differentiate),
    given=regular,
)
"""Equation 125

From here to equation 127 the matrices P and Q are symmetric.

Correction. The form in P has to be invertible.
"""

quotient_of_forms = derive(
    grad(trace((X.T @ P @ X).I @ (X.T @ Q @ X)), X),
    equals(
        -2 * P @ X @ (X.T @ P @ X).I @ X.T @ Q @ X @ (X.T @ P @ X).I + 2 * Q @ X @ (X.T @ P @ X).I,
        differentiate,
    ),
    given=regular,
)
"""Equation 126

Correction. The form in P has to be invertible.
"""

N = matrix("N", p, p, symmetric=True)
shifted = assume(invertible(N + X.T @ P @ X))
shifted_quotient = derive(
    grad(trace((N + X.T @ P @ X).I @ (X.T @ Q @ X)), X),
    equals(
        -2 * P @ X @ (N + X.T @ P @ X).I @ X.T @ Q @ X @ (N + X.T @ P @ X).I + 2 * Q @ X @ (N + X.T @ P @ X).I,
        differentiate,
    ),
    given=shifted,
)
"""Equation 127

Correction. The added matrix N has to be symmetric too, and the sum invertible. For any N the factors 2 give way to
sums over the inverse and its transpose.
"""

trace_of_sine = derive(
    jacobian(Sum(sin(values[c] + t * steps[c]) for c in over(n)), t).at(t, 0),
    equals(Sum(cos(values[c]) * steps[c] for c in over(n)), differentiate),
    equals(trace(Z @ diag(cos(values)) @ Z.I @ dY), moving),
    given=moving,
)
"""Equation 128

As in the first row of the section. On the left is the derivative of the trace of the sine, and on the right the cosine
stands beside the step `dY`.

Correction. The proof asks for a basis of eigenvectors that moves smoothly; the identity holds for every square matrix,
by the power series.
"""

shifted_quotient_code = agrees(shifted_quotient.first, by_hand.shifted_quotient, given=shifted)
