"""Derivatives that students get wrong: a lost 2, a lost transpose, a forgotten inner derivative, a sign."""

from chainrule import (
    I,
    Sum,
    algebra,
    at_least,
    derive,
    det,
    diag,
    differentiate,
    dims,
    dot,
    equals,
    exp,
    grad,
    hessian,
    inv,
    jacobian,
    log,
    logdet,
    logsumexp,
    matrix,
    norm,
    over,
    rational,
    relu,
    scalar,
    sigmoid,
    softmax,
    softplus,
    sqnorm,
    sqrt,
    step,
    tanh,
    total,
    trace,
    vector,
    vjp,
)
from tests.wrong.pairs import pair

n, p, r = dims("n p r")
X = matrix("X", n, p)
y = vector("y", n)
w = vector("w", p)
v = vector("v", n)
z = vector("z", n)
t = vector("t", n, labels=True)
lam = scalar("lam", positive=True)
a = scalar("a")
b = scalar("b")
q = scalar("q", positive=True)
A = matrix("A", n, n)
B = matrix("B", n, n)
R = matrix("R", n, n, invertible=True)
S = matrix("S", n, n, symmetric=True)
Q = matrix("Q", n, n, positive_definite=True)
U = matrix("U", n, r)
V = matrix("V", p, r)

ridge = sqnorm(y - X @ w) + lam * sqnorm(w)
logistic = total(softplus(-t * (X @ w)))

