"""A corpus of identities that hold in every dimension, each with relatives that look like it and are false.

The kernel has to prove the first and must never prove the others; exact testing has to refute every one of the others.
"""

from __future__ import annotations

from dataclasses import dataclass

from chainrule import (
    I,
    Sum,
    abs_,
    as_node,
    clusters,
    cos,
    cosh,
    delta,
    derive,
    det,
    diag,
    diagof,
    dims,
    dot,
    each,
    equals,
    erf,
    exp,
    grad,
    hessian,
    index,
    inv,
    jacobian,
    kron,
    log,
    logdet,
    logsumexp,
    matrix,
    maximum,
    norm,
    ones,
    outer,
    over,
    pi,
    rational,
    relu,
    scalar,
    sigmoid,
    sign,
    sin,
    sinh,
    size,
    softmax,
    softplus,
    sqnorm,
    sqrt,
    step,
    tanh,
    tensor,
    total,
    trace,
    vector,
    vjp,
)
from chainrule.notation.nodes import Node
from chainrule.notation.statements import Relation

n, m, p, r, N, K, d = dims("n m p r N K d")
X, Y = matrix("X", n, p), matrix("Y", n, p)
A, B, D = matrix("A", n, n), matrix("B", n, n), matrix("D", n, n)
F, G = matrix("F", m, m), matrix("G", m, m)
R, T = matrix("R", n, n, invertible=True), matrix("T", n, n, invertible=True)
S = matrix("S", n, n, symmetric=True)
Q, P = matrix("Q", n, n, positive_definite=True), matrix("P", n, n, positive_definite=True)
O = matrix("O", n, n, orthogonal=True)
U = matrix("U", n, r, orthonormal_columns=True)
V = matrix("V", p, r)
W = matrix("W", n, r)
H = tensor("H", m, n, n)
x, y, z = vector("x", n), vector("y", n), vector("z", n)
w, v = vector("w", p), vector("v", p)
t = vector("t", n, labels=True)
s = vector("s", n, positive=True)
u = vector("u", n, one_hot=True)
pr = vector("pr", n, simplex=True)
a, b = scalar("a"), scalar("b")
lam, mu = scalar("lam", positive=True), scalar("mu", positive=True)
pts, C = matrix("x", N, d), clusters("C", N, K)
c = vector("c", d)
i, j, k = index("i", n), index("j", n), index("k", n)
mean = Sum(pts[i] for i in over(N)) / N
m_k = each(Sum(pts[i] for i in C[k]) / size(C[k]) for k in C)
ridge = sqnorm(y - X @ w) + lam * sqnorm(w)
margin = t * (X @ w)
logistic = total(softplus(-margin))
rayleigh = z.T @ A @ z / sqnorm(z)
price = X.T @ X + lam * I(p)
dual = X @ X.T + lam * I(n)


@dataclass(frozen=True)
class Identity:
    """left = right in every dimension; the `wrong` right sides are false. `beyond`: true, and not reached by proof."""

    name: str
    left: Node
    right: Node
    wrong: tuple[Node, ...] = ()
    beyond: str = ""

    def statement(self, right: Node | None = None) -> Relation:
        return derive(self.left, equals(self.right if right is None else right)).conclusion


def _is(name: str, left: Node, right: object, *wrong: object, beyond: str = "") -> Identity:
    return Identity(name, left, as_node(right), tuple(as_node(f) for f in wrong), beyond)


