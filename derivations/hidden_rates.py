"""Counts and times whose rate nobody sees.

Customers differ: each has a rate of its own, drawn from a gamma law, and what is counted is Poisson around it. The
counts then scatter more than a Poisson law can, and are negative binomial; waiting times so mixed have the long tail of
Lomax.

EM treats the rate as it treats the precision in Student's t, and by the same words: the log joint density is made of
log(u) and u, as the log-density of a gamma law is, and so the posterior is a gamma law. What is seen adds an event, or
some time. A chance that nobody sees has the beta law for its prior, and the functions log(p) and log(1 - p).

Source: Greenwood and Yule (1920); Casella and Berger, Statistical Inference (2002), sec. 4.4.
"""

from chainrule import (
    Beta,
    Exponential,
    Gamma,
    Model,
    NegativeBinomial,
    Poisson,
    agrees,
    algebra,
    derive,
    dims,
    each,
    equals,
    expectation_maximisation,
    index,
    over,
    scalar,
    vector,
)
from numerics import hidden_rates as by_hand

(N,) = dims("N")
i = index("i", N)
k = vector("k", N, nonnegative=True)  # counts
t = vector("t", N, positive=True)  # times
u = vector("u", N, positive=True)  # the rate of each, hidden
p = vector("p", N, unit_interval=True)  # or its chance
shape = scalar("shape", positive=True)
rate = scalar("rate", positive=True)
a = scalar("a", positive=True)
b = scalar("b", positive=True)
size = scalar("size", positive=True)

hidden = {u[i]: Gamma(shape, rate)}

counts = expectation_maximisation(Model(parameters=(rate, shape), hidden=hidden, seen={k[i]: Poisson(u[i])}))

counts_mean = derive(
    counts.expected["u_bar"],
    equals(each((shape + k[j]) / (rate + 1) for j in over(N)), algebra),
)
"""What is believed of a rate

lies between the count and the mean of the prior: a count of one moment is weighed against `rate` moments seen before.
"""
chance = rate / (rate + 1)
counts_law = derive(
    counts.marginal,
    equals(NegativeBinomial(shape, chance).log_density(counts.one[k[i]]), algebra),
)
"""Counts with hidden rates

are negative binomial.
"""
counts_code = agrees(counts.expected["u_bar"], by_hand.rates)
counts_logs_code = agrees(counts.expected["log_u"], by_hand.log_rates)
counts_rate_code = agrees(counts.steps["rate"], by_hand.prior_rate, u="u_bar")

times = expectation_maximisation(Model(parameters=(rate, shape), hidden=hidden, seen={t[i]: Exponential(u[i])}))
times_code = agrees(times.expected["u_bar"], by_hand.rates_of_times)

chances = expectation_maximisation(
    Model(parameters=(a, b), hidden={p[i]: Beta(a, b)}, seen={k[i]: NegativeBinomial(size, p[i])})
)
"""Neither exponent of the prior has a closed M-step; the score is that of a beta law whose data are the means of log(p)
and log(1 - p)."""
chances_code = agrees(chances.expected["log_p"], by_hand.log_chances)
