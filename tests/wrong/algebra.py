"""Matrix algebra that students get wrong: orders of products, transposes, inverses of sums, traces turned round."""

from chainrule import (
    I,
    assume,
    by,
    cancel,
    claim,
    derive,
    det,
    diag,
    diagof,
    dims,
    dot,
    equals,
    exp,
    expand,
    invertible,
    kron,
    let,
    matrix,
    outer,
    positive_definite,
    positivity,
    rational,
    scalar,
    sigmoid,
    softmax,
    softplus,
    sqnorm,
    symmetry,
    tanh,
    total,
    trace,
    unfold,
    vector,
)
from tests.wrong.pairs import pair

n, m, p = dims("n m p")
A = matrix("A", n, n)
B = matrix("B", n, n)
D = matrix("D", n, n)
F = matrix("F", m, m)
L = matrix("L", n, n, invertible=True)
M = matrix("M", n, n, invertible=True)
S = matrix("S", n, n, symmetric=True)
T = matrix("T", n, n, symmetric=True)
K = matrix("K", n, n, skew=True)
U = matrix("U", n, p, orthonormal_columns=True)
O = matrix("O", n, n, orthogonal=True)
X = matrix("X", n, p)
d = vector("d", n)
e = vector("e", n)
f = vector("f", p)
g = vector("g", p)
a = scalar("a")
q = scalar("q", positive=True)

left = X @ X.T + q * I(n)
right = X.T @ X + q * I(p)
left_is = claim(positive_definite(left), positivity)
right_is = claim(positive_definite(right), positivity)
named = let("A", A)
turned = let("A", A.T)