DERIVATIVES = (
    _is("ridge gradient", grad(ridge, w), 2 * (price @ w - X.T @ y), 2 * (price @ w + X.T @ y), price @ w - X.T @ y),
    _is("ridge Hessian", hessian(ridge, w), 2 * price, price, 2 * (X.T @ X) - 2 * lam * I(p)),
    _is("logistic gradient", grad(logistic, w), -X.T @ (t * sigmoid(-margin)), -X.T @ (t * sigmoid(margin))),
    _is(
        "logistic Hessian",
        hessian(logistic, w),
        X.T @ diag(sigmoid(margin) * sigmoid(-margin)) @ X,
        X.T @ diag(sigmoid(margin)) @ X,
    ),
    _is("log-determinant", grad(logdet(A), A), A.I.T, A.I),
    _is("log-determinant, symmetric", grad(logdet(Q), Q), Q.I, 2 * Q.I - diag(diagof(Q.I))),
    _is("determinant", grad(det(R), R), det(R) * R.I.T, det(R) * R.I),
    _is("trace of an inverse", grad(trace(B @ R.I), R), -(R.I @ B @ R.I).T, -(R.I @ B @ R.I), (R.I @ B @ R.I).T),
    _is("trace of a product", grad(trace(A @ B), A), B.T, B),
    _is("trace of a cube", grad(trace(A @ A @ A), A), 3 * (A @ A).T, 3 * (A @ A)),
    _is("symmetric variable", grad(trace(B @ S), S), (B + B.T) / 2, B, B.T),
    _is("softmax", jacobian(softmax(z), z), diag(softmax(z)) - outer(softmax(z), softmax(z)), diag(softmax(z))),
    _is("log-sum-exp", grad(logsumexp(z), z), softmax(z), exp(z)),
    _is("log-sum-exp curved", hessian(logsumexp(z), z), diag(softmax(z)) - outer(softmax(z), softmax(z))),
    _is("cross-entropy", grad(logsumexp(z) - dot(u, z), z), softmax(z) - u, u - softmax(z)),
    _is("factorisation", grad(sqnorm(X - W @ V.T), W), -2 * (X - W @ V.T) @ V, 2 * (X - W @ V.T) @ V),
    _is("vector-Jacobian product", vjp(X @ w, w, y), X.T @ y),
    _is("its vector is held", vjp(y * z, z, z), y * z, 2 * y * z),
    _is("norm", grad(norm(s), s), s / norm(s), s),
    _is("Rayleigh quotient", grad(rayleigh, z), (A + A.T) @ z / sqnorm(z) - 2 * rayleigh * z / sqnorm(z)),
    _is("tanh", jacobian(tanh(z), z), diag(1 - tanh(z) ** 2), diag(1 + tanh(z) ** 2)),
    _is("sigmoid", grad(total(sigmoid(z)), z), sigmoid(z) * (1 - sigmoid(z)), sigmoid(z) * (1 + sigmoid(z))),
    _is("softplus", grad(total(softplus(z)), z), sigmoid(z), sigmoid(-z)),
    _is("error function", grad(total(erf(z)), z), 2 / sqrt(pi) * exp(-(z**2)), exp(-(z**2))),
    _is("a product of functions", hessian(total(sin(z) * exp(z)), z), diag(2 * cos(z) * exp(z))),
    _is("relu", grad(total(relu(z)), z), step(z)),
    _is("absolute value", grad(total(abs_(z)), z), sign(z)),
    _is("Kronecker product", grad(total(kron(A, F)), A), total(F) * ones(n, n), ones(n, n)),
    _is("logarithm", grad(total(log(s)), s), 1 / s, -1 / s),
    _is("root", grad(total(sqrt(s)), s), rational(1, 2) / sqrt(s), 1 / sqrt(s)),
    _is("powers", grad(total(z**5), z), 5 * z**4, 5 * z**5, 4 * z**4),
    _is("a quotient", grad(total(y / s), s), -y / s**2, y / s**2),
    _is("quartic", grad(sqnorm(z) ** 2, z), 4 * sqnorm(z) * z, 2 * sqnorm(z) * z),
    _is("a batch", grad(total(H @ z), z), total(total(H, axis=0), axis=0), total(total(H, axis=0), axis=1)),
    _is("largest entry", dot(grad(maximum(z), z), ones(n)), 1),
)

