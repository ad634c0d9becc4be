"""Differentials.

Equations 33 to 45. How sums, products and the common matrix functions change when their matrices take a small step;
every other rule of this table follows from these.

A step `dX` is taken along the line `X_t`, and the derivative at `t` = 0. A curve that is not straight has the same
first derivative as its tangent, so that nothing is lost. Only equation 48 asks for a second derivative, and there the
curve has a second term.
"""

from chainrule import (
    I,
    assume,
    derive,
    det,
    differentiate,
    dims,
    equals,
    grad,
    jacobian,
    kron,
    let,
    log,
    matrix,
    positive,
    scalar,
    trace,
)

m, n, p, q = dims("m n p q")
t, alpha = scalar("t"), scalar("alpha")
A = matrix("A", m, n)
X, Y, W = matrix("X", m, n), matrix("Y", m, n), matrix("W", n, p)
V = matrix("V", p, q)
dX, dY, dW, dV = matrix("dX", m, n), matrix("dY", m, n), matrix("dW", n, p), matrix("dV", p, q)
R, dR = matrix("R", n, n), matrix("dR", n, n)
S = matrix("S", n, n, invertible=True)
dS = matrix("dS", n, n)
X_t, Y_t, W_t, V_t = (let(f"{a.name}_t", a + t * da) for a, da in ((X, dX), (Y, dY), (W, dW), (V, dV)))
R_t, S_t = let("R_t", R + t * dR), let("S_t", S + t * dS)

constant = derive(
    jacobian(A, t),
    equals(0, differentiate),
)
"""Equation 33

A constant does not move with `t`.
"""

multiple = derive(
    jacobian(alpha * X_t, t),
    equals(alpha * dX, differentiate),
)
"""Equation 34"""

addition = derive(
    jacobian(X_t + Y_t, t),
    equals(dX + dY, differentiate),
)
"""Equation 35"""

trace_of_step = derive(
    jacobian(trace(R_t), t),
    equals(trace(dR), differentiate),
)
"""Equation 36"""

matrix_product = derive(
    jacobian(X_t @ W_t, t).at(t, 0),
    equals(dX @ W + X @ dW, differentiate),
)
"""Equation 37"""

entrywise_product = derive(
    jacobian(X_t * Y_t, t).at(t, 0),
    equals(dX * Y + X * dY, differentiate),
)
"""Equation 38"""

kronecker_product = derive(
    jacobian(kron(X_t, V_t), t).at(t, 0),
    equals(kron(dX, V) + kron(X, dV), differentiate),
)
"""Equation 39"""

inverse = derive(
    jacobian(S_t.I, t).at(t, 0),
    equals(-S.I @ dS @ S.I, differentiate),
)
"""Equation 40

The matrix is invertible; then so are its neighbours.
"""

determinant_by_adjugate = derive(
    jacobian(det(R_t), t).at(t, 0),
    equals(trace(grad(det(R), R).T @ dR), differentiate),
)
"""Equation 41

The adjugate is the transposed matrix of cofactors, and the cofactors are the partial derivatives of the determinant:
here the adjugate is written as that. The matrix may be singular.
"""

determinant = derive(
    jacobian(det(S_t), t).at(t, 0),
    equals(det(S) * trace(S.I @ dS), differentiate),
)
"""Equation 42

Correction. The matrix has to be invertible, which equation 41 does not ask.
"""

right_way_round = assume(positive(det(S)))
logarithm = derive(
    jacobian(log(det(S_t)), t).at(t, 0),
    equals(trace(S.I @ dS), differentiate),
    given=right_way_round,
)
"""Equation 43

Correction. A real logarithm asks for a positive determinant. Equation 57 has the form for any invertible matrix.
"""

transpose = derive(
    jacobian(X_t.T, t),
    equals(dX.T, differentiate),
)
"""Equation 44"""

J = matrix("J", 2, 2, skew=True)
B, dB = matrix("B", m, n), matrix("dB", m, n)
B_t = let("B_t", B + t * dB)
hermitian_transpose = derive(
    jacobian((kron(I(2), X_t) + kron(J, B_t)).T, t),
    equals((kron(I(2), dX) + kron(J, dB)).T, differentiate),
)
"""Equation 45

A complex matrix with the real part X and the imaginary part B, as the real matrix of its blocks: J is a quarter turn,
in the place of i. What conjugates and transposes the one transposes the other.
"""
