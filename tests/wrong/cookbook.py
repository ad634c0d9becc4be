"""Identities as they are printed in section 2 of the Matrix Cookbook (2012) where the print is wrong or silent about a
hypothesis."""

from chainrule import (
    I,
    assume,
    by,
    derive,
    det,
    diag,
    diagof,
    differentiate,
    dims,
    equals,
    grad,
    invertible,
    logdet,
    matrix,
    scalar,
    trace,
    vector,
)
from chainrule.notation.nodes import Node, as_node
from chainrule.notation.statements import Derivation
from tests.wrong.pairs import pair

n, p = dims("n p")
a, b = vector("a", n), vector("b", n)
R = matrix("R", n, n)
X = matrix("X", n, p)
S = matrix("S", n, n, positive_definite=True)
P, Q = matrix("P", n, n, symmetric=True), matrix("Q", n, n, symmetric=True)
M, N = matrix("M", p, p), matrix("N", p, p, symmetric=True)
G = matrix("G", n, n)
B = matrix("B", n, n, symmetric=True)


def of_quotient(added: Node) -> Derivation:
    """Equation 127 with this matrix added in the inverse."""
    inner = (added + X.T @ P @ X).I
    return derive(
        grad(trace(inner @ (X.T @ Q @ X)), X),
        equals(-2 * P @ X @ inner @ X.T @ Q @ X @ inner + 2 * Q @ X @ inner, differentiate),
        given=assume(invertible(added + X.T @ P @ X)),
    )


nilpotent = assume(R @ R, equals(0))
re_x, im_x, re_b, im_b = (vector(name, n) for name in ("x_1", "x_2", "b_1", "b_2"))
re_a, im_a = scalar("a_1"), scalar("a_2")
re = re_a - re_x.T @ re_b - im_x.T @ im_b
im = im_a - re_x.T @ im_b + im_x.T @ re_b

PAIRS = [
    pair(
        "the first sum of equation 92 is not transposed",
        derive(grad(a.T @ R.T @ R @ b, R), equals(a @ b.T @ R.T + R @ a @ b.T, differentiate)),
        derive(grad(a.T @ R.T @ R @ b, R), equals(R @ b @ a.T + R @ a @ b.T, differentiate)),
    ),
    pair(
        "equation 127 with any matrix added",
        of_quotient(M),
        of_quotient(N),
    ),
    pair(
        "equation 89 with the square in the place of the squared modulus",
        derive(grad(re**2 - im**2, re_x), equals(-2 * (re_b * re + im_b * im), differentiate)),
        derive(grad(re**2 + im**2, re_x), equals(-2 * (re_b * re + im_b * im), differentiate)),
    ),
    pair(
        "equation 53 where the matrix is not symmetric",
        derive(
            grad(det(X.T @ G @ X), X),
            equals(2 * det(X.T @ G @ X) * G @ X @ (X.T @ G @ X).I, differentiate),
            given=assume(invertible(X.T @ G @ X)),
        ),
        derive(
            grad(det(X.T @ P @ X), X),
            equals(2 * det(X.T @ P @ X) * P @ X @ (X.T @ P @ X).I, differentiate),
            given=assume(invertible(X.T @ P @ X)),
        ),
    ),
    pair(
        "the derivative by free entries for a symbol declared symmetric",
        derive(grad(logdet(S), S), equals(2 * S.I - diag(diagof(S.I)), differentiate)),
        derive(grad(logdet(S), S), equals(S.I, differentiate)),
    ),
    pair(
        "the derivative by free entries for any symmetric symbol",
        derive(grad(trace(G.T @ B), B), equals(G + G.T - G * I(n), differentiate)),
        derive(grad(trace(G.T @ B), B), equals((G + G.T) / 2, differentiate)),
    ),
    pair(
        "a hypothesis leaves no invertible matrix to be near",
        derive(grad(det(R), R), equals(0, by(nilpotent, calculus=True)), given=nilpotent),
        derive(trace(R.T @ grad(det(R), R)), equals(as_node(n) * det(R), differentiate)),
    ),
]
