"""The normal likelihood has one peak.

Setting the score to zero finds the mean and the covariance of the data. That nothing is more probable needs an
argument, because minus the log-likelihood is no bowl in the covariance; it comes down to t - 1 >= log t, once an
eigenvalue.

S is the covariance of the data, with N below, and positive definite: there are more than d points, in general position.

Source: Watson, A note on maximum likelihood, Sankhya A 26 (1964); Anderson, An Introduction to Multivariate Statistical
Analysis (3rd ed.), lemma 3.2.2; Magnus and Neudecker, Matrix Differential Calculus (3rd ed.), sec. 15.3.
"""

from chainrule import (
    Gaussian,
    Sum,
    agrees,
    algebra,
    assume,
    at_least,
    at_most,
    by,
    cancel,
    cited,
    claim,
    composition,
    convex,
    derive,
    diag,
    differentiate,
    dims,
    equals,
    index,
    let,
    log,
    logdet,
    matrix,
    outer,
    over,
    pi,
    positivity,
    second_variation,
    total,
    trace,
    vector,
)
from numerics import gaussian_maximum as by_hand

N, d = dims("N d")
X = matrix("X", N, d)  # one example a row
mu = vector("mu", d)
Sigma = matrix("Sigma", d, d, positive_definite=True)
mean = let("x_bar", Sum(X[i] for i in over(N)) / N)
scatter = let("S", Sum(outer(X[i] - mean, X[i] - mean) for i in over(N)) / N)
surprise = -Sum(Gaussian(mu, Sigma).log_density(X[i]) for i in over(N)) / N
sufficient = derive(
    surprise,
    equals(
        (d * log(2 * pi) + logdet(Sigma) + trace(Sigma.I @ scatter)) / 2 + (mean - mu).T @ Sigma.I @ (mean - mu) / 2,
        algebra,
    ),
    at_least((d * log(2 * pi) + logdet(Sigma) + trace(Sigma.I @ scatter)) / 2, positivity),
)
"""Mean and scatter are all that counts

Whatever Sigma is, the mean of the data is the best mean.
"""

A = matrix("A", d, d, positive_definite=True)
U = matrix("U", d, d, orthogonal=True)
lam = vector("lam", d, positive=True)
i = index("i", d)
spectral = assume(A, equals(U @ diag(lam) @ U.T))
sizes = cited(
    logdet(A),
    equals(total(log(lam))),
    theorem="the determinant is the product of the eigenvalues",
    source="Horn and Johnson, Matrix Analysis (2nd ed.), sec. 1.2",
)
below = cited(
    log(lam[i]),
    at_most(lam[i] - 1),
    theorem="1 + t <= e^t",
    source="Hardy, Littlewood and Polya, Inequalities (2nd ed.), sec. 4.2",
)
terms = derive(
    Sum(log(lam[j]) - lam[j] for j in over(d)),
    at_most(Sum(lam[j] - 1 - lam[j] for j in over(d)), by(below)),
    equals(-d, algebra),
)
"""Eigenvalue by eigenvalue

log t - t is largest at 1.
"""
traced = derive(
    trace(A),
    equals(trace(U @ diag(lam) @ U.T), by(spectral)),
    equals(total(lam), algebra),
)
"""The trace is the sum of the eigenvalues

Every symmetric matrix is U diag(lam) U' for some orthogonal U.
"""
least = derive(
    logdet(A) - trace(A),
    equals(Sum(log(lam[j]) - lam[j] for j in over(d)), by(traced, sizes)),
    at_most(-d, by(terms)),
)
"""log det A - tr A <= -d"""

S = matrix("S", d, d, positive_definite=True)
G = matrix("G", d, d, invertible=True)
first = assume(Sigma, equals(G @ G.T))
second = assume(S, equals(G @ diag(lam) @ G.T))
volumes = cited(
    logdet(S) - logdet(Sigma),
    equals(total(log(lam))),
    theorem="the determinant of a product is the product of the determinants",
    source="Horn and Johnson, Matrix Analysis (2nd ed.), sec. 0.3.5",
)
undone = derive((G @ G.T).I, equals(G.T.I @ G.I, algebra))
"""Two covariances in common coordinates

Any two positive definite matrices are GG' and G diag(lam) G' for some invertible G.
"""
cyclic = derive(
    trace((G @ G.T).I @ G @ diag(lam) @ G.T),
    equals(trace(G.T.I @ G.I @ G @ diag(lam) @ G.T), by(undone)),
    equals(trace(G.T.I @ diag(lam) @ G.T), cancel(G)),
    equals(total(lam), algebra),
)
"""The trace, there"""
relative = derive(
    trace(Sigma.I @ S),
    equals(trace((G @ G.T).I @ G @ diag(lam) @ G.T), by(first, second)),
    equals(total(lam), by(cyclic)),
)
"""lam are the eigenvalues of Sigma^-1 S"""
lowest = derive(
    logdet(Sigma) + trace(Sigma.I @ S),
    equals(logdet(S) - Sum(log(lam[j]) - lam[j] for j in over(d)), by(relative, volumes)),
    at_least(logdet(S) + d, by(terms)),
)
"""No covariance is more probable

than the covariance S of the data,
"""
at_scatter = derive(
    (logdet(Sigma) + trace(Sigma.I @ S)).at(Sigma, S),
    equals(logdet(S) + d, algebra),
)
"""which reaches the bound."""

V = matrix("V", d, d, symmetric=True)
P = matrix("Lambda", d, d, positive_definite=True)  # the precision
peak = derive(
    second_variation(logdet(Sigma) + trace(Sigma.I @ S), {Sigma: V}).at(Sigma, S),
    equals(trace(S.I @ V @ S.I @ V), differentiate),
    at_least(0, positivity),
)
"""The second derivative there

along every line through S: at the peak the likelihood bends down in every direction. Far from it, it need not.
"""
bowl = claim(convex(trace(P @ S) - logdet(P), P), composition)
"""In the precision it is a bowl

everywhere: the other way to the same end.
"""

surprise_code = agrees(surprise, by_hand.surprise)
