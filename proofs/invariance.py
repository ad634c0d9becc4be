"""Estimates in another unit.

Who has the most likely rate has the most likely waiting time: it does not matter in which parameter the likelihood is
made large.

First for finitely many parameters and any function of them, many to one; then with derivatives; then in examples, which
are maximised in the new parameter from scratch and found at the old answer.

Source: Zehna, Invariance of maximum likelihood estimators, Ann. Math. Statist. 37 (1966), 744; Casella and Berger,
Statistical Inference (2nd ed.), theorem 7.2.10.
"""

from chainrule import (
    Sum,
    agrees,
    algebra,
    assume,
    at_least,
    at_most,
    by,
    derive,
    differentiate,
    dims,
    dot,
    equals,
    grad,
    index,
    log,
    matrix,
    minimise,
    over,
    scalar,
    softplus,
    sqnorm,
    total,
    vector,
)
from numerics import invariance as by_hand

n, m, N, d = dims("n m N d")
L = vector("L", n)  # the likelihoods of n parameters
G = matrix("G", n, m, one_hot_rows=True)  # the value of the function at each, one of m
M = vector("M", m)  # the likelihood of each value: the largest of the parameters that have it
b = vector("b", n, one_hot=True)  # the most likely parameter
i = index("i", n)

s, value = vector("s", n, one_hot=True), scalar("M_v")  # one value, and a parameter that has its likelihood
chosen = assume(value, equals(dot(s, L)))
highest = assume(L[i], at_most(dot(b, L)))
largest = assume(L[i], at_most(dot(G[i], M)))
never_more = derive(
    value,
    equals(dot(s, L), by(chosen)),
    at_most(dot(b, L), by(highest)),
    given=(chosen, highest),
)
"""No value is more likely

than the most likely parameter, since its likelihood is that of some parameter.
"""
reached = derive(
    dot(G.T @ b, M),
    equals(Sum(b[j] * dot(G[j], M) for j in over(n)), algebra),
    at_least(Sum(b[j] * L[j] for j in over(n)), by(largest)),
    given=largest,
)
"""The value of the estimate is the estimate of the value

It has at least the likelihood of the most likely parameter.
"""

x = vector("t", N, positive=True)  # waiting times
rate, wait = scalar("rate", positive=True), scalar("wait", positive=True)
by_rate = minimise(-(N * log(rate) - rate * total(x)), rate)
by_wait = minimise(-(-N * log(wait) - total(x) / wait), wait)
waiting = derive(1 / by_rate.point, equals(by_wait.point, algebra))
"""The mean waiting time is one over the rate

Each was found by itself.
"""
h = scalar("heads", positive=True)
tails = scalar("tails", positive=True)
z = scalar("z")  # the logarithm of the odds
odds = derive(
    grad(h * softplus(-z) + tails * softplus(z), z).at(z, log(h / tails)),
    equals(0, differentiate),
)
"""The odds of a coin

are heads to tails.
"""
y = vector("y", N)
sigma_sq, sigma = scalar("sigma_sq", positive=True), scalar("sigma", positive=True)
by_variance = minimise(N * log(sigma_sq) / 2 + sqnorm(y) / (2 * sigma_sq), sigma_sq)
deviation = derive(
    sigma**2 * grad(N * log(sigma) + sqnorm(y) / (2 * sigma**2), sigma),
    equals(N * (sigma**2 - by_variance.point) / sigma, differentiate),
)
"""A standard deviation

Its score vanishes where its square is the estimate of the variance.
"""

wait_code = agrees(by_wait.point, by_hand.waiting_time)
