"""Learning from a finite class.

Try a thousand rules on the data and keep the best: can its error on the data be believed? Yes, within the square root
of log(1000) over n, because all thousand are measured rightly at the same time.

The possible samples are s = 1, ..., m with the probabilities P_s. A rule's risk is how often it is wrong; each sample
measures it. That what is measured is a mean of n independent numbers between 0 and 1 enters by Hoeffding's lemma, as a
hypothesis on its cumulant.

Source: Hoeffding (1963), theorem 2; Shalev-Shwartz and Ben-David, Understanding Machine Learning (2014), sec. 4.2 and
cor. 4.6; Mohri, Rostamizadeh and Talwalkar (2nd ed.), theorem 2.13.
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
    dims,
    dot,
    equals,
    exp,
    index,
    let,
    log,
    matrix,
    over,
    positivity,
    scalar,
    sqrt,
    vector,
)
from numerics import finite_class_bound as by_hand

m, H, a, c = dims("m H a c")
n = scalar("n", positive=True)  # how many examples a sample has
p, q = vector("p", a, simplex=True), vector("q", c, simplex=True)  # two independent draws
f, g = vector("f", a), vector("g", c)
t = scalar("t")
independent = derive(
    Sum(p[i] * q[j] * exp(t * (f[i] + g[j])) for i in over(a) for j in over(c)),
    equals(Sum(p[i] * exp(t * f[i]) for i in over(a)) * Sum(q[j] * exp(t * g[j]) for j in over(c)), algebra),
)
"""Independent numbers

multiply: the cumulant of a sum is the sum of the cumulants. By Hoeffding's lemma that of one number between 0 and 1
around its mean is at most t^2/8; so that of the mean of n of them is at most n (t/n)^2/8.
"""

P = vector("P", m, simplex=True)  # the probabilities of the samples
s, h = index("s", m), index("h", H)
eps = scalar("eps", positive=True)
true, measured = scalar("r"), vector("x", m)  # the risk of one rule, and what each sample says of it
low = vector("l", m, binary=True)  # 1 where that is too low, by eps or more
far = assume(exp(t * eps) * low[s], at_most(exp(t * (true - measured[s]))))
hoeffding = assume(
    Sum(P[u] * exp(t * (true - measured[u])) for u in over(m)),
    at_most(exp(t**2 / (8 * n))),
)
one = derive(
    Sum(P[u] * low[u] for u in over(m)),
    at_most(exp(-t * eps) * Sum(P[u] * exp(t * (true - measured[u])) for u in over(m)), by(far)),
    at_most(exp(-t * eps) * exp(t**2 / (8 * n)), by(hoeffding)),
    equals(exp(t**2 / (8 * n) - t * eps), algebra),
    given=(far, hoeffding),
)
"""One rule

is seldom measured too low by eps: Chernoff's bound, at any t that the hypotheses hold for.
"""
sharpest = derive(
    t**2 / (8 * n) - t * eps,
    equals((t - 4 * n * eps) ** 2 / (8 * n) - 2 * n * eps**2, algebra),
    at_least(-2 * n * eps**2, positivity),
)
"""The best t

is 4 n eps: the exponent is as low as it can be, -2 n eps^2.
"""
B = matrix("B", m, H, binary=True)  # 1 where rule h is measured too low
each_rule = assume(Sum(P[u] * B[u, h] for u in over(m)), at_most(exp(-2 * n * eps**2)))
b = vector("b", m, binary=True)  # 1 where any of the rules is
union = assume(b[s], at_most(Sum(B[s, k] for k in over(H))))
all_rules = derive(
    Sum(P[u] * b[u] for u in over(m)),
    at_most(Sum(P[u] * B[u, k] for u in over(m) for k in over(H)), by(union)),
    at_most(H * exp(-2 * n * eps**2), by(each_rule)),
    given=(union, each_rule),
)
"""All rules at once

The union bound: at most H times as often.
"""
delta = scalar("delta", unit_interval=True)
radius = let("r", sqrt(log(H / delta) / (2 * n)))
confidence = derive(
    H * exp(-2 * n * (log(H / delta) / (2 * n))),
    equals(delta, algebra),
)
"""The width for a given confidence

With eps^2 = log(H/delta)/(2n) the bound is delta: with probability 1 - delta no rule's risk is above its measured one
by more.
"""

R = vector("R", H)  # the risks of the rules,
e = vector("e", H)  # the measured ones in one sample,
v = vector("v", H, one_hot=True)  # and the rule that looks best there
not_low = assume(R[h], at_most(e[h] + eps))
not_high = assume(e[h], at_most(R[h] + eps))
best = assume(dot(v, e), at_most(e[h]))
minimisation = derive(
    dot(v, R),
    at_most(dot(v, e) + eps, by(not_low)),
    at_most(e[h] + eps, by(best)),
    at_most(R[h] + 2 * eps, by(not_high)),
    given=(not_low, not_high, best),
)
"""Empirical risk minimisation

Where no rule is measured wrong by more than eps, the rule that looks best is worse than any other by 2 eps at most.
"""

bound_code = agrees(e + radius, by_hand.bounds)
