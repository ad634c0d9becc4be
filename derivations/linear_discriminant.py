"""Linear discriminant analysis.

Two clouds of one shape: the odds that a point belongs to one and not to the other change along a single direction, and
the border between them is flat.

The classes are normal with the means mu_k, one covariance Sigma for all, and the proportions pi_k. What is found is
logistic regression's formula, with weights that come from means and covariances instead of a search.

Source: Fisher (1936); Anderson, An Introduction to Multivariate Statistical Analysis (3rd ed.), sec. 6.4; Bishop, PRML,
sec. 4.2; Hastie, Tibshirani and Friedman, sec. 4.3.
"""

from chainrule import (
    Categorical,
    Gaussian,
    Model,
    Sum,
    agrees,
    algebra,
    by,
    derive,
    dims,
    each,
    equals,
    exp,
    expect,
    expectation,
    index,
    let,
    log,
    matrix,
    maximum_likelihood,
    over,
    scalar,
    sigmoid,
    softmax,
    vector,
    zeros,
)
from numerics import linear_discriminant as by_hand

N, K, d = dims("N K d")
x = vector("x", d)
mu0, mu1 = vector("mu0", d), vector("mu1", d)
Sigma = matrix("Sigma", d, d, positive_definite=True)
pi0, pi1 = scalar("pi0", positive=True), scalar("pi1", positive=True)

joint0 = let("ell0", log(pi0) + Gaussian(mu0, Sigma).log_density(x))
joint1 = let("ell1", log(pi1) + Gaussian(mu1, Sigma).log_density(x))
w = let("w", Sigma.I @ (mu1 - mu0))
b = let("b", (mu0.T @ Sigma.I @ mu0 - mu1.T @ Sigma.I @ mu1) / 2 + log(pi1 / pi0))
odds = derive(
    joint1 - joint0,
    equals(w.T @ x + b, algebra),
)
"""The logarithm of the odds

The squares of x cancel, because both classes have the same: what is left is linear in x.
"""
posterior = derive(
    exp(joint1) / (exp(joint0) + exp(joint1)),
    equals(1 / (1 + exp(-(joint1 - joint0))), algebra),
    equals(sigmoid(w.T @ x + b), by(odds)),
)
"""The posterior is logistic"""
middle = derive(
    w.T @ x + b,
    equals(w.T @ (x - (mu0 + mu1) / 2) + log(pi1 / pi0), algebra),
)
"""Where the border lies

Between equally frequent classes it goes through the middle of the means; a rarer class has to come closer.
"""

mu = matrix("mu", K, d)  # one mean a row
pi = vector("pi", K, simplex=True, positive=True)
k = index("k", K)
scores = let("s", each(log(pi[j]) + mu[j].T @ Sigma.I @ x - mu[j].T @ Sigma.I @ mu[j] / 2 for j in over(K)))
joint = log(pi[k]) + Gaussian(mu[k], Sigma).log_density(x)
discriminants = derive(
    joint,
    equals(scores[k] + Gaussian(zeros(d), Sigma).log_density(x), algebra),
)
"""Several classes

Each has its own linear score, and the rest is common to all.
"""
many = derive(
    exp(joint) / Sum(exp(log(pi[j]) + Gaussian(mu[j], Sigma).log_density(x)) for j in over(K)),
    equals(softmax(scores)[k], algebra),
)
"""The posterior is a softmax of the scores"""

X = matrix("X", N, d)
C = matrix("C", N, K, one_hot_rows=True, nonempty_columns=True)  # the classes of the examples
p = vector("p", K, simplex=True)
i = index("i", N)
fitted = maximum_likelihood(
    Model(parameters=(p, mu, Sigma), seen={C[i]: Categorical(p), X[i]: Gaussian(mu.T @ C[i], Sigma)})
)
means_code = agrees(fitted.estimates["mu"], by_hand.class_means)
covariance_code = agrees(fitted.estimates["Sigma"], by_hand.common_covariance)

size = let("Δ²", (mu1 - mu0).T @ Sigma.I @ (mu1 - mu0))
apart = derive(
    expect(w.T @ x + b, x, Gaussian(mu1, Sigma)) - expect(w.T @ x + b, x, Gaussian(mu0, Sigma)),
    equals(size, expectation),
)
"""How far apart the classes are

Along w the means differ by Mahalanobis' squared distance,
"""
spread = derive(
    expect((w.T @ (x - mu0)) ** 2, x, Gaussian(mu0, Sigma)),
    equals(size, expectation),
)
"""How wide they are

and the variance of either class is the same number: this one number decides how often a border goes wrong.
"""

posterior_code = agrees(sigmoid(w.T @ x + b), by_hand.posterior)
posteriors_code = agrees(softmax(scores), by_hand.posteriors)
