"""Entropy and divergence of Gaussians.

How uncertain a normal vector is depends on the volume of its ellipse alone; how far one normal law is from another, on
how their ellipses lie in each other and how far apart they are.

Both are expected values of quadratic forms. The divergence is never negative: in coordinates in which both covariances
are diagonal it is a sum of terms t - 1 - log t.

Source: Cover and Thomas, Elements of Information Theory (2nd ed.), theorem 8.4.1; Kullback, Information Theory and
Statistics (1959), sec. 9.1; Horn and Johnson, Matrix Analysis (2nd ed.), theorem 7.6.4.
"""

from chainrule import (
    Gaussian,
    Normal,
    Sum,
    agrees,
    algebra,
    assume,
    at_least,
    at_most,
    by,
    cancel,
    cited,
    derive,
    diag,
    differentiate,
    dims,
    equals,
    expect,
    expectation,
    grad,
    index,
    let,
    log,
    logdet,
    matrix,
    outer,
    over,
    pi,
    positivity,
    scalar,
    total,
    trace,
    vector,
)
from numerics import gaussian_divergence as by_hand

(d,) = dims("d")
x = vector("x", d)
m, c = vector("m", d), vector("c", d)
S = matrix("S", d, d, positive_definite=True)
R = matrix("R", d, d, positive_definite=True)

entropy = derive(
    -expect(Gaussian(m, S).log_density(x), x, Gaussian(m, S)),
    equals((d * log(2 * pi) + logdet(S) + d) / 2, expectation),
)
"""Entropy

Minus the expected logarithm of the density. The mean does not enter.
"""
cross = derive(
    -expect(Gaussian(c, R).log_density(x), x, mean=m, covariance=S),
    equals((d * log(2 * pi) + logdet(R) + trace(R.I @ S) + (m - c).T @ R.I @ (m - c)) / 2, expectation),
)
"""Cross-entropy

Of a normal density under any law with the mean m and the covariance S: under all laws with these, a code made for the
normal one costs the same.
"""
gap = let("D", (trace(R.I @ S) + (m - c).T @ R.I @ (m - c) - d + logdet(R) - logdet(S)) / 2)
divergence = derive(
    expect(Gaussian(m, S).log_density(x) - Gaussian(c, R).log_density(x), x, Gaussian(m, S)),
    equals(gap, expectation),
)
"""Divergence"""

U = matrix("U", d, d, invertible=True)
lam = vector("lam", d, positive=True)
i = index("i", d)
first = assume(R, equals(U @ U.T))
second = assume(S, equals(U @ diag(lam) @ U.T))
sizes = cited(
    logdet(S) - logdet(R),
    equals(total(log(lam))),
    theorem="the determinant of a product is the product of the determinants",
    source="Horn and Johnson, Matrix Analysis (2nd ed.), sec. 0.3.5",
)
below = cited(
    log(lam[i]),
    at_most(lam[i] - 1),
    theorem="1 + t <= e^t",
    source="Hardy, Littlewood and Polya, Inequalities (2nd ed.), sec. 4.2",
)
undone = derive((U @ U.T).I, equals(U.T.I @ U.I, algebra))
"""The inverse of U U'"""
cyclic = derive(
    trace((U @ U.T).I @ U @ diag(lam) @ U.T),
    equals(trace(U.T.I @ U.I @ U @ diag(lam) @ U.T), by(undone)),
    equals(trace(U.T.I @ diag(lam) @ U.T), cancel(U)),
    equals(total(lam), algebra),
)
"""Its product with U diag(lam) U'"""
traced = derive(
    trace(R.I @ S),
    equals(trace((U @ U.T).I @ U @ diag(lam) @ U.T), by(first, second)),
    equals(total(lam), by(cyclic)),
)
"""In common coordinates

Two positive definite matrices are U U' and U diag(lam) U' for some invertible U.
"""
terms = derive(
    Sum(lam[j] - log(lam[j]) for j in over(d)),
    at_least(Sum(lam[j] - (lam[j] - 1) for j in over(d)), by(below)),
    equals(d, algebra),
)
"""The logarithm lies below its tangent"""
nonnegative_gap = derive(
    gap,
    equals(
        (Sum(lam[j] - log(lam[j]) for j in over(d)) - d + (m - c).T @ R.I @ (m - c)) / 2,
        by(traced, sizes),
    ),
    at_least((m - c).T @ R.I @ (m - c) / 2, by(terms)),
    at_least(0, positivity),
)
"""It is never negative"""

mu, sigma_sq = scalar("mu"), scalar("sigma_sq", positive=True)
nu, tau_sq = scalar("nu"), scalar("tau_sq", positive=True)
z = scalar("z")
numbers = derive(
    expect(Normal(mu, sigma_sq).log_density(z) - Normal(nu, tau_sq).log_density(z), z, Normal(mu, sigma_sq)),
    equals((sigma_sq / tau_sq + (mu - nu) ** 2 / tau_sq - 1 + log(tau_sq) - log(sigma_sq)) / 2, expectation),
)
"""On the line"""

slopes = [
    derive(grad(gap, c), equals(R.I @ (c - m), differentiate)),
    derive(grad(gap, R), equals((R.I - R.I @ (S + outer(m - c, m - c)) @ R.I) / 2, differentiate)),
]
"""Matching moments

Both slopes vanish where c = m and R = S: of the normal laws the nearest to any law has its mean and its covariance.
"""

entropy_code = agrees(entropy.last, by_hand.entropy)
divergence_code = agrees(gap, by_hand.divergence)
