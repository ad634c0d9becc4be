"""Mixtures of other families.

A mixture may be of anything that has a likelihood. Its M-step is that family's own estimate, each example counted by
how much the class answers for it.

Nothing here is written for a family: the declarations of maximum likelihood, with a class for each example, give the
weighted estimates, each shown to be highest, and the climb of every step.

Source: McLachlan and Peel, Finite Mixture Models (2000); Bishop, PRML (2006), sec. 9.3.
"""

from chainrule import (
    Binomial,
    Categorical,
    Gamma,
    Geometric,
    InverseGamma,
    LogNormal,
    Model,
    NegativeBinomial,
    Normal,
    Pareto,
    Poisson,
    Weibull,
    agrees,
    assume,
    choice,
    dims,
    expectation_maximisation,
    index,
    matrix,
    nonnegative,
    scalar,
    vector,
)
from numerics import mixtures_of as by_hand

N, K, V = dims("N K V")
i = index("i", N)
x = vector("x", N)
t = vector("t", N, positive=True)  # times, sizes, lengths; the throws up to the first head
k = vector("k", N, nonnegative=True)  # counts
X = matrix("X", N, V, one_hot=True)  # one label a row
z = choice("z", N, K)

pi = vector("pi", K, simplex=True)
p = vector("p", K, unit_interval=True)
q = matrix("q", K, V, simplex=True)
lam = vector("lam", K, positive=True)
rate = vector("rate", K, positive=True)
scale = vector("scale", K, positive=True)
power = vector("power", K, positive=True)
alpha = vector("alpha", K, positive=True)
mu = vector("mu", K)
sigma_sq = vector("sigma_sq", K, positive=True)
trials = scalar("trials", positive=True)
size = scalar("size", positive=True)
shape = scalar("shape", positive=True)
least = scalar("least", positive=True)

classes = {z[i]: Categorical(pi)}

poissons = expectation_maximisation(Model(parameters=(pi, lam), hidden=classes, seen={k[i]: Poisson(lam[z[i]])}))
poissons_code = agrees(poissons.steps["lam"], by_hand.poisson, x="k")

from_one = assume(nonnegative(t - 1))
geometrics = expectation_maximisation(
    Model(parameters=(pi, p), hidden=classes, seen={t[i]: Geometric(p[z[i]])}, given=from_one)
)
geometrics_code = agrees(geometrics.steps["p"], by_hand.geometric, x="t", given=from_one)

binomials = expectation_maximisation(Model(parameters=(pi, p), hidden=classes, seen={k[i]: Binomial(trials, p[z[i]])}))
binomials_code = agrees(binomials.steps["p"], by_hand.binomial, x="k")

negative_binomials = expectation_maximisation(
    Model(parameters=(pi, p), hidden=classes, seen={k[i]: NegativeBinomial(size, p[z[i]])})
)
negative_binomials_code = agrees(negative_binomials.steps["p"], by_hand.negative_binomial, x="k")

gammas = expectation_maximisation(Model(parameters=(pi, rate), hidden=classes, seen={t[i]: Gamma(shape, rate[z[i]])}))
gammas_code = agrees(gammas.steps["rate"], by_hand.gamma, x="t")

inverse_gammas = expectation_maximisation(
    Model(parameters=(pi, scale), hidden=classes, seen={t[i]: InverseGamma(shape, scale[z[i]])})
)

weibulls = expectation_maximisation(
    Model(parameters=(pi, power), hidden=classes, seen={t[i]: Weibull(shape, power[z[i]])})
)

paretos = expectation_maximisation(
    Model(parameters=(pi, alpha), hidden=classes, seen={t[i]: Pareto(alpha[z[i]], least)})
)

normals = expectation_maximisation(
    Model(parameters=(pi, mu, sigma_sq), hidden=classes, seen={x[i]: Normal(mu[z[i]], sigma_sq[z[i]])})
)
normals_code = agrees(normals.steps["mu"], by_hand.normal_mean)

log_normals = expectation_maximisation(
    Model(parameters=(pi, mu, sigma_sq), hidden=classes, seen={t[i]: LogNormal(mu[z[i]], sigma_sq[z[i]])})
)
log_normals_code = agrees(log_normals.steps["mu"], by_hand.log_normal_mean, x="t")
