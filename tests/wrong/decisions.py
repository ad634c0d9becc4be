"""Estimates, decisions and discriminants: a prior forgotten, a cost swapped, a wrong sign, a factor of 2 or n."""

from chainrule import (
    Gaussian,
    I,
    Normal,
    Sum,
    abs_,
    algebra,
    as_node,
    assume,
    at_least,
    at_most,
    by,
    claim,
    clusters,
    derive,
    differentiate,
    dims,
    dot,
    each,
    equals,
    exp,
    expect,
    expectation,
    grad,
    hessian,
    index,
    let,
    log,
    logdet,
    matrix,
    nonnegative,
    ones,
    outer,
    over,
    positive_semidefinite,
    positivity,
    relu,
    scalar,
    second_variation,
    sigmoid,
    size,
    softplus,
    sqnorm,
    step,
    tensor,
    total,
    trace,
    vector,
)
from tests.wrong.pairs import pair

n, m, d, K, N = dims("n m d K N")
i, k = index("i", n), index("k", K)

x, z = vector("x", d), scalar("z")
m0, m1 = vector("mu0", d), vector("mu1", d)
S = matrix("Sigma", d, d, positive_definite=True)
T = matrix("S1", d, d, positive_definite=True)
a, b = scalar("pi0", positive=True), scalar("pi1", positive=True)
w = let("w", S.I @ (m1 - m0))
middle = w.T @ (x - (m0 + m1) / 2)
joint0 = log(a) + Gaussian(m0, S).log_density(x)
joint1 = log(b) + Gaussian(m1, S).log_density(x)
odds = joint1 - joint0
wide = log(b) + Gaussian(m1, T).log_density(x) - joint0
quadratic = ((x - m0).T @ S.I @ (x - m0) - (x - m1).T @ T.I @ (x - m1)) / 2

v, e = vector("v", d, nonzero=True), vector("e", d, nonzero=True)
J = dot(v, e) ** 2 / (v.T @ S @ v)
B = matrix("B", d, d, symmetric=True)
rho = (v.T @ B @ v) / (v.T @ S @ v)

X = matrix("X", n, d)
C = clusters("C", n, K)
centre = let("x_bar", Sum(X[j] for j in over(n)) / n)
means = let("m", each(Sum(X[j] for j in C[l]) / size(C[l]) for l in C))
within = Sum(outer(X[j] - means[l], X[j] - means[l]) for l in C for j in C[l])
between = Sum(size(C[l]) * outer(means[l] - centre, means[l] - centre) for l in C)
whole = Sum(outer(X[j] - centre, X[j] - centre) for j in over(n))

y = vector("y", n)
mu, sigma_sq, tau_sq = scalar("mu"), scalar("sigma_sq", positive=True), scalar("tau_sq", positive=True)
bar = let("y_bar", total(y) / n)
squares = let("S", sqnorm(y - bar))
alike = {"mean": mu * ones(n), "covariance": sigma_sq * I(n)}
normal = Normal(mu, sigma_sq)

p = vector("p", n, simplex=True, positive=True)
A = matrix("A", n, d)
F = let("F", Sum(outer(A[j], A[j]) / p[j] for j in over(n)))
bend = tensor("B", n, d, d, symmetric=True)
still = assume(Sum(bend[j] for j in over(n)), equals(0))
curvature = Sum(p[j] * (bend[j] / p[j] - outer(A[j], A[j]) / p[j] ** 2) for j in over(n))
slopes, guess, g = vector("a", n), vector("T", n), scalar("g")
info = let("I", Sum(slopes[j] ** 2 / p[j] for j in over(n)))
mid = let("mid", Sum(p[j] * guess[j] for j in over(n)))
closed = assume(Sum(slopes[j] for j in over(n)), equals(0))
right = assume(Sum(slopes[j] * guess[j] for j in over(n)), equals(g))

eta = scalar("eta", unit_interval=True)
f, u = scalar("f"), scalar("u", nonnegative=True)
fp, fn = scalar("fp", positive=True), scalar("fn", positive=True)
likely = assume(nonnegative(2 * eta - 1))
hinge = eta * relu(1 - f) + (1 - eta) * relu(1 + f)

c, tau = scalar("c"), scalar("tau")
up = scalar("t", nonnegative=True)
pinball = let("L", Sum(p[j] * (tau * relu(y[j] - c) + (1 - tau) * relu(c - y[j])) for j in over(n)))
missing = let("L", Sum(p[j] * (tau * (y[j] - c) + relu(c - y[j])) for j in over(n)))

