"""Maximum likelihood.

Declare how the data are drawn, and ask for which parameters they are most probable. Every estimate of this chapter is
found from such a declaration by one and the same engine: the score, the point where it vanishes, and the proof that
nothing is more probable.

The objective is minus the log-likelihood. It is lowest because it is a bowl in the parameter, or in one over it: a
variance is no bowl's variable, its inverse is.

An end of the support is no such point. The likelihood of a uniform or Pareto distribution climbs until a datum stands
in its way: the slope keeps its sign, and the estimate is the largest or the smallest that was seen, -max(-x).

Source: Bishop, PRML (2006), sec. 2.1-2.3; Casella and Berger, Statistical Inference (2002), sec. 7.2.
"""

from chainrule import (
    Bernoulli,
    Binomial,
    Categorical,
    Exponential,
    Gamma,
    Gaussian,
    Geometric,
    I,
    InverseGamma,
    InverseGaussian,
    Laplace,
    LogNormal,
    Model,
    Multinomial,
    NegativeBinomial,
    Normal,
    Pareto,
    Poisson,
    Rayleigh,
    Uniform,
    Weibull,
    agrees,
    assume,
    diag,
    dims,
    index,
    matrix,
    maximum_likelihood,
    nonnegative,
    scalar,
    vector,
)
from numerics import maximum_likelihood as by_hand

N, K, d, q = dims("N K d q")
i = index("i", N)
x = vector("x", N)
t = vector("t", N, positive=True)  # times, sizes, lengths
c = vector("c", N, binary=True)  # throws of a coin
X = matrix("X", N, d)
C = matrix("C", N, K, one_hot=True)  # one class a row
k = vector("k", N, nonnegative=True)  # counts
T = matrix("T", N, K, nonnegative=True)  # how often each class was drawn, an experiment a row
F = matrix("F", N, q, full_column_rank=True)  # features of an example, one a row

p = scalar("p", unit_interval=True)
rate = scalar("rate", positive=True)
sigma_sq = scalar("sigma_sq", positive=True)
b = scalar("b", positive=True)
alpha = scalar("alpha", positive=True)
least = scalar("least", positive=True)
lam = scalar("lam", positive=True)
trials = scalar("trials", positive=True)
size = scalar("size", positive=True)
shape = scalar("shape", positive=True)
scale = scalar("scale", positive=True)
power = scalar("power", positive=True)
theta = scalar("theta", positive=True)
low, high = scalar("low"), scalar("high")
m = scalar("m")
mean = scalar("mean", positive=True)
mu = vector("mu", d)
v = vector("v", d, positive=True)
pi = vector("pi", K, simplex=True)
w = vector("w", q)
Sigma = matrix("Sigma", d, d, positive_definite=True)

bernoulli = maximum_likelihood(Model(parameters=(p,), seen={c[i]: Bernoulli(p)}))
bernoulli_code = agrees(bernoulli.estimates["p"], by_hand.bernoulli, x="c")

from_one = assume(nonnegative(t - 1))
geometric = maximum_likelihood(Model(parameters=(p,), seen={t[i]: Geometric(p)}, given=from_one))
geometric_code = agrees(geometric.estimates["p"], by_hand.geometric, x="t", given=from_one)

categorical = maximum_likelihood(Model(parameters=(pi,), seen={C[i]: Categorical(pi)}))
categorical_code = agrees(categorical.estimates["pi"], by_hand.categorical, X="C")

binomial = maximum_likelihood(Model(parameters=(p,), seen={k[i]: Binomial(trials, p)}))
binomial_code = agrees(binomial.estimates["p"], by_hand.binomial, x="k")

multinomial = maximum_likelihood(Model(parameters=(pi,), seen={T[i]: Multinomial(trials, pi)}))
multinomial_code = agrees(multinomial.estimates["pi"], by_hand.multinomial, X="T")

poisson = maximum_likelihood(Model(parameters=(lam,), seen={k[i]: Poisson(lam)}))
poisson_code = agrees(poisson.estimates["lam"], by_hand.poisson, x="k")

negative_binomial = maximum_likelihood(Model(parameters=(p,), seen={k[i]: NegativeBinomial(size, p)}))
negative_binomial_code = agrees(negative_binomial.estimates["p"], by_hand.negative_binomial, x="k")

exponential = maximum_likelihood(Model(parameters=(rate,), seen={t[i]: Exponential(rate)}))
exponential_code = agrees(exponential.estimates["rate"], by_hand.exponential, x="t")

gamma_rate = maximum_likelihood(Model(parameters=(rate,), seen={t[i]: Gamma(shape, rate)}))
gamma_rate_code = agrees(gamma_rate.estimates["rate"], by_hand.gamma_rate, x="t")

