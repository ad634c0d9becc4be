"""Quadratic discriminant analysis.

Two clouds of different shapes: the border bends towards the tighter one, and is an ellipse, a parabola or a hyperbola.

The classes are normal with means mu_k and covariances Sigma_k of their own. With equal covariances the square drops out
and linear discriminant analysis is left.

Source: Anderson, An Introduction to Multivariate Statistical Analysis (3rd ed.), sec. 6.10; Hastie, Tibshirani and
Friedman, sec. 4.3.
"""

from chainrule import (
    Gaussian,
    agrees,
    algebra,
    assume,
    by,
    derive,
    differentiate,
    dims,
    equals,
    exp,
    expect,
    expectation,
    hessian,
    let,
    log,
    logdet,
    matrix,
    scalar,
    sigmoid,
    trace,
    vector,
)
from numerics import quadratic_discriminant as by_hand

(d,) = dims("d")
x = vector("x", d)
mu0, mu1 = vector("mu0", d), vector("mu1", d)
S0 = matrix("S0", d, d, positive_definite=True)
S1 = matrix("S1", d, d, positive_definite=True)
pi0, pi1 = scalar("pi0", positive=True), scalar("pi1", positive=True)

joint0 = let("ell0", log(pi0) + Gaussian(mu0, S0).log_density(x))
joint1 = let("ell1", log(pi1) + Gaussian(mu1, S1).log_density(x))
A = let("A", (S0.I - S1.I) / 2)
b = let("b", S1.I @ mu1 - S0.I @ mu0)
c = let("c", (mu0.T @ S0.I @ mu0 - mu1.T @ S1.I @ mu1 + logdet(S0) - logdet(S1)) / 2 + log(pi1 / pi0))
odds = derive(
    joint1 - joint0,
    equals(x.T @ A @ x + b.T @ x + c, algebra),
)
"""The logarithm of the odds

A quadratic function of x; the border is where it is 0.
"""
posterior = derive(
    exp(joint1) / (exp(joint0) + exp(joint1)),
    equals(1 / (1 + exp(-(joint1 - joint0))), algebra),
    equals(sigmoid(x.T @ A @ x + b.T @ x + c), by(odds)),
)
"""The posterior

is logistic regression on x and all products of its entries.
"""
bend = derive(
    hessian(odds.last, x),
    equals(S0.I - S1.I, differentiate),
)
"""How the border bends

By the difference of the precisions alone: far away the wider class wins.
"""
same = assume(S1, equals(S0))
flat = derive(
    odds.last,
    equals((S0.I @ (mu1 - mu0)).T @ (x - (mu0 + mu1) / 2) + log(pi1 / pi0), by(same)),
)
"""One covariance

and the border is flat again.
"""
centred = derive(
    x.T @ A @ x + b.T @ x + c,
    equals(
        ((x - mu0).T @ S0.I @ (x - mu0) - (x - mu1).T @ S1.I @ (x - mu1)) / 2
        + (logdet(S0) - logdet(S1)) / 2
        + log(pi1 / pi0),
        algebra,
    ),
)
"""Two distances

A point goes to the class whose Mahalanobis distance is smaller, after a handicap for width and rarity.
"""
average = derive(
    expect(odds.last, x, Gaussian(mu1, S1)),
    equals(
        (trace(S0.I @ S1) + (mu1 - mu0).T @ S0.I @ (mu1 - mu0) - d + logdet(S0) - logdet(S1)) / 2 + log(pi1 / pi0),
        expectation,
    ),
)
"""What a point of class 1 says on average

The divergence of class 0 from class 1, and the logarithm of the prior odds.
"""

logit_code = agrees(odds.last, by_hand.logit)
posterior_code = agrees(sigmoid(odds.last), by_hand.posterior)
