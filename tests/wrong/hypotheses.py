"""Missing hypotheses: inverses of what may be singular, logarithms of what may be negative, divisions by what may be 0;
and hypotheses that are there, but say something else."""

from chainrule import (
    I,
    Sum,
    abs_,
    algebra,
    assume,
    at_most,
    by,
    cancel,
    cited,
    claim,
    clusters,
    delta,
    derive,
    det,
    dims,
    equals,
    exp,
    index,
    invertible,
    let,
    log,
    logdet,
    matrix,
    norm,
    positive,
    positive_definite,
    positive_semidefinite,
    positivity,
    rational,
    scalar,
    sign,
    size,
    sqnorm,
    sqrt,
    total,
    trace,
    vector,
)
from tests.wrong.pairs import pair

n, p, N, K = dims("n p N K")
A = matrix("A", n, n)
B = matrix("B", n, n)
G = matrix("G", n, n, invertible=True)
Q = matrix("Q", n, n, positive_definite=True)
P = matrix("P", n, n, psd=True)
X = matrix("X", n, p)
Z = matrix("X", n, p, full_column_rank=True)
x = vector("x", n)
y = vector("y", n)
v = vector("v", n, nonzero=True)
C = clusters("C", N, K, nonempty=False)
E = clusters("C", N, K)
a = scalar("a")
b = scalar("b")
q = scalar("q", positive=True)
r = scalar("r", positive=True)
s = scalar("s", nonnegative=True)
z = scalar("z", nonzero_entries=True)

gram = let("G", X.T @ X)
full = let("G", Z.T @ Z)
false_fact = derive(A @ B, equals(B @ A))
half_false = derive(trace(A @ B), equals(trace(B @ A)), equals(trace(A) * trace(B)))
turning = cited(trace(A @ B), equals(trace(B @ A)), theorem="traces turn", source="any book of linear algebra")
sampled_fact = derive(log(a * b), equals(log(a) + log(b)))
u = vector("u", n, nonnegative=True)
pi_k = vector("pi", n, simplex=True)
w = vector("w", n, simplex=True)
h = vector("h", n, one_hot=True)
i, j = index("i", n), index("j", n)