P = matrix("P", n, K, nonnegative=True)
D, best = matrix("D", n, K, stochastic_rows=True), matrix("b", n, K, one_hot_rows=True)
E = matrix("E", n, K)
most = assume(P[i, k], at_most(Sum(best[i, l] * P[i, l] for l in over(K))))
bad = matrix("bad", n, K, binary=True)
any_bad = vector("any", n, binary=True)
union = assume(any_bad[i], at_most(Sum(bad[i, l] for l in over(K))))
each_bad = assume(Sum(p[j] * bad[j, k] for j in over(n)), at_most(u))

r = scalar("r", nonnegative=True)
top = vector("b", K, one_hot=True)
q, named, silent = vector("q", K, simplex=True), vector("d", K, nonnegative=True), scalar("s", nonnegative=True)
answered = assume(total(named) + silent, equals(1))
largest = assume(q[k], at_most(dot(top, q)))
price = dot(named, 1 - q) + r * silent

weights = vector("w", d)
fit = sqnorm(y - X @ weights) / (2 * sigma_sq) + sqnorm(weights) / (2 * tau_sq)
coin = vector("x", n, binary=True)
V = matrix("V", d, d, symmetric=True)
one, two = vector("one", d), vector("two", d)
h, l1 = scalar("h"), scalar("l")
points = matrix("X", m, d)
mix = vector("q", m, simplex=True)
j = index("j", m)
inside = assume(sqnorm(points[j] - one) - h, at_most(sqnorm(points[j] - two) - l1))
mixed = let("mixed", Sum(mix[k] * points[k] for k in over(m)))


def at_best(weights):
    """What the most probable class has, at every input, weighted."""
    return Sum(weights[j, l] * Sum(best[j, h] * P[j, h] for h in over(K)) for j in over(n) for l in over(K))