MATRICES = (
    _is("transpose of a product", (A @ B).T, B.T @ A.T, A.T @ B.T),
    _is("inverse of a product", (R @ T).I, T.I @ R.I, R.I @ T.I),
    _is("a left inverse of a square matrix is its right inverse", R @ (T @ R).I @ T, I(n), R.T @ (T @ R).I @ T),
    _is("inverse of a congruence", (R.T @ T @ R).I, R.I @ T.I @ R.I.T, R.I.T @ T.I @ R.I),
    _is(
        "inverse of a product with a diagonal and a number",
        (sqnorm(z) * R @ diag(exp(z)) @ T).I,
        T.I @ diag(exp(-z)) @ R.I / sqnorm(z),
        T.I @ diag(exp(z)) @ R.I / sqnorm(z),
        T.I @ diag(exp(-z)) @ R.I * sqnorm(z),
    ),
    _is("inverse of an inverse", R.I.I, R, R.I),
    _is("inverse of a transpose", R.T.I, R.I.T, R.I),
    _is("inverse of a multiple", (lam * R).I, R.I / lam, lam * R.I),
    _is("traces turn", trace(A @ B @ D), trace(D @ A @ B), trace(B @ A @ D)),
    _is("push-through", X.T @ inv(dual), inv(price) @ X.T),
    _is("Woodbury", inv(dual), (I(n) - X @ inv(price) @ X.T) / lam, (I(n) + X @ inv(price) @ X.T) / lam),
    _is("a difference of inverses", R.I - T.I, R.I @ (T - R) @ T.I, R.I @ (R - T) @ T.I),
    _is(
        "commutators",
        A @ (B @ D - D @ B)
        - (B @ D - D @ B) @ A
        + B @ (D @ A - A @ D)
        - (D @ A - A @ D) @ B
        + D @ (A @ B - B @ A)
        - (A @ B - B @ A) @ D,
        0 * A,
        A @ B @ D,
    ),
    _is("a projection", U @ U.T @ U @ U.T, U @ U.T, I(n)),
    _is("an isometry", sqnorm(O @ z), sqnorm(z), 2 * sqnorm(z)),
    _is("polarisation", sqnorm(x + y) - sqnorm(x - y), 4 * dot(x, y), 2 * dot(x, y)),
    _is("parallelogram", sqnorm(x + y) + sqnorm(x - y), 2 * sqnorm(x) + 2 * sqnorm(y), sqnorm(x) + sqnorm(y)),
    _is(
        "Lagrange",
        sqnorm(x) * sqnorm(y) - dot(x, y) ** 2,
        sqnorm(outer(x, y) - outer(y, x)) / 2,
        sqnorm(outer(x, y) - outer(y, x)),
    ),
    _is("entrywise and trace", total(A * B), trace(A.T @ B), trace(A @ B)),
    _is("a weighted Gram", X.T @ diag(z) @ X, Sum(z[i] * (X[i] @ X[i].T) for i in over(n)), X.T @ X),
    _is("diagonal scaling", diag(x) @ A @ diag(y), outer(x, y) * A, outer(y, x) * A),
    _is("mixed product", kron(A, F) @ kron(B, G), kron(A @ B, F @ G), kron(B @ A, G @ F)),
    _is("trace of a Kronecker product", trace(kron(A, F)), trace(A) * trace(F), trace(A) + trace(F)),
    _is("symmetric and skew parts", trace(S @ (A - A.T)), 0, trace(A)),
    _is("centring", (I(n) - ones(n, n) / n) @ (I(n) - ones(n, n) / n), I(n) - ones(n, n) / n, I(n) - ones(n, n)),
    _is("labels square to one", t * t * z, z, t * z),
    _is("one-hot rows", u[i] * u[j], delta(i, j) * u[i], delta(i, j)),
    _is("a simplex", total(pr), 1, n),
    _is("a delta picks", Sum(delta(i, j) * A[i, k] for i in over(n)), A[j, k], A[k, j]),
    _is("the ridge's minimum", (price @ inv(price)) @ w, w, 2 * w),
)

