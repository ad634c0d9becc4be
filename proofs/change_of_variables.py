"""Change of variables.

Stretch the axis and the density falls where it is stretched, so that no probability is lost.

The map is affine, or one increasing function of a number; its slope is taken here, and multiplied by the old density.

Source: Rudin, Real and Complex Analysis (3rd ed.), theorem 7.26; Johnson, Kotz and Balakrishnan, Continuous Univariate
Distributions, vol. 1 (2nd ed.), ch. 14.
"""

from chainrule import (
    Normal,
    Sum,
    algebra,
    assume,
    by,
    derive,
    diag,
    differentiate,
    dims,
    equals,
    grad,
    jacobian,
    log,
    over,
    pi,
    positive,
    scalar,
    vector,
)

(n,) = dims("n")
z, mu = scalar("z"), scalar("mu")
sigma_sq = scalar("sigma_sq", positive=True)
b = scalar("b")
a = scalar("a", nonzero_entries=True)

affine = derive(
    Normal(a * mu + b, a**2 * sigma_sq).log_density(a * z + b),
    equals(Normal(mu, sigma_sq).log_density(z) - log(a**2) / 2, algebra),
)
"""A line

log p_Y(a z + b) = log p_Z(z) - log |a|: the density of a normal number, moved and stretched.
"""
stretched = derive(
    log(grad(a * z + b, z) ** 2) / 2,
    equals(log(a**2) / 2, differentiate),
)
"""Its slope"""

y = scalar("y", positive=True)
lognormal = derive(
    Normal(mu, sigma_sq).log_density(log(y)) + log(grad(log(y), y)),
    equals(-log(2 * pi * sigma_sq) / 2 - (log(y) - mu) ** 2 / (2 * sigma_sq) - log(y), differentiate),
)
"""The exponential of a normal number

The density of y = e^z is that of z at log y, times the slope of log y.
"""
p = scalar("p", positive=True)
below_one = assume(positive(1 - p))
logit = log(p) - log(1 - p)
steepness = derive(
    grad(logit, p),
    equals(1 / (p * (1 - p)), by(below_one, calculus=True)),
    given=below_one,
)
"""The slope of the log-odds"""
logistic_normal = derive(
    Normal(mu, sigma_sq).log_density(logit) + log(1 / (p * (1 - p))),
    equals(-log(2 * pi * sigma_sq) / 2 - (logit - mu) ** 2 / (2 * sigma_sq) - log(p) - log(1 - p), by(below_one)),
    given=below_one,
)
"""A normal number squeezed between 0 and 1

by the sigmoid, whose inverse are the log-odds.
"""

x, c = vector("x", n), vector("c", n)
d = vector("d", n, positive=True)
m = vector("m", n)
v = vector("v", n, positive=True)
jacobi = derive(
    jacobian(d * x + c, x),
    equals(diag(d), differentiate),
)
"""Axis by axis

An affine map of every axis by itself has a diagonal Jacobian,
"""
separate = derive(
    -Sum(log(2 * pi * d[i] ** 2 * v[i]) + (d[i] * (x[i] - m[i])) ** 2 / (d[i] ** 2 * v[i]) for i in over(n)) / 2,
    equals(
        -Sum(log(2 * pi * v[i]) + (x[i] - m[i]) ** 2 / v[i] for i in over(n)) / 2 - Sum(log(d[i]) for i in over(n)),
        algebra,
    ),
)
"""and the logarithms of the slopes add up."""
