"""Costs, and the right to say nothing.

Errors have prices. Where a missed illness costs nine times a false alarm, the alarm is rung at a probability of a
tenth; and where neither answer is cheap enough, the best answer is none.

P[i, k] is the probability of input i together with class k, L[k, a] the price of action a where the class is k. One of
the actions may be to reject.

Source: Chow (1970); Elkan (2001); Bishop, PRML, sec. 1.5.2-1.5.3; Duda, Hart and Stork (2nd ed.), sec. 2.2.
"""

from chainrule import (
    Sum,
    agrees,
    algebra,
    as_node,
    assume,
    at_least,
    at_most,
    by,
    derive,
    dims,
    dot,
    equals,
    index,
    let,
    matrix,
    maximum,
    over,
    positivity,
    relu,
    scalar,
    total,
    vector,
)
from numerics import reject_option as by_hand

n, K, A = dims("n K A")
P = matrix("P", n, K, nonnegative=True)
L = matrix("L", K, A)
D = matrix("D", n, A, stochastic_rows=True)  # what is done at each input
B = matrix("B", n, A, one_hot_rows=True)  # and what is cheapest there
i, a = index("i", n), index("a", A)

cost = let("C", P @ L)
cheapest = assume((P @ L)[i, a], at_least(Sum(B[i, b] * (P @ L)[i, b] for b in over(A))))
optimal = derive(
    total(D * cost),
    at_least(
        Sum(D[j, b] * Sum(B[j, c] * (P @ L)[j, c] for c in over(A)) for j in over(n) for b in over(A)), by(cheapest)
    ),
    equals(total(B * cost), algebra),
)
"""The cheapest action

At each input the action whose expected price is least: nothing that is done costs less on the whole.
"""

eta = scalar("eta")  # the probability of class 1
fp, fn = scalar("fp", positive=True), scalar("fn", positive=True)  # prices of a false alarm and of a miss
tau = let("tau", fp / (fp + fn))
alarm, silence = let("C1", fp * (1 - eta)), let("C0", fn * eta)
threshold = derive(
    silence - alarm,
    equals((fp + fn) * (eta - tau), algebra),
)
"""Two classes, two prices

An alarm is cheaper exactly where the probability is above tau = fp / (fp + fn).
"""
least = derive(
    silence - relu((fp + fn) * (eta - tau)),
    at_most(alarm, positivity),
)
"""The least price

is below both: here that of the alarm,
"""
least_too = derive(
    silence - relu((fp + fn) * (eta - tau)),
    at_most(silence, positivity),
)
"""and that of silence."""
f0, f1 = scalar("f0", positive=True), scalar("f1", positive=True)  # densities of the two classes at x
q0, q1 = scalar("q0", positive=True), scalar("q1", positive=True)  # their proportions
ratio = derive(
    fn * (q1 * f1 / (q0 * f0 + q1 * f1)) - fp * (1 - q1 * f1 / (q0 * f0 + q1 * f1)),
    equals(fn * q1 * f0 / (q0 * f0 + q1 * f1) * (f1 / f0 - fp * q0 / (fn * q1)), algebra),
)
"""Prices and proportions do the same

The likelihood ratio is compared with fp q0 / (fn q1): a rare class is like a cheap miss.
"""

p = vector("p", K, simplex=True)  # the probabilities of the classes at one input,
b = vector("b", K, one_hot=True)  # a most probable one,
d = vector("d", K, nonnegative=True)  # how often each is named,
s = scalar("s", nonnegative=True)  # how often none is,
r = scalar("r", nonnegative=True)  # and what that costs; an error costs 1
k = index("k", K)
whole = assume(total(d) + s, equals(1))
top = assume(p[k], at_most(dot(b, p)))
sure, unsure = assume(dot(b, p), at_least(1 - r)), assume(dot(b, p), at_most(1 - r))
answer = derive(
    dot(d, 1 - p) + r * s,
    at_least(total(d) * (1 - dot(b, p)) + r * s, by(top)),
    equals(1 - dot(b, p) + s * (r - (1 - dot(b, p))), by(whole)),
    at_least(1 - dot(b, p), by(sure)),
    given=(whole, sure),
)
"""Chow's rule: when to answer

Where the most probable class has at least the probability 1 - r, to name it is cheapest;
"""
silent = derive(
    dot(d, 1 - p) + r * s,
    at_least(total(d) * (1 - dot(b, p)) + r * s, by(top)),
    equals(r + total(d) * ((1 - dot(b, p)) - r), by(whole)),
    at_least(r, by(unsure)),
    given=(whole, unsure),
)
"""When to be silent

where it has less, to reject is.
"""
pointless = derive(
    as_node(K) * dot(b, p) - 1,
    equals(Sum(dot(b, p) - p[h] for h in over(K)), algebra),
    at_least(0, by(top)),
)
"""A price that is never paid

The most probable of K classes has at least the probability 1/K: from r = 1 - 1/K on nobody rejects.
"""

cost_code = agrees(cost, by_hand.expected_prices)
threshold_code = agrees(tau, by_hand.threshold)
chow_code = agrees(r - relu(r - (1 - maximum(p))), by_hand.chow)
