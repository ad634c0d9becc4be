"""Mixtures and their EM steps.

Each example belongs to one of K classes, and nobody says to which. EM guesses: how probable each class is for each
example, r; then the parameters for which everything is most probable with the classes weighted so; and again.

Both steps come out of the declaration. The E-step is Bayes' rule, a softmax of the log joint density. The M-step is
maximum likelihood with weights: for what belongs to one class, with the column r of that class; for what the classes
share, such as their proportions or a tied covariance, with all of them.

Source: Dempster, Laird and Rubin (1977); Bishop, PRML, sec. 9.2-9.4.
"""

from chainrule import (
    Bernoulli,
    Categorical,
    Exponential,
    Gaussian,
    I,
    Model,
    Rayleigh,
    agrees,
    at_least,
    by,
    choice,
    derive,
    diag,
    dims,
    expectation_maximisation,
    index,
    logsumexp,
    matrix,
    on_data,
    tensor,
    total,
    vector,
)
from numerics import iris
from numerics import mixture as by_hand
from numerics import mixtures_of as others_by_hand

N, K, d = dims("N K d")
i = index("i", N)
X = matrix("X", N, d)
x = vector("x", N, positive=True)
c = vector("c", N, binary=True)
z = choice("z", N, K)

pi = vector("pi", K, simplex=True)
mu = matrix("mu", K, d)  # one mean a row
Sigma = tensor("Sigma", K, d, d, positive_definite=True)  # one covariance a class
tied = matrix("Sigma", d, d, positive_definite=True)  # one for all
v = matrix("v", K, d, positive=True)
sigma_sq = vector("sigma_sq", K, positive=True)
rate = vector("rate", K, positive=True)
p = vector("p", K, unit_interval=True)

classes = {z[i]: Categorical(pi)}

full = expectation_maximisation(
    Model(parameters=(pi, mu, Sigma), hidden=classes, seen={X[i]: Gaussian(mu[z[i]], Sigma[z[i]])})
)
full_responsibilities = agrees(full.responsibilities, by_hand.responsibilities)
full_means = agrees(full.steps["mu"], by_hand.means)
full_likelihood = agrees(total(logsumexp(full.log_joint, axis=1)), by_hand.log_likelihood)

climbs = derive(full.ascent.first, at_least(0, by(full.ascent)))
"""No step goes down"""
on_iris = on_data(climbs, iris.mixture_steps)
"""On Fisher's flowers

Three Gaussians for their petals, from means at three flowers: the log-likelihood after each step is not below that
before it.
"""

shared = expectation_maximisation(
    Model(parameters=(pi, mu, tied), hidden=classes, seen={X[i]: Gaussian(mu[z[i]], tied)})
)

diagonal = expectation_maximisation(
    Model(parameters=(pi, mu, v), hidden=classes, seen={X[i]: Gaussian(mu[z[i]], diag(v[z[i]]))})
)

spherical = expectation_maximisation(
    Model(parameters=(pi, mu, sigma_sq), hidden=classes, seen={X[i]: Gaussian(mu[z[i]], sigma_sq[z[i]] * I(d))})
)

exponentials = expectation_maximisation(
    Model(parameters=(pi, rate), hidden=classes, seen={x[i]: Exponential(rate[z[i]])})
)
exponentials_code = agrees(exponentials.steps["rate"], others_by_hand.exponential)

coins = expectation_maximisation(Model(parameters=(pi, p), hidden=classes, seen={c[i]: Bernoulli(p[z[i]])}))

rayleighs = expectation_maximisation(
    Model(parameters=(pi, sigma_sq), hidden=classes, seen={x[i]: Rayleigh(sigma_sq[z[i]])})
)
rayleighs_code = agrees(rayleighs.steps["sigma_sq"], others_by_hand.rayleigh)
