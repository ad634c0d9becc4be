"""The log-determinant.

A determinant measures volume, and its logarithm turns products of volumes into sums. Its gradient is the transposed
inverse: that is why inverses appear in every Gaussian likelihood.

Source: Jacobi (1841); Magnus and Neudecker, Matrix Differential Calculus (3rd ed., 2019), ch. 8; Petersen and Pedersen,
The Matrix Cookbook (2012), eq. 49, 57, 138 and 141.
"""

from chainrule import (
    I,
    agrees,
    assume,
    derive,
    det,
    diag,
    diagof,
    differentiate,
    dims,
    equals,
    grad,
    let,
    log,
    logdet,
    matrix,
    positive_definite,
)
from numerics import log_determinant as by_hand

(n,) = dims("n")
X = matrix("X", n, n, invertible=True)
S = matrix("S", n, n, positive_definite=True)

determinant = derive(
    grad(det(X), X),
    equals(det(X) * X.I.T, differentiate),
)
"""Jacobi's formula

The gradient of the determinant is the matrix of cofactors.
"""

logarithm = derive(
    grad(log(det(X) ** 2) / 2, X),
    equals(grad(det(X), X) / det(X), differentiate),
    equals(X.I.T, determinant),
)
"""The logarithm of its size

For any invertible X: squaring first makes log |det X| of it, whatever the sign.
"""

symmetric = derive(
    grad(logdet(S), S),
    equals(S.I, differentiate),
)
"""In a symmetric matrix

The gradient is symmetric too: its inner product with a symmetric step dS is the change, tr(S^-1 dS).
"""

L = matrix("L", n, n)
M = let("M", L + L.T - L * I(n))
definite = assume(positive_definite(M))
by_entries = derive(
    grad(logdet(M), L),
    equals(M.I + M.I.T - M.I * I(n), differentiate),
    equals(2 * M.I - diag(diagof(M.I)), definite),
    given=definite,
)
"""Entry by entry

Where one number stands in two places of the symmetric matrix, both places count. The lower triangle of L holds the
numbers and M repeats it above the diagonal: the derivative is twice the inverse's entry, and once on the diagonal.
"""

logarithm_code = agrees(logarithm.last, by_hand.gradient)
determinant_code = agrees(determinant.last, by_hand.determinant_gradient)
symmetric_code = agrees(symmetric.last, by_hand.symmetric_gradient)
entries_code = agrees(2 * S.I - diag(diagof(S.I)), by_hand.gradient_by_entries)
