"""Determinants.

Section 2.1, equations 46 to 58. A determinant changes by the trace of the step as the matrix itself sees it:
multiplied by the inverse, and by the determinant.
"""

from chainrule import (
    Sum,
    agrees,
    algebra,
    assume,
    by,
    claim,
    delta,
    derive,
    det,
    differentiate,
    dims,
    equals,
    grad,
    hessian,
    index,
    invertible,
    jacobian,
    let,
    log,
    logdet,
    matrix,
    over,
    positive,
    positive_definite,
    scalar,
    trace,
)
from numerics import cookbook as by_hand

m, n, p = dims("m n p")
t = scalar("t")
i, j = index("i", n), index("j", n)
Y = matrix("Y", n, n, invertible=True)
dY, second = matrix("dY", n, n), matrix("C", n, n)
Y_t = let("Y_t", Y + t * dY)
bent = let("Z_t", Y + t * dY + t**2 * second / 2)
R = matrix("R", n, n)
X = matrix("X", n, n, invertible=True)

along_a_curve = derive(
    jacobian(det(Y_t), t).at(t, 0),
    equals(det(Y) * trace(Y.I @ dY), differentiate),
)
"""Equation 46"""

cofactors = derive(
    Sum(grad(det(R), R)[i, k] * R[j, k] for k in over(n)),
    equals(delta(i, j) * det(R), differentiate),
)
"""Equation 47

Any square matrix, singular ones included.
"""

second_derivative = derive(
    hessian(det(bent), t).at(t, 0),
    equals(
        det(Y) * (trace(Y.I @ second) + trace(Y.I @ dY) ** 2 - trace(Y.I @ dY @ Y.I @ dY)),
        differentiate,
    ),
)
"""Equation 48

The curve `Z_t` has `dY` and `C` as its first and second derivative.
"""

gradient = derive(
    grad(det(X), X),
    equals(det(X) * X.I.T, differentiate),
)
"""Equation 49

Correction. It asks for an invertible X; at a singular one the gradient is the matrix of cofactors.
"""

cofactors_and_inverse = derive(
    Sum(grad(det(X), X)[i, k] * X[j, k] for k in over(n)),
    equals(delta(i, j) * det(X), differentiate),
)
"""Equation 50"""

A, B = matrix("A", n, n, invertible=True), matrix("B", n, n, invertible=True)
of_product = derive(
    (A @ X @ B).I,
    equals(B.I @ X.I @ A.I),
)
"""The inverse of a product

A step for the next row.
"""

between_factors = derive(
    grad(det(A @ X @ B), X),
    equals(det(A @ X @ B) * A.T @ (A @ X @ B).I.T @ B.T, differentiate),
    equals(det(A @ X @ B) * A.T @ (B.I @ X.I @ A.I).T @ B.T, of_product),
    equals(det(A @ X @ B) * X.I.T, algebra),
)
"""Equation 51

Correction. X is square and invertible, and so are `A` and B here; if one of them is singular, both sides are 0. Where
only the product is square, the next row has the gradient.
"""

U = matrix("U", n, p)
K, L = matrix("K", m, n), matrix("L", p, m)
regular = assume(invertible(K @ U @ L))
between_oblong_factors = derive(
    grad(det(K @ U @ L), U),
    equals(det(K @ U @ L) * K.T @ (K @ U @ L).I.T @ L.T, differentiate),
    given=regular,
)
"""Equation 51, any shapes"""

square_form = derive(
    grad(det(X.T @ second @ X), X),
    equals(2 * det(X.T @ second @ X) * X.I.T, differentiate),
)
"""Equation 52

`C` may be any square matrix.
"""

H = matrix("H", n, n, symmetric=True)
G = matrix("G", n, n)
symmetric_form = assume(invertible(U.T @ H @ U))
oblong_symmetric_form = derive(
    grad(det(U.T @ H @ U), U),
    equals(2 * det(U.T @ H @ U) * H @ U @ (U.T @ H @ U).I, differentiate),
    given=symmetric_form,
)
"""Equation 53

Correction. The form has to be invertible, which it never is where U has more columns than rows.
"""

any_form = assume(invertible(U.T @ G @ U))
oblong_form = derive(
    grad(det(U.T @ G @ U), U),
    equals(
        det(U.T @ G @ U) * (G @ U @ (U.T @ G @ U).I + G.T @ U @ (U.T @ G.T @ U).I),
        differentiate,
    ),
    given=any_form,
)
"""Equation 54

Correction. As above, the form has to be invertible.
"""

F = matrix("F", n, p, full_column_rank=True)
pseudo_inverse = let("F+", (F.T @ F).I @ F.T)
logarithm_of_gram = derive(
    grad(logdet(F.T @ F), F),
    equals(2 * pseudo_inverse.T, differentiate),
)
"""Equation 55

Correction. The columns are linearly independent; otherwise the determinant is 0 and has no logarithm.
"""

P = matrix("P", p, n)
independent_rows = assume(positive_definite(P @ P.T))
back = let("P+", P.T @ (P @ P.T).I)
gram = derive(
    back.T @ back,
    equals((P @ P.T).I, independent_rows),
)
"""Equation 56, the Gram matrix

P is the pseudo-inverse, the variable of the next row. The matrix itself is the pseudo-inverse of P, and its columns
have these products.
"""

definite = claim(positive_definite((P @ P.T).I), independent_rows)
"""Equation 56, its logarithm exists"""

logarithm_by_pseudo_inverse = derive(
    grad(logdet((P @ P.T).I), P),
    equals(-2 * back.T, by(definite, independent_rows, calculus=True)),
)
"""Equation 56

Correction. As in equation 55 the rank is full: the rows of P are linearly independent.
"""

logarithm_of_size = derive(
    grad(log(det(X) ** 2) / 2, X),
    equals(X.I.T, differentiate),
)
"""Equation 57

Half the logarithm of the square is the logarithm of the absolute value.
"""

k = dims("k")[0]
right_way_round = assume(positive(det(X)))
power = derive(
    grad(det(X) ** k, X),
    equals(k * det(X) ** k * X.I.T, differentiate),
    given=right_way_round,
)
"""Equation 58

The determinant of a power is the power of the determinant. A power that is left open is one of a positive number here;
for a fixed one the sign does not matter, as the next row shows.
"""

third_power = derive(
    grad(det(X @ X @ X), X),
    equals(3 * det(X @ X @ X) * X.I.T, differentiate),
)
"""Equation 58, third power"""

oblong_form_code = agrees(oblong_form.first, by_hand.determinant_of_form, given=any_form)