PAIRS = [
    pair(
        "a product transposed without turning it round",
        derive((A @ B).T, equals(A.T @ B.T)),
        derive((A @ B).T, equals(B.T @ A.T)),
    ),
    pair(
        "a product inverted without turning it round",
        derive((L @ M).I, equals(L.I @ M.I)),
        derive((L @ M).I, equals(M.I @ L.I)),
    ),
    pair(
        "the inverse of a sum",
        derive((L + M).I, equals(L.I + M.I, by(assume(invertible(L + M))))),
        derive(L.I @ (L + M) @ M.I, equals(L.I + M.I)),
    ),
    pair(
        "matrices do not commute",
        derive(A @ B - B @ A, equals(0)),
        derive(trace(A @ B - B @ A), equals(0)),
    ),
    pair(
        "the binomial formula for matrices",
        derive((A + B) @ (A + B), equals(A @ A + 2 * A @ B + B @ B, expand)),
        derive((A + B) @ (A + B), equals(A @ A + A @ B + B @ A + B @ B, expand)),
    ),
    pair(
        "the third binomial formula for matrices",
        derive((A + B) @ (A - B), equals(A @ A - B @ B, expand)),
        derive((A + B) @ (A - B), equals(A @ A - A @ B + B @ A - B @ B, expand)),
    ),
    pair(
        "a trace of three, swapped instead of turned",
        derive(trace(A @ B @ D), equals(trace(A @ D @ B))),
        derive(trace(A @ B @ D), equals(trace(B @ D @ A))),
    ),
    pair(
        "a trace of three symmetric ones may be reversed, of three others not",
        derive(trace(A @ B @ D), equals(trace(D @ B @ A))),
        derive(trace(S @ T @ (A + A.T)), equals(trace((A + A.T) @ T @ S))),
    ),
    pair(
        "the trace of a product is no product of traces",
        derive(trace(A @ B), equals(trace(A) * trace(B))),
        derive(trace(kron(A, F)), equals(trace(A) * trace(F))),
    ),
    pair(
        "the product of symmetric matrices is not symmetric",
        derive((S @ T).T, equals(S @ T, symmetry)),
        derive((S @ T @ S).T, equals(S @ T @ S, symmetry)),
    ),
    pair(
        "symmetric in one of two places",
        derive(A @ S, equals(S @ A.T)),
        derive((A @ S).T, equals(S @ A.T)),
    ),
    pair(
        "a skew matrix is not symmetric",
        derive(d.T @ K @ e, equals(e.T @ K @ d)),
        derive(d.T @ K @ e, equals(-e.T @ K @ d)),
    ),
    pair(
        "a quadratic form of another matrix than its symmetric part",
        derive(d.T @ A @ d, equals(d.T @ (A + A.T) @ d)),
        derive(d.T @ A @ d, equals(d.T @ ((A + A.T) / 2) @ d)),
    ),
    pair(
        "orthonormal columns are not orthonormal rows",
        derive(U @ U.T, equals(I(n))),
        derive(U.T @ U, equals(I(p))),
    ),
    pair(
        "a projection is idempotent, a general matrix is not",
        derive(X @ X.T @ X @ X.T, equals(X @ X.T)),
        derive(U @ U.T @ U @ U.T, equals(U @ U.T)),
    ),
    pair(
        "an orthogonal matrix keeps lengths, not vectors",
        derive(O @ d, equals(d)),
        derive(sqnorm(O @ d), equals(sqnorm(d))),
    ),
    pair(
        "a cancelled inverse on the wrong side",
        derive(L.I @ A @ L, equals(A, cancel(L))),
        derive(L.I @ L @ A, equals(A, cancel(L))),
    ),
    pair(
        "the inverse of a multiple",
        derive((q * L).I, equals(q * L.I)),
        derive((q * L).I, equals(L.I / q)),
    ),
    pair(
        "the inverse of the entries is not the inverse",
        derive((L.I * L.I).I, equals(L, by(assume(invertible(L.I * L.I))))),
        derive(L.I.I, equals(L)),
    ),
    pair(
        "entrywise and matrix product confused",
        derive(A * B, equals(A @ B)),
        derive(A * B, equals(B * A)),
    ),
    pair(
        "entrywise product and trace: a transpose is lost",
        derive(total(A * B), equals(trace(A @ B))),
        derive(total(A * B), equals(trace(A.T @ B))),
    ),
    pair(
        "a diagonal matrix on the wrong side scales columns",
        derive((diag(d) @ A).T, equals(diag(d) @ A.T)),
        derive((diag(d) @ A).T, equals(A.T @ diag(d))),
    ),
    pair(
        "the diagonal of a product",
        derive(diagof(A @ B), equals(diagof(A) * diagof(B))),
        derive(diagof(diag(d) @ B), equals(d * diagof(B))),
    ),
    pair(
        "a column and a row the wrong way round",
        derive(outer(d, e), equals(outer(e, d))),
        derive(outer(d, e), equals(outer(e, d).T)),
    ),
    pair(
        "vectors that look alike: v'A is the transpose of A'v",
        derive(A @ d, equals(d @ A)),
        derive(A.T @ d, equals(d @ A)),
    ),
    pair(
        "Kronecker products do not commute",
        derive(kron(A, B), equals(kron(B, A))),
        derive(kron(A, B).T, equals(kron(A.T, B.T))),
    ),
    pair(
        "the Kronecker product of products, crossed",
        derive(kron(A, B) @ kron(D, S), equals(kron(A @ B, D @ S))),
        derive(kron(A, B) @ kron(D, S), equals(kron(A @ D, B @ S))),
    ),
    pair(
        "Pythagoras without the right angle",
        derive(sqnorm(f + g), equals(sqnorm(f) + sqnorm(g), expand)),
        derive(sqnorm(f + g), equals(sqnorm(f) + sqnorm(g), by(assume(dot(f, g), equals(0))))),
    ),
    pair(
        "the cross term once instead of twice",
        derive(sqnorm(f - g), equals(sqnorm(f) - dot(f, g) + sqnorm(g), expand)),
        derive(sqnorm(f - g), equals(sqnorm(f) - 2 * dot(f, g) + sqnorm(g), expand)),
    ),
    pair(
        "two names that read alike and mean two matrices",
        derive(named @ named, equals(turned @ turned, unfold(named, turned))),
        derive(named, equals(turned.T, unfold(named, turned))),
    ),
    pair(
        "sigmoid is not odd",
        derive(sigmoid(-a), equals(-sigmoid(a))),
        derive(sigmoid(-a), equals(1 - sigmoid(a))),
    ),
    pair(
        "tanh and sigmoid without the doubled argument",
        derive(tanh(a), equals(2 * sigmoid(a) - 1)),
        derive(tanh(a), equals(2 * sigmoid(2 * a) - 1)),
    ),
    pair(
        "softplus turned round",
        derive(softplus(a) + softplus(-a), equals(a)),
        derive(softplus(a) - softplus(-a), equals(a)),
    ),
    pair(
        "the exponential of a product",
        derive(exp(a * q), equals(exp(a) * exp(q))),
        derive(exp(a + q), equals(exp(a) * exp(q))),
    ),
    pair(
        "softmax forgets a shift, not a scaling",
        derive(softmax(q * d), equals(softmax(d))),
        derive(softmax(q + d), equals(softmax(d))),
    ),
    pair(
        "the determinant of a product with an inverse between",
        derive(det(A.T), equals(-det(A))),
        derive(det(A.T), equals(det(A))),
    ),
    pair(
        "an identity off by one part in a million",
        derive(rational(1000001, 1000000) * trace(A @ A.T), equals(sqnorm(A))),
        derive(rational(1000000, 1000000) * trace(A @ A.T), equals(sqnorm(A))),
    ),
    pair(
        "push-through with the price forgotten on one side",
        derive(X.T @ left.I, equals((X.T @ X + I(p)).I @ X.T, by(left_is, right_is))),
        derive(X.T @ left.I, equals(right.I @ X.T, by(left_is, right_is))),
    ),
]
