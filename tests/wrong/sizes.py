"""Statements that are right at one size, or for one kind of matrix, and wrong in general."""

from chainrule import (
    I,
    assume,
    by,
    claim,
    derive,
    det,
    diag,
    diagof,
    differentiate,
    dims,
    dot,
    equals,
    exp,
    grad,
    index,
    let,
    logsumexp,
    matrix,
    maximum,
    ones,
    positive_semidefinite,
    positivity,
    scalar,
    sqnorm,
    total,
    trace,
    vector,
)
from tests.wrong.pairs import pair

n, m, p = dims("n m p")
A = matrix("A", n, n)
B = matrix("B", n, n)
A2 = matrix("A", 2, 2)
A3 = matrix("A", 3, 3)
D = matrix("D", n, n, diagonal=True)
E = matrix("E", n, n, diagonal=True)
L = matrix("L", n, n, lower_triangular=True)
M = matrix("M", n, n, lower_triangular=True)
K = matrix("K", n, n, skew=True)
S = matrix("S", n, n, symmetric=True)
X = matrix("X", n, p)
Y = matrix("X", n, p, orthonormal_columns=True)
x = vector("x", n)
y = vector("y", n)
w = vector("w", p)
a = scalar("a")
i, j = index("i", n), index("j", n)

commute = assume(A @ B, equals(B @ A))
cayley_2 = A2 @ A2 - trace(A2) * A2 + det(A2) * I(2)
cayley_3 = A3 @ A3 - trace(A3) * A3 + det(A3) * I(3)

PAIRS = [
    pair(
        "trace and determinant agree at size 1",
        derive(trace(A), equals(det(A))),
        derive(trace(A), equals(trace(A.T))),
    ),
    pair(
        "Cayley and Hamilton's theorem of size 2, at size 3",
        derive(cayley_3, equals(0)),
        derive(cayley_2, equals(0)),
        stands="CERTIFIED",
    ),
    pair(
        "everything commutes at size 1",
        derive(A @ B, equals(B @ A)),
        derive(A @ B, equals(B @ A, by(commute))),
    ),
    pair(
        "the binomial formula needs its hypothesis",
        derive((A + B) @ (A + B), equals(A @ A + 2 * A @ B + B @ B, by(assume(A @ A, equals(A))))),
        derive((A + B) @ (A + B), equals(A @ A + 2 * A @ B + B @ B, by(commute))),
    ),
    pair(
        "a commutator vanishes for diagonal matrices",
        derive(D @ S - S @ D, equals(0)),
        derive(D @ E - E @ D, equals(0)),
    ),
    pair(
        "the square of a matrix, entry by entry",
        derive(A @ A, equals(A * A)),
        derive(D @ D, equals(D * D)),
    ),
    pair(
        "two triangles meet on the diagonal; a triangle and a full matrix do not",
        derive(L * A.T, equals(diag(diagof(L) * diagof(A)))),
        derive(L * M.T, equals(diag(diagof(L) * diagof(M)))),
    ),
    pair(
        "two triangles of one side do not meet on the diagonal only",
        derive(L * M, equals(diag(diagof(L) * diagof(M)))),
        derive(total(L * M.T), equals(dot(diagof(L), diagof(M)))),
    ),
    pair(
        "the diagonal of a skew matrix is 0, that of any matrix is not",
        derive(diagof(A - K), equals(0)),
        derive(diagof(K + D @ K), equals(0)),
    ),
    pair(
        "n = p hides which identity it is",
        derive(trace(Y @ Y.T), equals(n)),
        derive(trace(Y @ Y.T), equals(p)),
    ),
    pair(
        "n = p hides which sum it is",
        derive(total(X @ ones(p)), equals(total(X) * p / n)),
        derive(total(X @ ones(p)), equals(total(X))),
    ),
    pair(
        "the trace of the identity of another size",
        derive(trace(X @ X.T) + trace(I(n)), equals(sqnorm(X) + p)),
        derive(trace(X @ X.T) + trace(I(n)), equals(sqnorm(X) + n)),
    ),
    pair(
        "the square of a sum is the sum of squares at size 1",
        derive(total(x) ** 2, equals(sqnorm(x))),
        derive(total(x) ** 2, equals(x.T @ ones(n, n) @ x)),
    ),
    pair(
        "a 1 by 1 matrix is stretched, an n by n one is not",
        derive(I(1) + A, equals(I(n) + A)),
        derive(I(1) + A, equals(ones(n, n) + A)),
    ),
    pair(
        "log-sum-exp is the identity at size 1",
        derive(logsumexp(x), equals(total(x))),
        derive(logsumexp(a + x), equals(a + logsumexp(x))),
    ),
    pair(
        "the largest entry of a sum",
        derive(maximum(x + y), equals(maximum(x) + maximum(y))),
        derive(total(x + y), equals(total(x) + total(y))),
    ),
    pair(
        "the determinant of a multiple",
        derive(det(2 * A), equals(2 * det(A))),
        derive(det(2 * A2), equals(4 * det(A2))),
        stands="CERTIFIED",
    ),
    pair(
        "an outer product has rank 1: its square",
        derive((x @ y.T) @ (x @ y.T), equals(sqnorm(x) * (x @ y.T))),
        derive((x @ y.T) @ (x @ y.T), equals(dot(x, y) * (x @ y.T))),
    ),
    pair(
        "a column broadcast as if it were a row",
        derive(A * x, equals(diag(x) @ A)),
        derive(A * x, equals(A @ diag(x))),
    ),
    pair(
        "a broadcast sum counted along the wrong axis",
        derive(total(X + w), equals(total(X) + p * total(w))),
        derive(total(X + w), equals(total(X) + n * total(w))),
    ),
    pair(
        "two indices that are not the same",
        derive(x[i] * y[j], equals(x[j] * y[i])),
        derive(x[i] * y[j], equals(y[j] * x[i])),
    ),
    pair(
        "an entry and its mirror image",
        derive(A[i, j], equals(A[j, i])),
        derive(S[i, j], equals(S[j, i])),
    ),
    pair(
        "two symbols of one name",
        derive(X.T @ X, equals(Y.T @ Y)),
        derive(Y.T @ Y, equals(I(p))),
    ),
    pair(
        "an inner product that is also a matrix: v M v' is no form",
        claim(positive_semidefinite(x @ (S @ S) @ y.T), positivity),
        claim(positive_semidefinite(x @ x.T), positivity),
    ),
    pair(
        "the gradient has the shape of its variable, not of its transpose",
        derive(grad(trace(A @ B @ A), A), equals(2 * (A @ B), differentiate)),
        derive(grad(trace(A @ B @ A), A), equals((A @ B + B @ A).T, differentiate)),
    ),
    pair(
        "a mean off by one in its size",
        derive(total(x - ones(n) * total(x) / (n + 1)), equals(0)),
        derive(total(x - ones(n) * total(x) / n), equals(0)),
    ),
    pair(
        "a let hides a size",
        derive(let("s", exp(a) * ones(n)).T @ ones(n), equals(exp(a))),
        derive(let("s", exp(a) * ones(n)).T @ ones(n), equals(n * exp(a))),
    ),
]