PAIRS = [
    pair(
        "least squares without its 2",
        derive(grad(sqnorm(y - X @ w), w), equals(-X.T @ (y - X @ w), differentiate)),
        derive(grad(sqnorm(y - X @ w), w), equals(-2 * X.T @ (y - X @ w), differentiate)),
    ),
    pair(
        "least squares with the sign turned",
        derive(grad(sqnorm(y - X @ w), w), equals(2 * X.T @ (y - X @ w), differentiate)),
        derive(grad(sqnorm(X @ w - y), w), equals(2 * X.T @ (X @ w - y), differentiate)),
    ),
    pair(
        "the second line loses the penalty's 2",
        derive(
            grad(ridge, w),
            equals(-2 * X.T @ (y - X @ w) + 2 * lam * w, differentiate),
            equals(2 * X.T @ (X @ w - y) + lam * w, algebra),
        ),
        derive(
            grad(ridge, w),
            equals(-2 * X.T @ (y - X @ w) + 2 * lam * w, differentiate),
            equals(2 * (X.T @ (X @ w - y) + lam * w), algebra),
        ),
    ),
    pair(
        "ridge off by one part in a million",
        derive(grad(ridge, w), equals(2 * X.T @ (X @ w - y) + rational(2000001, 1000000) * lam * w, differentiate)),
        derive(grad(ridge, w), equals(2 * X.T @ (X @ w - y) + rational(2000000, 1000000) * lam * w, differentiate)),
    ),
    pair(
        "a quadratic form is not 2 A x",
        derive(grad(z.T @ A @ z, z), equals(2 * A @ z, differentiate)),
        derive(grad(z.T @ A @ z, z), equals((A + A.T) @ z, differentiate)),
    ),
    pair(
        "a quadratic form is 2 S x where S is symmetric",
        derive(grad(z.T @ S @ z, z), equals(S @ z, differentiate)),
        derive(grad(z.T @ S @ z, z), equals(2 * S @ z, differentiate)),
    ),
    pair(
        "trace of a product: the transpose is lost",
        derive(grad(trace(A @ B), A), equals(B, differentiate)),
        derive(grad(trace(A @ B), A), equals(B.T, differentiate)),
    ),
    pair(
        "trace of A'A: a derivative of a square",
        derive(grad(trace(A.T @ A), A), equals(2 * A.T, differentiate)),
        derive(grad(trace(A.T @ A), A), equals(2 * A, differentiate)),
    ),
    pair(
        "log-determinant without the transpose",
        derive(grad(logdet(A), A), equals(A.I, differentiate)),
        derive(grad(logdet(Q), Q), equals(Q.I, differentiate)),
    ),
    pair(
        "determinant times the inverse, not transposed",
        derive(grad(det(R), R), equals(det(R) * R.I, differentiate)),
        derive(grad(det(R), R), equals(det(R) * R.I.T, differentiate)),
    ),
    pair(
        "the derivative of an inverse has a minus",
        derive(grad(trace(inv(R)), R), equals((R.I @ R.I).T, differentiate)),
        derive(grad(trace(inv(R)), R), equals(-(R.I @ R.I).T, differentiate)),
    ),
    pair(
        "the symmetric branch: a trace in a symmetric matrix",
        derive(grad(trace(B @ S), S), equals(B.T, differentiate)),
        derive(grad(trace(B @ S), S), equals((B + B.T) / 2, differentiate)),
    ),
    pair(
        "the symmetric branch taken for a matrix that is not",
        derive(grad(trace(B @ A), A), equals((B + B.T) / 2, differentiate)),
        derive(grad(trace(B @ A), A), equals(B.T, differentiate)),
    ),
    pair(
        "the chain rule forgotten",
        derive(grad(exp(a**2), a), equals(exp(a**2), differentiate)),
        derive(grad(exp(a**2), a), equals(2 * a * exp(a**2), differentiate)),
    ),
    pair(
        "the chain rule taken one step too far",
        derive(grad(total(tanh(X @ w)), w), equals(X.T @ (1 - (X @ w) ** 2), differentiate)),
        derive(grad(total(tanh(X @ w)), w), equals(X.T @ (1 - tanh(X @ w) ** 2), differentiate)),
    ),
    pair(
        "the product rule with one term",
        derive(grad(a * sigmoid(a), a), equals(a * sigmoid(a) * sigmoid(-a), differentiate)),
        derive(grad(a * sigmoid(a), a), equals(sigmoid(a) + a * sigmoid(a) * sigmoid(-a), differentiate)),
    ),
    pair(
        "the quotient rule the wrong way round",
        derive(grad(b / q, q), equals(b / q**2, differentiate)),
        derive(grad(b / q, q), equals(-b / q**2, differentiate)),
    ),
    pair(
        "the power rule forgets to come down by one",
        derive(grad(total(z**3), z), equals(3 * z**3, differentiate)),
        derive(grad(total(z**3), z), equals(3 * z**2, differentiate)),
    ),
    pair(
        "the derivative of a root",
        derive(grad(sqrt(q), q), equals(1 / sqrt(q), differentiate)),
        derive(grad(sqrt(q), q), equals(1 / (2 * sqrt(q)), differentiate)),
    ),
    pair(
        "softmax: the outer product with a plus",
        derive(jacobian(softmax(z), z), equals(diag(softmax(z)) + softmax(z) @ softmax(z).T, differentiate)),
        derive(jacobian(softmax(z), z), equals(diag(softmax(z)) - softmax(z) @ softmax(z).T, differentiate)),
    ),
    pair(
        "softmax: only its diagonal",
        derive(jacobian(softmax(z), z), equals(diag(softmax(z) * (1 - softmax(z))), differentiate)),
        derive(grad(logsumexp(z), z), equals(softmax(z), differentiate)),
    ),
    pair(
        "cross-entropy with its sign turned",
        derive(grad(logsumexp(z) - dot(v, z), z), equals(v - softmax(z), differentiate)),
        derive(grad(logsumexp(z) - dot(v, z), z), equals(softmax(z) - v, differentiate)),
    ),
    pair(
        "logistic gradient with the probability of being right",
        derive(grad(logistic, w), equals(-X.T @ (t * sigmoid(t * (X @ w))), differentiate)),
        derive(grad(logistic, w), equals(-X.T @ (t * sigmoid(-t * (X @ w))), differentiate)),
    ),
    pair(
        "logistic Hessian with only one of its two factors",
        derive(hessian(logistic, w), equals(X.T @ diag(sigmoid(X @ w)) @ X, differentiate)),
        derive(
            hessian(logistic, w), equals(X.T @ diag(sigmoid(t * (X @ w)) * sigmoid(-t * (X @ w))) @ X, differentiate)
        ),
    ),
    pair(
        "a Hessian on the wrong side: X X'",
        derive(hessian(sqnorm(A @ z), z), equals(2 * A @ A.T, differentiate)),
        derive(hessian(sqnorm(A @ z), z), equals(2 * A.T @ A, differentiate)),
    ),
    pair(
        "matrix factorisation: V lost its product",
        derive(grad(sqnorm(X - U @ V.T), U), equals(-2 * (X - U @ V.T) @ V + 2 * U, differentiate)),
        derive(grad(sqnorm(X - U @ V.T), U), equals(-2 * (X - U @ V.T) @ V, differentiate)),
    ),
    pair(
        "matrix factorisation: the residual not transposed",
        derive(grad(sqnorm(A - B @ B.T), B), equals(-4 * (A - B @ B.T) @ B, differentiate)),
        derive(grad(sqnorm(S - B @ B.T), B), equals(-4 * (S - B @ B.T) @ B, differentiate)),
    ),
    pair(
        "relu's slope is not its sign turned",
        derive(grad(total(relu(X @ w)), w), equals(X.T @ step(-(X @ w)), differentiate)),
        derive(grad(total(relu(X @ w)), w), equals(X.T @ step(X @ w), differentiate)),
    ),
    pair(
        "a vector-Jacobian product that lets its vector move",
        derive(vjp(y * z, z, z), equals(2 * y * z, differentiate)),
        derive(vjp(y * z, z, z), equals(y * z, differentiate)),
    ),
    pair(
        "a derivative at a point that has the name of another symbol",
        derive(grad(a * b, b).at(a, b), equals(2 * b, differentiate)),
        derive(grad(a * b, b).at(a, b), equals(b, differentiate)),
    ),
    pair(
        "the derivative of a constant",
        derive(grad(logdet(Q) + sqnorm(z), z), equals(2 * z + Q.I @ z, differentiate)),
        derive(grad(logdet(Q) + sqnorm(z), z), equals(2 * z, differentiate)),
    ),
    pair(
        "a derivative of one entry spread over all",
        derive(
            grad(Sum(sqnorm(X[i] - w) for i in over(n)), w),
            equals(-2 * Sum(X[i] - w for i in over(n)) - 2 * w, differentiate),
        ),
        derive(
            grad(Sum(sqnorm(X[i] - w) for i in over(n)), w),
            equals(-2 * Sum(X[i] - w for i in over(n)), differentiate),
        ),
    ),
    pair(
        "the derivative of a norm where the norm may be 0",
        derive(grad(norm(z), z), equals(z / norm(z), differentiate)),
        derive(grad(norm(q * I(n)), q), equals(sqrt(n), differentiate)),
        lowered="SAMPLED",
    ),
    pair(
        "the derivative of a logarithm of any number",
        derive(grad(log(a), a), equals(1 / a, differentiate)),
        derive(grad(log(q), q), equals(1 / q, differentiate)),
        lowered="SAMPLED",
    ),
    pair(
        "the derivative of an even root, where it has a corner",
        derive(hessian(-((a**2) ** rational(1, 2)), a), equals(0, differentiate)),
        derive(hessian(-((q**2) ** rational(1, 2)), q), equals(0, differentiate)),
        lowered="SAMPLED",
    ),
    pair(
        "a derivative under a reason that takes none, and wrong",
        derive(grad(sqnorm(z), z), equals(z, algebra)),
        derive(grad(sqnorm(z), z), equals(2 * z, differentiate)),
    ),
    pair(
        "a gradient inequality with its direction turned",
        derive(sqnorm(z) - sqnorm(v), at_least(2 * z.T @ (z - v))),
        derive(sqnorm(z) - sqnorm(v), equals(2 * v.T @ (z - v) + sqnorm(z - v)), at_least(2 * v.T @ (z - v))),
    ),
]
