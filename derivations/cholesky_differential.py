"""The differential of the Cholesky factor.

A positive definite matrix is L L' with L lower triangular. When the matrix moves, the factor moves with it, and how it
moves is read off one triangle: half of the diagonal, and all that is below it.

Phi(M) = T o M takes that half of a matrix: T has 1 below the diagonal, 1/2 on it and 0 above, which is what T + T' =
1 says
of a lower triangular T. Products and inverses of lower triangular matrices are lower triangular; so K = L^-1 dL is.

Source: Smith (1995), Differentiation of the Cholesky algorithm; Murray (2016), Differentiation of the Cholesky
decomposition, eq. 8-10.
"""

from chainrule import (
    agrees,
    algebra,
    assume,
    derive,
    dims,
    equals,
    matrix,
    ones,
)
from numerics import cholesky_differential as by_hand

(n,) = dims("n")
L = matrix("L", n, n, lower_triangular=True, invertible=True)
K = matrix("K", n, n, lower_triangular=True)
T = matrix("T", n, n, lower_triangular=True)
dA = matrix("dA", n, n)
dL = matrix("dL", n, n)

triangular = assume(dL, equals(L @ K))
moved = assume(dA, equals(dL @ L.T + L @ dL.T))
half = assume(T + T.T, equals(ones(n, n)))

between = derive(
    L.I @ dA @ L.I.T,
    equals(L.I @ (dL @ L.T + L @ dL.T) @ L.I.T, moved),
    equals(L.I @ dL + (L.I @ dL).T, algebra),
    equals(K + K.T, triangular),
)
"""Between the factors

Differentiate A = L L' and divide by L on either side: a lower triangular matrix and its mirror image are left.
"""

one_triangle = derive(
    T * (K + K.T),
    equals(T * K + T * K.T, algebra),
    equals((ones(n, n) - T.T) * K + T * K.T, half),
    equals(K - T.T * K + T * K.T, algebra),
    equals(K, algebra),
)
"""One triangle tells all

The last two terms live on the diagonal only, since T and K vanish above it, and there they cancel.
"""

differential = derive(
    dL,
    equals(L @ K, triangular),
    equals(L @ (T * (K + K.T)), one_triangle),
    equals(L @ (T * (L.I @ dA @ L.I.T)), between),
)
"""The differential

dL = L Phi(L^-1 dA L^-T).
"""

spread = assume(dA, equals(L @ (K + K.T) @ L.T))
differential_code = agrees(L @ K, by_hand.differential, given=spread)
"""Told L and dA alone, it finds dL = L K."""
