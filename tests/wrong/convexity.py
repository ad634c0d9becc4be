"""Convexity and what is built on it: bowls that are none, inequalities with the wrong sign or without a hypothesis."""

from chainrule import (
    I,
    Sum,
    abs_,
    assume,
    at_least,
    by,
    claim,
    composition,
    convex,
    derive,
    dims,
    dot,
    equals,
    exp,
    index,
    invertible,
    log,
    logdet,
    logsumexp,
    matrix,
    maximum,
    more_than,
    nonnegative,
    norm,
    over,
    positive,
    positive_definite,
    positivity,
    relu,
    scalar,
    sigmoid,
    softplus,
    sqnorm,
    sqrt,
    total,
    vector,
)
from tests.wrong.pairs import pair

n, m = dims("n m")
x, y, g = vector("x", n), vector("y", n), vector("g", n)
u, s = vector("u", n, positive=True), vector("s", n)
A, B, M = matrix("A", m, n), matrix("B", n, m), matrix("M", n, n)
N = matrix("N", n, n)
P = matrix("P", n, n, psd=True)
S = matrix("S", n, n, positive_definite=True)
b = vector("b", m)
f_x, f_y, f_z = scalar("f_x"), scalar("f_y"), scalar("f_z")
a, r = scalar("a"), scalar("r")
c, lam = scalar("c", positive=True), scalar("lam", nonnegative=True)
q = scalar("q", positive=True)
p, w = vector("p", n, simplex=True), vector("w", n)
f = vector("f", n)
i = index("i", n)

below = assume(f_x, at_least(f_y))
strictly = assume(f_x, more_than(f_y))
tangent = assume(f[i], at_least(f_z + a * (x[i] - dot(p, x))))
all_above = assume(f[i], at_least(f_z))
squares = assume(a**2, at_least(r**2))
lengths = assume(norm(x) ** 2, at_least(r**2))
has_inverse = assume(invertible(P))
left_inverse = assume(A @ B, equals(I(m)))
both_square = assume(M @ N, equals(I(n)))
small = assume(nonnegative(1 - s))
large = assume(nonnegative(1 + s))
sign_of_s = assume(nonnegative(s))
inside = assume(nonnegative(b - A @ x))
less_than_one = assume(positive(1 - q))
first, second = assume(A @ x, equals(b)), assume(A @ y, equals(b))

PAIRS = [
    pair(
        "a loss through a sigmoid",
        claim(convex(sqnorm(sigmoid(x) - y), x), composition),
        claim(convex(sqnorm(2 * x - y), x), composition),
    ),
    pair(
        "softplus of the size, and of its opposite",
        claim(convex(softplus(-norm(x)), x), composition),
        claim(convex(softplus(norm(x)), x), composition),
    ),
    pair(
        "log det with the wrong sign",
        claim(convex(logdet(S), S), composition),
        claim(convex(-logdet(S), S), composition),
    ),
    pair(
        "a multiple of either sign",
        claim(convex(a * norm(x), x), composition),
        claim(convex(c * norm(x), x), composition),
    ),
    pair(
        "the smallest of the entries",
        claim(convex(-maximum(-x), x), composition),
        claim(convex(maximum(-x), x), composition),
    ),
    pair(
        "a square of a bowl that goes below 0",
        claim(convex((sqnorm(x) - 1) ** 2, x), composition),
        claim(convex((sqnorm(x) + 1) ** 2, x), composition),
    ),
    pair(
        "a line over a line",
        claim(convex(dot(p, u) / total(u), u), composition),
        claim(convex(sqnorm(u) / total(u), u), composition),
    ),
    pair(
        "log of a sum of squares",
        claim(convex(log(1 + sqnorm(x)), x), composition),
        claim(convex(logsumexp(x), x), composition),
    ),
    pair(
        "two layers",
        claim(convex(sqnorm(relu(x) - y), x), composition),
        claim(convex(sqnorm(relu(x)), x), composition),
    ),
    pair(
        "a given inequality times a number of either sign",
        derive(a * f_x, at_least(a * f_y, by(below))),
        derive(c * f_x, at_least(c * f_y, by(below))),
    ),
    pair(
        "strict from what is not",
        derive(f_x, more_than(f_y, by(below))),
        derive(2 * f_x, more_than(2 * f_y, by(strictly))),
    ),
    pair(
        "times what may be 0",
        derive(lam * f_x, more_than(lam * f_y, by(strictly))),
        derive(lam * f_x, at_least(lam * f_y, by(strictly))),
    ),
    pair(
        "Jensen with weights of either sign",
        derive(dot(w, f), at_least(f_z * total(w), by(all_above))),
        derive(Sum(p[j] * f[j] for j in over(n)), at_least(f_z, by(tangent))),
    ),
    pair(
        "squares compared, of a number that may be negative",
        derive(a, at_least(r, by(squares))),
        derive(norm(x), at_least(r, by(lengths))),
    ),
    pair(
        "the triangle inequality, turned round",
        derive(norm(x + y), at_least(norm(x) + norm(y), positivity)),
        derive(norm(x) + norm(y), at_least(norm(x), positivity)),
    ),
    pair(
        "semidefinite without an inverse",
        claim(positive_definite(P), positivity),
        claim(positive_definite(P), by(has_inverse)),
    ),
    pair(
        "an inverse on one side of what is not square",
        claim(invertible(B @ A), by(left_inverse)),
        claim(invertible(M), by(both_square)),
    ),
    pair(
        "a slope that is too steep for the sum of absolute values",
        derive(total(abs_(x)), at_least(dot(s, x), by(small))),
        derive(total((1 - s) * relu(x) + (1 + s) * relu(-x)), at_least(0, by(small, large))),
    ),
    pair(
        "prices of either sign",
        derive(dot(y, A.T @ (b - A @ x)), at_least(0, by(inside))),
        derive(dot(b - A @ x, b - A @ x), at_least(0, by(inside))),
    ),
    pair(
        "a product with something of either sign",
        derive(dot(s, x), at_least(0, by(sign_of_s))),
        derive(dot(s, u), at_least(0, by(sign_of_s))),
    ),
    pair(
        "the two halves, put together the wrong way",
        derive(relu(x) - relu(-x), equals(abs_(x))),
        derive(relu(x) + relu(-x), equals(abs_(x))),
    ),
    pair(
        "relu of what may be negative",
        derive(relu(x), equals(x)),
        derive(relu(u), equals(u)),
    ),
    pair(
        "the exponential of a multiple of a logarithm",
        derive(exp(2 * log(q)), equals(2 * q)),
        derive(exp(2 * log(q)), equals(q**2)),
    ),
    pair(
        "a root of an exponential",
        derive(exp(log(q) / 2), equals(q / 2)),
        derive(exp(log(q) / 2), equals(sqrt(q))),
    ),
    pair(
        "log odds of what may be larger than 1",
        derive(log(q / (1 - q)), equals(log(q) - log(1 - q))),
        derive(log(q / (1 - q)), equals(log(q) - log(1 - q), by(less_than_one))),
        lowered="SAMPLED",
    ),
    pair(
        "log odds with the wrong sign",
        derive(log(q / (1 - q)), equals(log(1 - q) - log(q), by(less_than_one))),
        derive(softplus(log(q / (1 - q))), equals(-log(1 - q), by(less_than_one))),
    ),
    pair(
        "two solutions are one",
        derive(x, equals(y, by(first, second))),
        derive(A @ (x - y), equals(0, by(first, second))),
    ),
]