inverse_gamma_scale = maximum_likelihood(Model(parameters=(scale,), seen={t[i]: InverseGamma(shape, scale)}))
inverse_gamma_scale_code = agrees(inverse_gamma_scale.estimates["scale"], by_hand.inverse_gamma_scale, x="t")

weibull_power = maximum_likelihood(Model(parameters=(power,), seen={t[i]: Weibull(shape, power)}))
weibull_scale_code = agrees(weibull_power.estimates["power"] ** (1 / shape), by_hand.weibull_scale, x="t")

rayleigh = maximum_likelihood(Model(parameters=(sigma_sq,), seen={t[i]: Rayleigh(sigma_sq)}))
rayleigh_code = agrees(rayleigh.estimates["sigma_sq"], by_hand.rayleigh, x="t")

pareto = maximum_likelihood(Model(parameters=(alpha,), seen={t[i]: Pareto(alpha, least)}))
pareto_code = agrees(pareto.estimates["alpha"], by_hand.pareto_exponent, x="t")

whole_pareto = maximum_likelihood(Model(parameters=(least, alpha), seen={t[i]: Pareto(alpha, least)}))
whole_pareto_code = agrees(whole_pareto.estimates["least"], by_hand.pareto_least, x="t")

uniform = maximum_likelihood(Model(parameters=(low, high), seen={x[i]: Uniform(low, high)}))
uniform_low_code = agrees(uniform.estimates["low"], by_hand.uniform_bottom)
uniform_high_code = agrees(uniform.estimates["high"], by_hand.uniform_top)

from_zero = maximum_likelihood(Model(parameters=(theta,), seen={t[i]: Uniform(0, theta)}))
from_zero_code = agrees(from_zero.estimates["theta"], by_hand.uniform_top, x="t")

laplace = maximum_likelihood(Model(parameters=(b,), seen={x[i]: Laplace(m, b)}))
laplace_code = agrees(laplace.estimates["b"], by_hand.laplace_scale, mu="m")

inverse_gaussian = maximum_likelihood(Model(parameters=(mean, lam), seen={t[i]: InverseGaussian(mean, lam)}))
inverse_gaussian_code = agrees(inverse_gaussian.estimates["mean"], by_hand.inverse_gaussian_mean, x="t")

normal = maximum_likelihood(Model(parameters=(m, sigma_sq), seen={x[i]: Normal(m, sigma_sq)}))
normal_mean_code = agrees(normal.estimates["m"], by_hand.normal_mean)
normal_variance_code = agrees(normal.estimates["sigma_sq"], by_hand.normal_variance)

log_normal = maximum_likelihood(Model(parameters=(m, sigma_sq), seen={t[i]: LogNormal(m, sigma_sq)}))
log_normal_code = agrees(log_normal.estimates["sigma_sq"], by_hand.log_normal_variance, x="t")

gaussian = maximum_likelihood(Model(parameters=(mu, Sigma), seen={X[i]: Gaussian(mu, Sigma)}))
gaussian_mean_code = agrees(gaussian.estimates["mu"], by_hand.gaussian_mean)
gaussian_covariance_code = agrees(gaussian.estimates["Sigma"], by_hand.gaussian_covariance)

diagonal = maximum_likelihood(Model(parameters=(mu, v), seen={X[i]: Gaussian(mu, diag(v))}))
spherical = maximum_likelihood(Model(parameters=(mu, sigma_sq), seen={X[i]: Gaussian(mu, sigma_sq * I(d))}))

regression = maximum_likelihood(Model(parameters=(w, sigma_sq), seen={x[i]: Normal(F[i].T @ w, sigma_sq)}))

known_mean = maximum_likelihood(Model(parameters=(sigma_sq,), seen={x[i]: Normal(m, sigma_sq)}))
known_mean_code = agrees(known_mean.estimates["sigma_sq"], by_hand.normal_variance_about, mu="m")

known_variance = maximum_likelihood(Model(parameters=(m,), seen={x[i]: Normal(m, sigma_sq)}))
known_variance_code = agrees(known_variance.estimates["m"], by_hand.normal_mean)

known_covariance = maximum_likelihood(Model(parameters=(mu,), seen={X[i]: Gaussian(mu, Sigma)}))
known_covariance_code = agrees(known_covariance.estimates["mu"], by_hand.gaussian_mean)

known_centre = maximum_likelihood(Model(parameters=(Sigma,), seen={X[i]: Gaussian(mu, Sigma)}))

log_known_mean = maximum_likelihood(Model(parameters=(sigma_sq,), seen={t[i]: LogNormal(m, sigma_sq)}))
