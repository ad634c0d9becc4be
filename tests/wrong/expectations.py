"""Expected values: a covariance left out, a pairing forgotten, a random symbol taken for a free one."""

from chainrule import (
    Gaussian,
    I,
    Normal,
    Sum,
    algebra,
    as_node,
    derive,
    dims,
    equals,
    expect,
    expectation,
    grad,
    matrix,
    ones,
    outer,
    over,
    scalar,
    sqnorm,
    tensor,
    total,
    trace,
    vector,
)
from tests.wrong.pairs import pair

n, K = dims("n K")
x, m, b = vector("x", n), vector("m", n), vector("b", n)
A, B = matrix("A", n, n), matrix("B", n, n)
V = matrix("V", n, n, psd=True)
z, mu = scalar("z"), scalar("mu")
sigma_sq, lam = scalar("sigma_sq", nonnegative=True), scalar("lam")
w, M, S = vector("w", K, simplex=True), matrix("M", K, n), tensor("S", K, n, n, psd=True)
form = expect(x.T @ A @ x, x, mean=m, covariance=V)
square = expect((x.T @ A @ x) ** 2, x, Gaussian(m, V))
through = expect(x.T @ A @ x + b.T @ x, x, mean=m, covariance=V)
bar = total(x) / n
drawn = {"mean": mu * ones(n), "covariance": sigma_sq * I(n)}
mixed = Sum(w[k] * expect(outer(x, x), x, mean=M[k], covariance=S[k]) for k in over(K))

PAIRS = [
    pair(
        "the function at the mean for the mean of the function",
        derive(form, equals(m.T @ A @ m, expectation)),
        derive(form, equals(m.T @ A @ m + trace(A @ V), expectation)),
    ),
    pair(
        "half the trace",
        derive(form, equals(m.T @ A @ m + trace(A @ V) / 2, expectation)),
        derive(form, equals(m.T @ A @ m + trace(V @ A.T), expectation)),
    ),
    pair(
        "the square of the mean for the mean of the square",
        derive(square, equals((m.T @ A @ m + trace(A @ V)) ** 2, expectation)),
        derive(
            square,
            equals(
                (m.T @ A @ m + trace(A @ V)) ** 2 + trace(A @ V @ (A + A.T) @ V) + m.T @ (A + A.T) @ V @ (A + A.T) @ m,
                expectation,
            ),
        ),
    ),
    pair(
        "a pairing forgotten",
        derive(expect((z - mu) ** 4, z, Normal(mu, sigma_sq)), equals(2 * sigma_sq**2, expectation)),
        derive(expect((z - mu) ** 4, z, Normal(mu, sigma_sq)), equals(3 * sigma_sq**2, expectation)),
    ),
    pair(
        "a random symbol taken for the free one of its name",
        derive(through.at(b, x), equals(m.T @ A @ m + trace(A @ V) + sqnorm(m) + trace(V), expectation)),
        derive(through.at(b, x), equals(m.T @ A @ m + trace(A @ V) + x.T @ m, expectation)),
    ),
    pair(
        "a derivative in a symbol that is bound",
        derive(grad(form, x), equals((A + A.T) @ m, expectation)),
        derive(grad(form, x), equals(0, expectation)),
    ),
    pair(
        "a matrix that is no covariance",
        derive(expect(sqnorm(x), x, mean=m, covariance=B), equals(sqnorm(m) + trace(B), expectation)),
        derive(expect(sqnorm(x), x, mean=m, covariance=B.T @ B), equals(sqnorm(m) + sqnorm(B), expectation)),
        lowered="SAMPLED",
    ),
    pair(
        "a variance that may be negative",
        derive(expect(z**2, z, mean=mu, covariance=lam), equals(mu**2 + lam, expectation)),
        derive(expect(z**2, z, mean=mu, covariance=lam**2), equals(mu**2 + lam**2, expectation)),
        lowered="SAMPLED",
    ),
    pair(
        "n for n - 1 in the variance around the mean",
        derive(expect(sqnorm(x - bar), x, **drawn), equals(n * sigma_sq, expectation)),
        derive(expect(sqnorm(x - bar), x, **drawn), equals((as_node(n) - 1) * sigma_sq, expectation)),
    ),
    pair(
        "the spread of the means left out of a mixture",
        derive(mixed, equals(Sum(w[k] * S[k] for k in over(K)), expectation)),
        derive(mixed, equals(Sum(w[k] * (S[k] + outer(M[k], M[k])) for k in over(K)), expectation)),
    ),
    pair(
        "an expected value worked out by algebra alone",
        derive(form, equals(m.T @ A @ m, algebra)),
        derive(form, equals(expect(x.T @ A @ x, x, mean=m, covariance=V), algebra)),
    ),
]