PAIRS = [
    pair(
        "an inverse without a reason to exist",
        derive(A @ A.I, equals(I(n), cancel(A))),
        derive(G @ G.I, equals(I(n), cancel(G))),
        lowered="SAMPLED",
    ),
    pair(
        "the Gram matrix of any data is not invertible",
        derive(gram @ gram.I, equals(I(p), cancel(gram))),
        derive(full @ full.I, equals(I(p), cancel(full, given=claim(positive_definite(full), positivity)))),
        lowered="SAMPLED",
    ),
    pair(
        "the assumption speaks of another matrix",
        derive(A @ A.I, equals(I(n), cancel(A, given=assume(invertible(B))))),
        derive(A @ A.I, equals(I(n), cancel(A, given=assume(invertible(A))))),
        lowered="SAMPLED",
    ),
    pair(
        "the claim speaks of another matrix",
        derive(P @ P.I, equals(I(n), cancel(P, given=claim(positive_definite(Q), positivity)))),
        derive(Q @ Q.I, equals(I(n), cancel(Q, given=claim(positive_definite(Q), positivity)))),
        lowered="SAMPLED",
    ),
    pair(
        "a number over itself",
        derive(a / a, equals(rational(1))),
        derive(z / z, equals(rational(1))),
        lowered="SAMPLED",
    ),
    pair(
        "a vector over its length, which may be 0",
        derive(sqnorm(x / norm(x)), equals(rational(1))),
        derive(sqnorm(v) / sqnorm(v), equals(rational(1))),
        lowered="SAMPLED",
    ),
    pair(
        "an empty cluster has no mean",
        derive(Sum(size(C[k]) / size(C[k]) for k in C), equals(K)),
        derive(Sum(size(E[k]) / size(E[k]) for k in E), equals(K)),
        lowered="SAMPLED",
    ),
    pair(
        "the root of a square",
        derive(sqrt(a**2), equals(a)),
        derive(sqrt(q) ** 2, equals(q)),
    ),
    pair(
        "the square of a root that may not exist",
        derive(sqrt(a) ** 2, equals(a)),
        derive(sqrt(s) ** 2, equals(s)),
        lowered="SAMPLED",
    ),
    pair(
        "the root of a product, of any two numbers",
        derive(sqrt(a * b), equals(sqrt(a) * sqrt(b))),
        derive(sqrt(q * r) ** 2, equals(sqrt(q) ** 2 * sqrt(r) ** 2)),
        lowered="SAMPLED",
    ),
    pair(
        "an absolute value without its sign",
        derive(abs_(a), equals(a)),
        derive(abs_(a), equals(a * sign(a))),
    ),
    pair(
        "the logarithm of a square",
        derive(log(a**2), equals(2 * log(a))),
        derive(log(q**2), equals(2 * log(q))),
        lowered="SAMPLED",
    ),
    pair(
        "the logarithm of a square, for any number but 0",
        derive(log(z**2), equals(2 * log(abs_(z)) + log(sign(z)))),
        derive(log(z**2), equals(log(abs_(z) ** 2))),
        lowered="SAMPLED",
    ),
    pair(
        "the logarithm of a product, of any two numbers",
        derive(log(a * b), equals(log(a) + log(b))),
        derive(log(q * r), equals(log(q) + log(r))),
        lowered="SAMPLED",
    ),
    pair(
        "the logarithm of a sum",
        derive(log(q + r), equals(log(q) + log(r))),
        derive(log(exp(a) * q), equals(a + log(q))),
    ),
    pair(
        "the exponential of a logarithm of any number",
        derive(exp(log(a)), equals(a)),
        derive(log(exp(a)), equals(a)),
        lowered="SAMPLED",
    ),
    pair(
        "an even power is not undone by a root",
        derive((a**2) ** rational(1, 2), equals(a)),
        derive((q ** rational(1, 2)) ** 2, equals(q)),
    ),
    pair(
        "what multiplies out to a matrix that may be singular",
        derive((A + 0 * G).I @ x, equals(A.I @ x)),
        derive((G + 0 * A).I @ x, equals(G.I @ x)),
        lowered="SAMPLED",
    ),
    pair(
        "the size of a determinant that may be 0",
        derive(log(det(A) ** 2), equals(log(det(A.T) ** 2))),
        derive(log(det(G) ** 2), equals(log(det(G.T) ** 2))),
        lowered="SAMPLED",
    ),
    pair(
        "the log-determinant of what may have a negative one",
        derive(logdet(A.T), equals(logdet(A))),
        derive(logdet(Q.T), equals(logdet(Q))),
        lowered="SAMPLED",
    ),
    pair(
        "a semidefinite matrix need not be invertible",
        derive(P.I @ P @ x, equals(x)),
        derive((P + I(n)).I @ (P + I(n)) @ x, equals(x, by(claim(positive_definite(P + I(n)), positivity)))),
        lowered="SAMPLED",
    ),
    pair(
        "the sum of two invertible matrices",
        claim(invertible(G + Q), positivity),
        claim(invertible(P + Q), positivity),
    ),
    pair(
        "a product of invertible matrices, and a product with one that is not",
        claim(invertible(G @ A), algebra),
        claim(invertible(G @ Q), algebra),
    ),
    pair(
        "positive definite without full column rank",
        claim(positive_definite(X.T @ X), positivity),
        claim(positive_definite(Z.T @ Z), positivity),
    ),
    pair(
        "positive definite on the wrong side",
        claim(positive_definite(Z @ Z.T), positivity),
        claim(positive_semidefinite(Z @ Z.T), positivity),
    ),
    pair(
        "a difference of positive definite matrices",
        claim(positive_definite(Q - I(n)), positivity),
        claim(positive_definite(Q + I(n)), positivity),
    ),
    pair(
        "a product of positive definite matrices is not symmetric",
        claim(positive_definite(Q @ (P + I(n))), positivity),
        claim(positive_definite(Q @ (P + I(n)) @ Q), positivity),
    ),
    pair(
        "a matrix of ones is no identity",
        claim(positive_definite(I(1) + P), positivity),
        claim(positive_definite(I(n) + P), positivity),
    ),
    pair(
        "a positive matrix is not a positive definite one",
        claim(positive(Q), positivity),
        claim(positive(trace(Q)), positivity),
    ),
    pair(
        "a line leans on a refuted derivation",
        derive(x.T @ A @ B @ y, equals(x.T @ B @ A @ y, by(false_fact))),
        derive(x.T @ A @ B @ y, equals(trace(A @ B @ y @ x.T))),
    ),
    pair(
        "a true line leans on a refuted derivation",
        derive(trace(A @ B), equals(trace(B @ A), by(false_fact))),
        derive(trace(A @ B), equals(trace(B @ A))),
        lowered="OPEN",
    ),
    pair(
        "a true line leans on a derivation whose last step is wrong",
        derive(trace(B @ A), equals(trace(A @ B), by(half_false))),
        derive(trace(B @ A), equals(trace(A @ B), by(derive(trace(A @ B), equals(trace(B @ A)))))),
        lowered="OPEN",
    ),
    pair(
        "a line leans on a derivation that was only sampled",
        derive(exp(log(a * b)), equals(exp(log(a) + log(b)), by(sampled_fact))),
        derive(log(q * r), equals(log(q) + log(r), by(derive(log(r * q), equals(log(q) + log(r)))))),
        lowered="SAMPLED",
    ),
    pair(
        "a line leans on its own wrong statement, said once more",
        derive(A @ B, equals(B @ A, by(derive(A @ B, equals(B @ A, by(false_fact)))))),
        derive(A @ B, equals(B @ A, by(assume(A @ B, equals(B @ A))))),
    ),
    pair(
        "the assumption is the converse",
        derive(sqnorm(x), at_most(sqnorm(y), by(assume(sqnorm(y), at_most(sqnorm(x)))))),
        derive(sqnorm(x), at_most(sqnorm(y), by(assume(sqnorm(x), at_most(sqnorm(y)))))),
    ),
    pair(
        "what follows from a contradiction is nothing",
        derive(trace(A), equals(trace(B), by(assume(trace(A), equals(1)), assume(trace(A), equals(2))))),
        derive(trace(A), equals(trace(B), by(assume(trace(A), equals(1)), assume(trace(B), equals(1))))),
        lowered="OPEN",
    ),
    pair(
        "definitions that go round in a circle make both sides 0, not equal to anything",
        derive(x, equals(y + 1, by(assume(x, equals(2 * y)), assume(y, equals(2 * x))))),
        derive(x, equals(2 * y, by(assume(x, equals(2 * y)), assume(y, equals(x / 2))))),
    ),
    pair(
        "the cited theorem is about something else",
        derive(trace(A @ A), equals(sqnorm(A), by(turning))),
        derive(trace(A @ B), equals(trace(B @ A), by(turning))),
        stands="CITED",
    ),
    pair(
        "a simplex sums to 1, nonnegative numbers need not",
        derive(total(u), equals(rational(1))),
        derive(total(pi_k), equals(rational(1))),
    ),
    pair(
        "one-hot rows are orthogonal, other rows need not be",
        derive(w[i] * w[j], equals(delta(i, j) * w[i])),
        derive(h[i] * h[j], equals(delta(i, j) * h[i])),
    ),
]
