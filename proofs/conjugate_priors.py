"""Conjugate priors.

Some beliefs keep their form when data arrive: only their numbers move. Then learning is counting.

Each line adds the logarithm of a prior density and that of the likelihood, and finds the logarithm of a density of the
same family with other numbers. Constants that do not contain the unknown are left out, as they are normalised away.

Source: Raiffa and Schlaifer (1961), ch. 3; Bernardo and Smith, Bayesian Theory (1994), sec. 5.2; Murphy (2007).
"""

from chainrule import (
    Sum,
    agrees,
    algebra,
    as_node,
    assume,
    derive,
    dims,
    dot,
    equals,
    let,
    log,
    logdet,
    matrix,
    outer,
    over,
    positive,
    rational,
    scalar,
    sqnorm,
    total,
    trace,
    vector,
)
from numerics import conjugate_priors as by_hand

n, d, K = dims("n d K")

t = scalar("t", positive=True)  # a probability, and 1 - t is another
a, b = scalar("a", positive=True), scalar("b", positive=True)
y = vector("y", n, binary=True)
beta = derive(
    (a - 1) * log(t) + (b - 1) * log(1 - t) + Sum(y[i] * log(t) + (1 - y[i]) * log(1 - t) for i in over(n)),
    equals((a + total(y) - 1) * log(t) + (b + n - total(y) - 1) * log(1 - t), algebra),
    given=assume(positive(1 - t)),
)
"""Beta and Bernoulli

a and b count what was seen of each kind.
"""
c, r = vector("c", n, nonnegative=True), scalar("r", positive=True)
gamma = derive(
    (a - 1) * log(r) - b * r + Sum(c[i] * log(r) - r for i in over(n)),
    equals((a + total(c) - 1) * log(r) - (b + n) * r, algebra),
)
"""Gamma and Poisson

a counts events, b the time in which they were seen.
"""
theta = vector("theta", K, simplex=True, positive=True)
alpha = vector("alpha", K, positive=True)
Z = matrix("Z", n, K, one_hot_rows=True)
dirichlet = derive(
    dot(alpha - 1, log(theta)) + Sum(dot(Z[i], log(theta)) for i in over(n)),
    equals(dot(alpha + total(Z, axis=0) - 1, log(theta)), algebra),
)
"""Dirichlet and categorical

One count a category.
"""

x = vector("x", n)
mu, m, k = scalar("mu"), scalar("m"), scalar("kappa", positive=True)
lam = scalar("lam", positive=True)  # the precision of one observation
mean = let("x_bar", total(x) / n)
normal = derive(
    -k * (mu - m) ** 2 / 2 - lam * Sum((x[i] - mu) ** 2 for i in over(n)) / 2,
    equals(
        -(k + n * lam) * (mu - (k * m + lam * total(x)) / (k + n * lam)) ** 2 / 2
        - lam * sqnorm(x - mean) / 2
        - k * n * lam / (k + n * lam) * (mean - m) ** 2 / 2,
        algebra,
    ),
)
"""A normal mean

Precisions add, and the mean is weighed by them. The last two terms do not contain mu.
"""
k_n = k + n
m_n = let("m_n", (k * m + n * mean) / k_n)
b_n = let("b_n", b + sqnorm(x - mean) / 2 + k * n / k_n * (mean - m) ** 2 / 2)
normal_gamma = derive(
    (a - rational(1, 2)) * log(lam)
    - b * lam
    - k * lam * (mu - m) ** 2 / 2
    + n * log(lam) / 2
    - lam * Sum((x[i] - mu) ** 2 for i in over(n)) / 2,
    equals(
        (a + as_node(n) / 2 - rational(1, 2)) * log(lam) - b_n * lam - k_n * lam * (mu - m_n) ** 2 / 2,
        algebra,
    ),
)
"""Normal and gamma

The mean and the precision together, which is the normal-inverse-gamma law of the mean and the variance: kappa counts
observations of the mean, 2 a those of the variance.
"""

X = matrix("X", n, d)
eta, c0 = vector("eta", d), vector("m0", d)
P = matrix("Lambda", d, d, positive_definite=True)
V = matrix("V", d, d, positive_definite=True)
nu = scalar("nu", positive=True)
centre = let("X_bar", Sum(X[i] for i in over(n)) / n)
c_n = let("c_n", (k * c0 + n * centre) / k_n)
scatter = let(
    "V_n",
    V + Sum(outer(X[i] - centre, X[i] - centre) for i in over(n)) + k * n / k_n * outer(centre - c0, centre - c0),
)
wishart = derive(
    (nu - d) / 2 * logdet(P)
    - trace(V @ P) / 2
    - k / 2 * (eta - c0).T @ P @ (eta - c0)
    + as_node(n) / 2 * logdet(P)
    - Sum((X[i] - eta).T @ P @ (X[i] - eta) for i in over(n)) / 2,
    equals(
        (nu + n - d) / 2 * logdet(P) - trace(scatter @ P) / 2 - k_n / 2 * (eta - c_n).T @ P @ (eta - c_n),
        algebra,
    ),
)
"""Normal and Wishart

The same for a mean and a precision matrix, the normal-inverse-Wishart law of the mean and the covariance.
"""

mean_code = agrees(c_n, by_hand.mean)
scatter_code = agrees(scatter, by_hand.scatter)
