"""Densities.

A density is a slope: that of the probability to lie below x. Where that probability has a formula F, two lines show the
density to be one. The slope of F is the density; and F takes every value between 0 and 1, so that its ends are 0 and 1.

The second is shown by the quantile: for every v > 0 there is a point with F = 1 - e^-v, and these are all the values
between 0 and 1. F rises, since its slope is positive: nothing is left over at either end.

Where it has none, the density is integrated, or summed, over its whole support in balls of numbers, at drawn
parameters; so are the mean and the variance. That shows no formula for all parameters, and refutes a wrong one at once.
What lies far out is bounded: the logarithm of the density, drawn out to the whole line, is proved concave.

Source: Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions (1994, 1995).
"""

from chainrule import (
    Bernoulli,
    Beta,
    Binomial,
    Exponential,
    Gamma,
    Geometric,
    InverseGamma,
    InverseGaussian,
    Laplace,
    LogNormal,
    Normal,
    Pareto,
    Poisson,
    Rayleigh,
    Uniform,
    VonMises,
    Weibull,
    assume,
    averages,
    derive,
    differentiate,
    equals,
    erf,
    exp,
    grad,
    log,
    moments,
    pi,
    positive,
    rational,
    scalar,
    sqrt,
)

x = scalar("x")
t = scalar("t", positive=True)
v = scalar("v", positive=True)
rate = scalar("rate", positive=True)
sigma_sq = scalar("sigma_sq", positive=True)
shape = scalar("shape", positive=True)
power = scalar("power", positive=True)
alpha = scalar("alpha", positive=True)
least = scalar("least", positive=True)
p = scalar("p", unit_interval=True)
scale = scalar("scale", positive=True)
mu, a, b = scalar("mu"), scalar("a"), scalar("b")
half = rational(1, 2)

exponential_below = 1 - exp(-rate * t)
exponential_slope = derive(grad(exponential_below, t), equals(exp(Exponential(rate).log_density(t)), differentiate))
exponential_ends = derive(exponential_below.at(t, v / rate), equals(1 - exp(-v)))

rayleigh_below = 1 - exp(-(t**2) / (2 * sigma_sq))
rayleigh_slope = derive(grad(rayleigh_below, t), equals(exp(Rayleigh(sigma_sq).log_density(t)), differentiate))
rayleigh_ends = derive(rayleigh_below.at(t, sqrt(2 * sigma_sq * v)), equals(1 - exp(-v)))

weibull_below = 1 - exp(-(t**shape) / power)
weibull_slope = derive(grad(weibull_below, t), equals(exp(Weibull(shape, power).log_density(t)), differentiate))
weibull_ends = derive(weibull_below.at(t, exp(log(power * v) / shape)), equals(1 - exp(-v)))

pareto_below = 1 - (least / t) ** alpha
pareto_slope = derive(grad(pareto_below, t), equals(exp(Pareto(alpha, least).log_density(t)), differentiate))
pareto_start = derive(pareto_below.at(t, least), equals(0))
pareto_ends = derive(pareto_below.at(t, least * exp(v / alpha)), equals(1 - exp(-v)))

ordered = assume(positive(b - a))
uniform_below = (x - a) / (b - a)
uniform_slope = derive(grad(uniform_below, x), equals(exp(Uniform(a, b).log_density(x)), differentiate), given=ordered)
uniform_start = derive(uniform_below.at(x, a), equals(0), given=ordered)
uniform_end = derive(uniform_below.at(x, b), equals(1), given=ordered)

above = assume(positive(x - mu))
laplace_above = 1 - exp(-(x - mu) / scale) / 2
laplace_slope = derive(
    grad(laplace_above, x), equals(exp(Laplace(mu, scale).log_density(x)), differentiate), given=above
)
"""The half above mu; the other is its mirror image."""
laplace_middle = derive(laplace_above.at(x, mu), equals(half))
laplace_ends = derive(laplace_above.at(x, mu + scale * v), equals(half + (1 - exp(-v)) / 2))

normal_below = half + erf((x - mu) / sqrt(2 * sigma_sq)) / 2
normal_slope = derive(
    grad(normal_below, x),
    equals(exp(-((x - mu) ** 2) / (2 * sigma_sq)) / sqrt(2 * pi * sigma_sq), differentiate),
    equals(exp(Normal(mu, sigma_sq).log_density(x))),
)
"""The ends are those of erf, by its definition: the integral of the bell curve is no formula of simpler functions."""

bernoulli_total = derive(
    exp(Bernoulli(p).log_density(0)) + exp(Bernoulli(p).log_density(1)),
    equals(1),
)
bernoulli_mean = derive(
    0 * exp(Bernoulli(p).log_density(0)) + 1 * exp(Bernoulli(p).log_density(1)),
    equals(Bernoulli(p).mean),
)
bernoulli_variance = derive(
    (0 - p) ** 2 * exp(Bernoulli(p).log_density(0)) + (1 - p) ** 2 * exp(Bernoulli(p).log_density(1)),
    equals(Bernoulli(p).variance),
)

geometric_above = (1 - p) ** t
geometric_step = derive(
    geometric_above.at(t, t - 1) - geometric_above,
    equals(exp(Geometric(p).log_density(t))),
)
"""(1 - p)^t is the probability of more than t throws: it falls by that of t throws, and the sum telescopes."""
geometric_start = derive(geometric_above.at(t, 0), equals(1))
below_one = assume(positive(-log(1 - p)))
geometric_ends = derive(geometric_above.at(t, -v / log(1 - p)), equals(exp(-v)), given=below_one)

# --- totals, means and variances -----------------------------------------------------------------------
n = scalar("n", positive=True)

binomial = moments(Binomial(n, p), x)
geometric = moments(Geometric(p), x)
poisson = moments(Poisson(rate), x)
uniform = moments(Uniform(a, b), x)
normal = moments(Normal(mu, sigma_sq), x)
laplace = moments(Laplace(mu, scale), x)
exponential = moments(Exponential(rate), x)
gamma = moments(Gamma(shape, rate), x)
inverse_gamma = moments(InverseGamma(shape, scale), x)
weibull = moments(Weibull(shape, power), x)
rayleigh = moments(Rayleigh(sigma_sq), x)
log_normal = moments(LogNormal(mu, sigma_sq), x)
inverse_gaussian = moments(InverseGaussian(rate, scale), x)
pareto = moments(Pareto(alpha, least), x)
beta = moments(Beta(shape, scale), x)
von_mises = moments(VonMises(mu, scale), x)
gamma_cube = averages(Gamma(shape, rate), x, x**3, shape * (shape + 1) * (shape + 2) / rate**3)
