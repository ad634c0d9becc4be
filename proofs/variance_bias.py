"""How to estimate a variance.

Dividing by n is wrong on average, dividing by n - 1 is right, and dividing by n + 1 is nearest: which is best depends
on what is asked.

The numbers have the mean mu, the variance sigma_sq, and no correlation; for the mean squared error they are normal.

Source: Lehmann and Casella, Theory of Point Estimation (2nd ed.), sec. 2.2; Casella and Berger, Statistical Inference
(2nd ed.), sec. 7.3.1.
"""

from chainrule import (
    Gaussian,
    I,
    agrees,
    algebra,
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
    more_than,
    ones,
    scalar,
    sqnorm,
    total,
    vector,
)
from numerics import variance_bias as by_hand

n, d = dims("n d")
y = vector("y", n)
mu, sigma_sq = scalar("mu"), scalar("sigma_sq", positive=True)
alike = {"mean": mu * ones(n), "covariance": sigma_sq * I(n)}
bar = let("y_bar", total(y) / n)
S = let("S", sqnorm(y - bar))

average = derive(expect(S, y, **alike), equals((as_node(n) - 1) * sigma_sq, expectation))
"""The mean of the sum of squares"""
bias = derive(expect(S / n, y, **alike) - sigma_sq, equals(-sigma_sq / n, expectation))
"""Too small on average

by the variance of the mean, whatever the law of the numbers is. It vanishes as n grows.
"""
more = assume(as_node(n), more_than(1))
unbiased = derive(expect(S / (as_node(n) - 1), y, **alike), equals(sigma_sq, by(more, calculus=True)), given=more)
"""Right on average"""
about_the_truth = derive(expect(sqnorm(y - mu * ones(n)) / n, y, **alike), equals(sigma_sq, expectation))
"""If the mean is known

dividing by n is right.
"""

normal = Gaussian(mu * ones(n), sigma_sq * I(n))
c = scalar("c")
spread = derive(
    expect((S - (as_node(n) - 1) * sigma_sq) ** 2, y, normal),
    equals(2 * (as_node(n) - 1) * sigma_sq**2, expectation),
)
"""How much it varies

for normal numbers.
"""
error = derive(
    expect((c * S - sigma_sq) ** 2, y, normal),
    equals(
        (as_node(n) - 1) * ((as_node(n) + 1) * sigma_sq**2 * (c - 1 / (as_node(n) + 1)) ** 2)
        + 2 * sigma_sq**2 / (as_node(n) + 1),
        expectation,
    ),
    at_least(2 * sigma_sq**2 / (as_node(n) + 1), by(more)),
    given=more,
)
"""The least mean squared error

of all multiples of S has that with c = 1/(n + 1): it is wrong on average, and nearer.
"""
at_n = derive(
    error.lines[0].expr.at(c, 1 / as_node(n)),
    equals((2 * as_node(n) - 1) / as_node(n) ** 2 * sigma_sq**2, algebra),
)
"""Maximum likelihood

divides by n, and its error lies between the two.
"""

unbiased_code = agrees(S / (as_node(n) - 1), by_hand.unbiased, given=more)
likely_code = agrees(S / n, by_hand.most_likely)
nearest_code = agrees(S / (as_node(n) + 1), by_hand.nearest)
