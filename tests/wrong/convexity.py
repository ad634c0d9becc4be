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
    concave,
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
    nonzero,
    norm,
    over,
    positive,
    positive_definite,
    positivity,
    rational,
    relu,
    scalar,
    sigmoid,
    softmax,
    softplus,
    sqnorm,
    sqrt,
    total,
    trace,
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
h = vector("h", n, positive=True)
C, F, D = matrix("C", m, m), matrix("F", n, n, nonnegative=True), matrix("D", n, n, symmetric=True)
apart = assume(nonzero(a))
right_of_zero = assume(positive(a))
outside = assume(nonnegative(sqnorm(x) - 1))
within_ball = assume(nonnegative(1 - sqnorm(x)))
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
    pair(
        "relu of a concave function",
        claim(convex(relu(1 - sqnorm(x)), x), composition),
        claim(convex(relu(sqnorm(x) - 1), x), composition),
    ),
    pair(
        "a product of two convex functions",
        claim(convex(sqnorm(x) * exp(dot(p, x)), x), composition),
        claim(convex(exp(sqnorm(x)) * exp(dot(p, x)), x), composition),
    ),
    pair(
        "a decreasing function of a convex one",
        claim(convex(1 / (1 + sqnorm(x)), x), composition),
        claim(convex(1 / (1 + total(sqrt(u))), u), composition),
    ),
    pair(
        "a square over what may be negative",
        claim(convex(sqnorm(x) / a, x, a), composition),
        claim(convex(sqnorm(x) / c, x, c), composition),
    ),
    pair(
        "two numbers that move together",
        claim(convex(a * r, a, r), composition),
        claim(convex(a * r, a), composition),
    ),
    pair(
        "two factors that move together",
        claim(convex(sqnorm(A @ B - C), A, B), composition),
        claim(convex(sqnorm(A @ B - C), A), composition),
    ),
    pair(
        "the root of a bowl",
        claim(convex(sqrt(norm(x)), x), composition),
        claim(convex(sqrt(sqnorm(x)), x), composition),
    ),
    pair(
        "the largest of concave functions",
        claim(convex(maximum(-(x**2)), x), composition),
        claim(convex(maximum(x**2), x), composition),
    ),
    pair(
        "a norm of what bends and changes its sign",
        claim(convex(norm(x**2 - 1), x), composition),
        claim(convex(norm(x**2 + 1), x), composition),
    ),
    pair(
        "an odd power",
        claim(convex(total(x**3), x), composition),
        claim(convex(total(u**3), u), composition),
    ),
    pair(
        "a power below one",
        claim(convex(total(u ** rational(1, 2)), u), composition),
        claim(convex(total(-(u ** rational(1, 2))), u), composition),
    ),
    pair(
        "an S-shaped function beyond its bend",
        claim(convex(total(sigmoid(u)), u), composition),
        claim(convex(total(sigmoid(-u)), u), composition),
    ),
    pair(
        "a domain that is not convex",
        claim(convex(1 / a, a), composition, given=apart),
        claim(convex(1 / a, a), composition, given=right_of_zero),
    ),
    pair(
        "a hypothesis outside a ball",
        claim(convex(-sqrt(sqnorm(x) - 1), x), composition, given=outside),
        claim(convex(-sqrt(1 - sqnorm(x)), x), composition, given=within_ball),
    ),
    pair(
        "Huber's loss with what is cut off the wrong way",
        claim(convex(total(x**2 - relu(abs_(x) + c) ** 2), x), composition),
        claim(convex(total(x**2 - relu(abs_(x) - c) ** 2), x), composition),
    ),
    pair(
        "Huber's loss with the corner moved by a constant",
        claim(convex((a + c) ** 2 - (relu(a - c) + c) ** 2, a), composition),
        claim(convex(abs_(a) ** 2 - relu(abs_(a) - c) ** 2, a), composition),
    ),
    pair(
        "an excess that is mixed before it is squared",
        claim(convex(sqnorm(F @ abs_(x)) - sqnorm(F @ relu(abs_(x) - c)), x), composition),
        claim(convex(sqnorm(abs_(x)) - sqnorm(relu(abs_(x) - c)), x), composition),
    ),
    pair(
        "more than the larger of two",
        claim(convex(sqnorm(x) / 16 + relu(norm(x) - sqnorm(x) / 8), x), composition),
        claim(convex(sqnorm(x) / 16 + relu(norm(x) - sqnorm(x) / 16), x), composition),
    ),
    pair(
        "a form over a matrix that is none of the definite",
        claim(convex(dot(x, D @ x), x, D), composition),
        claim(convex(x.T @ S.I @ x, x, S), composition),
    ),
    pair(
        "entropy with another argument",
        claim(convex(total(u * log(h)), u, h), composition),
        claim(convex(total(u * log(u / h)), u, h), composition),
    ),
    pair(
        "entropy turned round",
        claim(convex(total(u * log(h / u)), u, h), composition),
        claim(convex(-total(u * log(h / u)), u, h), composition),
    ),
    pair(
        "a mean whose weights are too large",
        claim(concave(c * q, c, q), composition),
        claim(concave(sqrt(c * q), c, q), composition),
    ),
    pair(
        "the logarithm of a sum that is no sum of exponentials",
        claim(convex(log(1 + exp(a) + c), a, c), composition),
        claim(convex(log(1 + exp(a) + exp(r)), a, r), composition),
    ),
    pair(
        "a difference of exponentials under a logarithm",
        claim(convex(log(1 - exp(-c) / 2), c), composition),
        claim(convex(log(1 + exp(-c) / 2), c), composition),
    ),
    pair(
        "a product instead of a perspective",
        claim(convex(c * exp(a), a, c), composition),
        claim(convex(c * exp(a / c), a, c), composition),
    ),
    pair(
        "a perspective of what bends down",
        claim(convex(-c * exp(a / c), a, c), composition),
        claim(concave(-c * exp(a / c), a, c), composition),
    ),
    pair(
        "a trace of a square that is none",
        claim(convex(trace(M @ M), M), composition),
        claim(convex(trace(M.T @ M), M), composition),
    ),
    pair(
        "a trace with weights of either sign",
        claim(convex(trace(M.T @ M @ N), M), composition),
        claim(convex(trace(M.T @ M @ P), M), composition),
    ),
    pair(
        "log det of an inverse",
        claim(concave(logdet(S.I), S), composition),
        claim(convex(logdet(S.I), S), composition),
    ),
    pair(
        "two layers, in both at once",
        claim(convex((relu(a) * r - 1) ** 2, a, r), composition),
        claim(convex((relu(a) * r - 1) ** 2, r), composition),
    ),
    pair(
        "a softmax without its logarithm",
        claim(concave(dot(p, softmax(x)), x), composition),
        claim(concave(dot(p, log(softmax(x))), x), composition),
    ),
]