PAIRS = [
    pair(
        "linear discriminant, the priors forgotten",
        derive(odds, equals(middle, algebra)),
        derive(odds, equals(middle + log(b / a), algebra)),
    ),
    pair(
        "linear discriminant, the prior odds upside down",
        derive(odds, equals(middle + log(a / b), algebra)),
        derive(odds, equals(middle - log(a / b), algebra)),
    ),
    pair(
        "linear discriminant, the middle without its half",
        derive(odds, equals(w.T @ (x - (m0 + m1)) + log(b / a), algebra)),
        derive(odds, equals(w.T @ (x - m0 / 2 - m1 / 2) + log(b / a), algebra)),
    ),
    pair(
        "the posterior of the other class",
        derive(exp(joint1) / (exp(joint0) + exp(joint1)), equals(sigmoid(-(middle + log(b / a))), algebra)),
        derive(exp(joint0) / (exp(joint0) + exp(joint1)), equals(sigmoid(-(middle + log(b / a))), algebra)),
    ),
    pair(
        "quadratic discriminant without the determinants",
        derive(wide, equals(quadratic + log(b / a), algebra)),
        derive(wide, equals(quadratic + (logdet(S) - logdet(T)) / 2 + log(b / a), algebra)),
    ),
    pair(
        "quadratic discriminant, the determinants with the wrong sign",
        derive(wide, equals(quadratic + (logdet(T) - logdet(S)) / 2 + log(b / a), algebra)),
        derive(wide, equals(quadratic - (logdet(T) - logdet(S)) / 2 + log(b / a), algebra)),
    ),
    pair(
        "how the quadratic border bends, the sign",
        derive(hessian(wide, x), equals(T.I - S.I, differentiate)),
        derive(hessian(wide, x), equals(S.I - T.I, differentiate)),
    ),
    pair(
        "Fisher's criterion bounded by the distance in the wrong metric",
        derive(e.T @ S @ e, at_least(J, positivity)),
        derive(
            e.T @ S.I @ e,
            equals(
                J + (S.I @ e - dot(v, e) / (v.T @ S @ v) * v).T @ S @ (S.I @ e - dot(v, e) / (v.T @ S @ v) * v), algebra
            ),
            at_least(J, positivity),
        ),
    ),
    pair(
        "the slope of a quotient without its 2",
        derive(grad(rho, v), equals((B @ v - rho * S @ v) / (v.T @ S @ v), differentiate)),
        derive(grad(rho, v), equals(2 * (B @ v - rho * S @ v) / (v.T @ S @ v), differentiate)),
    ),
    pair(
        "scatter between the classes without their sizes",
        derive(whole, equals(within + Sum(outer(means[l] - centre, means[l] - centre) for l in C), algebra)),
        derive(whole, equals(within + between, algebra)),
    ),
    pair(
        "more scatter within than in total",
        claim(positive_semidefinite(within - whole), positivity),
        claim(positive_semidefinite(between), positivity),
    ),
    pair(
        "the spread around the mean of n numbers is n variances",
        derive(expect(squares, y, **alike), equals(n * sigma_sq, expectation)),
        derive(expect(squares, y, **alike), equals((as_node(n) - 1) * sigma_sq, expectation)),
    ),
    pair(
        "the bias of a variance with the wrong sign",
        derive(expect(squares / n, y, **alike) - sigma_sq, equals(sigma_sq / n, expectation)),
        derive(sigma_sq - expect(squares / n, y, **alike), equals(sigma_sq / n, expectation)),
    ),
    pair(
        "the variance of a sum of squares without its 2",
        derive(
            expect((squares - (as_node(n) - 1) * sigma_sq) ** 2, y, Gaussian(mu * ones(n), sigma_sq * I(n))),
            equals((as_node(n) - 1) * sigma_sq**2, expectation),
        ),
        derive(
            expect((squares - (as_node(n) - 1) * sigma_sq) ** 2, y, Gaussian(mu * ones(n), sigma_sq * I(n))),
            equals(2 * (as_node(n) - 1) * sigma_sq**2, expectation),
        ),
    ),
    pair(
        "the information about a variance, taken for that about a mean",
        derive(expect(grad(normal.log_density(z), sigma_sq) ** 2, z, normal), equals(1 / sigma_sq**2, expectation)),
        derive(
            expect(grad(normal.log_density(z), sigma_sq) ** 2, z, normal), equals(1 / (2 * sigma_sq**2), expectation)
        ),
    ),
    pair(
        "the mean curvature for the information, without the minus",
        derive(curvature, equals(F, by(still))),
        derive(-curvature, equals(F, by(still))),
    ),
    pair(
        "the information of a coin is its variance",
        derive(
            eta * grad(log(eta), eta) ** 2 + (1 - eta) * grad(log(1 - eta), eta) ** 2,
            equals(eta * (1 - eta), differentiate),
        ),
        derive(
            eta * grad(log(eta), eta) ** 2 + (1 - eta) * grad(log(1 - eta), eta) ** 2,
            equals(1 / (eta * (1 - eta)), differentiate),
        ),
    ),
    pair(
        "an estimate that is not right on average has the covariance of one that is",
        derive(Sum(p[j] * (guess[j] - mid) * (slopes[j] / p[j]) for j in over(n)), equals(g, by(closed))),
        derive(Sum(p[j] * (guess[j] - mid) * (slopes[j] / p[j]) for j in over(n)), equals(g, by(closed, right))),
    ),
    pair(
        "the log-determinant below its bound, the wrong way round",
        derive(second_variation(logdet(S) + trace(S.I @ T), {S: V}).at(S, T), at_most(0, positivity)),
        derive(
            second_variation(logdet(S) + trace(S.I @ T), {S: V}).at(S, T),
            equals(trace(T.I @ V @ T.I @ V), differentiate),
            at_least(0, positivity),
        ),
    ),
    pair(
        "the price of ridge regression upside down",
        derive(2 * sigma_sq * fit, equals(sqnorm(y - X @ weights) + tau_sq / sigma_sq * sqnorm(weights), algebra)),
        derive(2 * sigma_sq * fit, equals(sqnorm(y - X @ weights) + sigma_sq / tau_sq * sqnorm(weights), algebra)),
    ),
    pair(
        "smoothing that adds to the count and not to the total",
        derive(
            grad(-(total(coin) + up) * log(eta) - (n - total(coin) + u) * log(1 - eta), eta) * eta * (1 - eta),
            equals(n * eta - total(coin) - up, differentiate),
        ),
        derive(
            grad(-(total(coin) + up) * log(eta) - (n - total(coin) + u) * log(1 - eta), eta) * eta * (1 - eta),
            equals((n + up + u) * eta - total(coin) - up, differentiate),
        ),
    ),
    pair(
        "the least probable class",
        derive(
            total(D * P),
            at_least(at_best(D), by(most)),
            given=most,
        ),
        derive(
            total(D * P),
            at_most(at_best(D), by(most)),
            given=most,
        ),
    ),
    pair(
        "an inequality summed with weights of no sign",
        derive(
            total(E * P),
            at_most(at_best(E), by(most)),
            given=most,
        ),
        derive(
            total(P * P),
            at_most(at_best(P), by(most)),
            given=most,
        ),
    ),
    pair(
        "costs swapped in the threshold",
        derive(fn * eta - fp * (1 - eta), equals((fp + fn) * (eta - fn / (fp + fn)), algebra)),
        derive(fn * eta - fp * (1 - eta), equals((fp + fn) * (eta - fp / (fp + fn)), algebra)),
    ),
    pair(
        "to answer where one should be silent",
        derive(price, at_least(1 - dot(top, q), by(largest, answered)), given=(largest, answered)),
        derive(
            price,
            at_least(total(named) * (1 - dot(top, q)) + r * silent, by(largest)),
            equals(1 - dot(top, q) + silent * (r - (1 - dot(top, q))), by(answered)),
            given=(largest, answered),
        ),
    ),
    pair(
        "the mean for the median",
        derive(
            Sum(p[j] * abs_(y[j] - c) for j in over(n)),
            at_least(Sum(p[j] * abs_(y[j] - Sum(p[h] * y[h] for h in over(n))) for j in over(n)), positivity),
        ),
        derive(
            Sum(p[j] * (y[j] - c) ** 2 for j in over(n)),
            equals(
                Sum(p[j] * (y[j] - Sum(p[h] * y[h] for h in over(n))) ** 2 for j in over(n))
                + (c - Sum(p[h] * y[h] for h in over(n))) ** 2,
                algebra,
            ),
        ),
    ),
    pair(
        "the pinball loss with its prices swapped",
        derive(pinball, equals(Sum(p[j] * ((1 - tau) * (y[j] - c) + relu(c - y[j])) for j in over(n)), algebra)),
        derive(pinball, equals(missing, algebra)),
    ),
    pair(
        "moving up costs t for what lies above, too",
        derive(relu(c + up - f) - relu(c - f), at_least(up, positivity)),
        derive(relu(c + up - f) - relu(c - f), at_least(up * (1 - step(f - c)), positivity)),
    ),
    pair(
        "the variance without the noise",
        derive(
            expect(expect((mu + h - z) ** 2, h, mean=0, covariance=sigma_sq), z, mean=f, covariance=tau_sq),
            equals((mu - f) ** 2 + tau_sq, expectation),
        ),
        derive(
            expect(expect((mu + h - z) ** 2, h, mean=0, covariance=sigma_sq), z, mean=f, covariance=tau_sq),
            equals(sigma_sq + (mu - f) ** 2 + tau_sq, expectation),
        ),
    ),
    pair(
        "all rules at once as seldom as one",
        derive(Sum(p[j] * any_bad[j] for j in over(n)), at_most(u, by(union, each_bad)), given=(union, each_bad)),
        derive(
            Sum(p[j] * any_bad[j] for j in over(n)),
            at_most(Sum(p[j] * bad[j, l] for j in over(n) for l in over(K)), by(union)),
            at_most(K * u, by(each_bad)),
            given=(union, each_bad),
        ),
    ),
    pair(
        "Hoeffding's exponent, a factor of 4 too good",
        derive(exp(-4 * u * u) * exp((4 * u) ** 2 / 8), equals(exp(-8 * u**2), algebra)),
        derive(exp(-4 * u * u) * exp((4 * u) ** 2 / 8), equals(exp(-2 * u**2), algebra)),
    ),
    pair(
        "the least hinge loss is twice the larger probability",
        derive(hinge, at_least(2 * eta, by(likely)), given=likely),
        derive(
            hinge,
            equals((1 - eta) * (relu(1 - f) + relu(1 + f)) + (2 * eta - 1) * relu(1 - f), algebra),
            at_least((1 - eta) * (relu(1 - f) + relu(1 + f)), by(likely)),
            given=likely,
        ),
    ),
    pair(
        "the slope of the logistic loss with the wrong sign",
        derive(grad(eta * softplus(-f) + (1 - eta) * softplus(f), f), equals(eta - sigmoid(f), differentiate)),
        derive(grad(eta * softplus(-f) + (1 - eta) * softplus(f), f), equals(sigmoid(f) - eta, differentiate)),
    ),
    pair(
        "the wall of a power diagram bends",
        derive(
            (sqnorm(x - m0) - h) - (sqnorm(x - m1) - l1),
            equals(2 * dot(m1 - m0, x) + sqnorm(x) + sqnorm(m0) - sqnorm(m1) - h + l1, algebra),
        ),
        derive(
            (sqnorm(x - m0) - h) - (sqnorm(x - m1) - l1),
            equals(2 * dot(m1 - m0, x) + sqnorm(m0) - sqnorm(m1) - h + l1, algebra),
        ),
    ),
    pair(
        "a cell that holds what is mixed with weights of no sum",
        derive(
            sqnorm(2 * mixed - one) - h,
            at_most(sqnorm(2 * mixed - two) - l1, by(inside)),
            given=inside,
        ),
        derive(
            sqnorm(mixed - one) - h,
            equals(
                sqnorm(mixed - two)
                - l1
                + Sum(mix[k] * ((sqnorm(points[k] - one) - h) - (sqnorm(points[k] - two) - l1)) for k in over(m)),
                algebra,
            ),
            at_most(sqnorm(mixed - two) - l1, by(inside)),
            given=inside,
        ),
    ),
]