FUNCTIONS = (
    _is("sigmoid mirrored", sigmoid(-a), 1 - sigmoid(a), -sigmoid(a)),
    _is("tanh by sigmoid", tanh(a), 2 * sigmoid(2 * a) - 1, 2 * sigmoid(a) - 1),
    _is(
        "tanh by exponentials",
        tanh(a),
        (exp(a) - exp(-a)) / (exp(a) + exp(-a)),
        (exp(a) + exp(-a)) / (exp(a) - exp(-a)),
    ),
    _is("softplus mirrored", softplus(a) - softplus(-a), a, -a),
    _is("exponentials multiply", exp(a + b), exp(a) * exp(b), exp(a) + exp(b)),
    _is("logarithms add", log(lam * mu), log(lam) + log(mu), log(lam) * log(mu)),
    _is("logarithm of a quotient", log(lam / mu), log(lam) - log(mu), log(mu) - log(lam)),
    _is("softmax forgets a shift", softmax(z + a), softmax(z), softmax(2 * z)),
    _is("log-sum-exp shifts", logsumexp(z + a), logsumexp(z) + a, logsumexp(z) - a),
    _is("softmax sums to one", total(softmax(z)), 1, n),
    _is("sine and cosine", sin(a) ** 2 + cos(a) ** 2, 1, 0),
    _is("hyperbolic sine and cosine", cosh(a) ** 2 - sinh(a) ** 2, 1, cosh(2 * a)),
    _is("absolute value squared", abs_(a) ** 2, a**2, a),
    _is("a root squared", sqrt(lam) ** 2, lam, lam**2),
    _is("an exponential's root", sqrt(exp(2 * a)), exp(a), exp(2 * a)),
    _is("relu by absolute value", 2 * relu(a), a + abs_(a), 2 * a + abs_(a)),
    _is("a number is its two halves", relu(a) - relu(-a), a, abs_(a)),
    _is("the two halves never meet", relu(a) * relu(-a), 0, a**2),
    _is("determinant of a product", det(A @ B), det(A) * det(B), det(A) + det(B), beyond="no law of determinants"),
)

STATISTICS = (
    _is("deviations sum to zero", Sum(pts[i] - mean for i in over(N)), 0 * c, mean),
    _is(
        "the mean's price",
        Sum(sqnorm(pts[i] - c) for i in over(N)),
        Sum(sqnorm(pts[i] - mean) for i in over(N)) + N * sqnorm(mean - c),
        Sum(sqnorm(pts[i] - mean) for i in over(N)) + sqnorm(mean - c),
    ),
    _is(
        "pairs",
        Sum(sqnorm(pts[i] - pts[j]) for i in over(N) for j in over(N)) / (2 * N),
        Sum(sqnorm(pts[i] - mean) for i in over(N)),
        Sum(sqnorm(pts[i] - mean) for i in over(N)) / N,
    ),
    _is("cluster sizes", Sum(size(C[k]) for k in C), N, K),
    _is("cluster sizes over themselves", Sum(size(C[k]) / size(C[k]) for k in C), K, 1),
    _is("means weigh", Sum(size(C[k]) * m_k[k] for k in C), N * mean, K * mean),
    _is(
        "scatter",
        Sum(sqnorm(pts[i] - mean) for i in over(N)),
        Sum(sqnorm(pts[i] - m_k[k]) for k in C for i in C[k]) + Sum(size(C[k]) * sqnorm(m_k[k] - mean) for k in C),
        Sum(sqnorm(pts[i] - m_k[k]) for k in C for i in C[k]) + Sum(sqnorm(m_k[k] - mean) for k in C),
    ),
    _is("every point is in one cluster", Sum(pts[i] for k in C for i in C[k]), N * mean, mean),
)

IDENTITIES = DERIVATIVES + MATRICES + FUNCTIONS + STATISTICS
