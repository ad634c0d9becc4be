"""Bayesian linear regression.

Believe that the weights are small, see the data, and believe again: the posterior is a normal distribution around the
ridge weights. How well the data fit the belief as a whole, the evidence, says how small the weights should have been
believed to be.

alpha is the precision of the prior, beta that of the noise.

Source: MacKay (1992); Bishop, PRML, sec. 3.3-3.5.
"""

from chainrule import (
    I,
    agrees,
    at_least,
    by,
    cited,
    claim,
    derive,
    dims,
    equals,
    grad,
    let,
    log,
    logdet,
    matrix,
    pi,
    positive_definite,
    positivity,
    scalar,
    sqnorm,
    trace,
    vector,
)
from numerics import bayesian_regression as by_hand

n, p = dims("n p")
X = matrix("X", n, p)  # one example a row
y = vector("y", n)
w = vector("w", p)
x = vector("x", p)  # a new example
alpha = scalar("alpha", positive=True)
beta = scalar("beta", positive=True)

energy = (beta * sqnorm(y - X @ w) + alpha * sqnorm(w)) / 2
A = let("A", alpha * I(p) + beta * (X.T @ X))
m = let("m", beta * A.I @ X.T @ y)

proper = claim(positive_definite(A), positivity)
"""The posterior precision"""
posterior = derive(
    energy,
    equals(energy.at(w, m) + (w - m).T @ A @ (w - m) / 2, by(proper)),
)
"""The posterior

Minus its logarithm is a square around m with the precision A, up to a constant: a normal distribution.
"""
B = let("B", X.T @ X + alpha / beta * I(p))
solvable = claim(positive_definite(B), positivity)
"""The ridge system"""
ridge = derive(
    m,
    equals(B.I @ X.T @ y, by(proper, solvable)),
)
"""The mean

The ridge weights with the price alpha/beta.
"""

spread = let("s²", 1 / beta + x.T @ A.I @ x)
predictive = derive(
    spread,
    at_least(1 / beta, positivity),
)
"""The predictive variance

The noise, and what is not yet known of the weights in the direction of x.
"""

C = let("C", I(n) / beta + X @ X.T / alpha)
marginal = claim(positive_definite(C), positivity)
"""The covariance of y

The weights integrated out, y is normal with mean zero and the covariance C.
"""
woodbury = derive(
    C.I,
    equals(beta * I(n) - beta**2 * X @ A.I @ X.T, by(proper, marginal)),
)
"""Its inverse"""
fit = derive(
    energy.at(w, m),
    equals((beta * y.T @ y - beta**2 * y.T @ X @ A.I @ X.T @ y) / 2, by(proper)),
    equals(y.T @ C.I @ y / 2, by(woodbury)),
)
"""The exponent of the evidence

It is the energy at the mean.
"""

sylvester = cited(
    logdet(C),
    equals(logdet(A) - p * log(alpha) - n * log(beta)),
    theorem="Sylvester's determinant theorem",
    source="Harville, Matrix Algebra from a Statistician's Perspective (1997), theorem 18.1.1",
)
by_outcomes = -(n * log(2 * pi) + logdet(C) + y.T @ C.I @ y) / 2
by_weights = (p * log(alpha) + n * log(beta) - n * log(2 * pi) - logdet(A)) / 2 - energy.at(w, m)
evidence = derive(
    by_outcomes,
    equals(by_weights, by(fit, sylvester, marginal, proper)),
)
"""The evidence

How likely y was before it was seen, from matrices of the smaller size.
"""

square = (beta * y.T @ y - beta**2 * y.T @ X @ A.I @ X.T @ y) / 2
relevance = derive(
    grad((p * log(alpha) - logdet(A)) / 2 - square, alpha),
    equals(p / (2 * alpha) - trace(A.I) / 2 - sqnorm(m) / 2, by(proper, calculus=True)),
)
"""How small the weights should have been believed to be

Where the slope in alpha vanishes, alpha |m|^2 is the number of weights that the data decide, p - alpha tr A^-1.
"""

mean_code = agrees(m, by_hand.posterior_mean)
variance_code = agrees(spread, by_hand.predictive_variance)
evidence_code = agrees(by_outcomes, by_hand.log_evidence)
