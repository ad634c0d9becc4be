"""Means of means, and the variance of a mean.

A mixture varies for two reasons: its parts vary, and they lie apart. A mean of many numbers varies less than each of
them; and because it follows the numbers, their spread around it is a little too small.

Nothing but means and covariances is used: all of it holds for every law that has them.

Source: Feller, An Introduction to Probability Theory, vol. 1 (3rd ed.), ch. IX; van der Vaart, Asymptotic Statistics
(1998), ch. 3; Casella and Berger, Statistical Inference (2nd ed.), theorem 5.2.6.
"""

from chainrule import (
    I,
    Sum,
    agrees,
    as_node,
    assume,
    at_least,
    by,
    derive,
    dims,
    equals,
    expect,
    expectation,
    let,
    matrix,
    more_than,
    ones,
    outer,
    over,
    positivity,
    scalar,
    sqnorm,
    tensor,
    total,
    vector,
)
from numerics import total_variance as by_hand

n, d, K = dims("n d K")
w = vector("w", K, simplex=True)  # how often each part is drawn
M = matrix("M", K, d)  # the means of the parts
S = tensor("S", K, d, d, psd=True)  # and their covariances
x = vector("x", d)

m = let("m", Sum(w[k] * M[k] for k in over(K)))
mean = derive(
    Sum(w[k] * expect(x, x, mean=M[k], covariance=S[k]) for k in over(K)),
    equals(m, expectation),
)
"""The mean of a mixture is the mean of the means"""
between = let("B", Sum(w[k] * outer(M[k] - m, M[k] - m) for k in over(K)))
variance = derive(
    Sum(w[k] * expect(outer(x - m, x - m), x, mean=M[k], covariance=S[k]) for k in over(K)),
    equals(Sum(w[k] * S[k] for k in over(K)) + between, expectation),
)
"""Its covariance

is the mean of the covariances, and the covariance of the means.
"""
a, b = vector("a", d), scalar("b")
f = let("f", a.T @ x + b)
explained = derive(
    Sum(w[k] * expect((f - (a.T @ m + b)) ** 2, x, mean=M[k], covariance=S[k]) for k in over(K)),
    equals(
        Sum(w[k] * (a.T @ S[k] @ a) for k in over(K)) + Sum(w[k] * (a.T @ (M[k] - m)) ** 2 for k in over(K)),
        expectation,
    ),
    at_least(Sum(w[k] * (a.T @ S[k] @ a) for k in over(K)), positivity),
)
"""To know the part is to know more

Along every direction the variance within the parts is at most the whole.
"""

y = vector("y", n)  # numbers drawn one by one
mu, sigma_sq = scalar("mu"), scalar("sigma_sq", nonnegative=True)
centre, spread = mu * ones(n), sigma_sq * I(n)
bar = let("y_bar", total(y) / n)
average = derive(expect(bar, y, mean=centre, covariance=spread), equals(mu, expectation))
"""The mean is right on average"""
steadier = derive(
    expect((bar - mu) ** 2, y, mean=centre, covariance=spread),
    equals(sigma_sq / n, expectation),
)
"""The law of large numbers

Its variance falls to 0 as n grows.
"""
V = matrix("V", n, n, psd=True)
correlated = derive(
    expect((bar - mu) ** 2, y, mean=centre, covariance=V),
    equals(total(V) / n**2, expectation),
)
"""With correlation

there is no law of large numbers where the sum of all covariances grows like n^2.
"""
slope = scalar("g'")  # the slope of g at mu
delta_method = derive(
    n * expect((slope * (bar - mu)) ** 2, y, mean=centre, covariance=spread),
    equals(slope**2 * sigma_sq, expectation),
)
"""The delta method

To first order g(y_bar) moves by the slope of g times the error of y_bar. This is the variance of that term; that
the rest is small and the limit normal is not shown here.
"""

biased = derive(
    expect(sqnorm(y - bar) / n, y, mean=centre, covariance=spread),
    equals((as_node(n) - 1) / n * sigma_sq, expectation),
)
"""The spread around the mean is too small

by the variance of the mean itself.
"""
more = assume(as_node(n), more_than(1))
unbiased = derive(
    expect(sqnorm(y - bar) / (as_node(n) - 1), y, mean=centre, covariance=spread),
    equals(sigma_sq, by(more, calculus=True)),
    given=more,
)
"""Divided by n - 1

it is right on average.
"""

mixture_code = agrees(variance.last, by_hand.mixture_covariance)
mean_code = agrees(correlated.last, by_hand.variance_of_the_mean)
