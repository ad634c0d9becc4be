"""The Bayes classifier.

If the probability of each class were known, the best that could be done is to name the most probable one, and nobody
can be wrong less often.

There are n possible inputs, and P[i, k] is the probability of input i together with class k. A classifier D names a
class for each input, or draws one; B names a most probable one.

Source: Devroye, Gyoerfi and Lugosi, A Probabilistic Theory of Pattern Recognition (1996), theorem 2.1 and sec. 2.6.
"""

from chainrule import (
    Sum,
    abs_,
    agrees,
    algebra,
    assume,
    at_least,
    at_most,
    by,
    delta,
    derive,
    dims,
    equals,
    index,
    let,
    matrix,
    maximum,
    over,
    positivity,
    relu,
    total,
    vector,
)
from numerics import bayes_classifier as by_hand

n, K = dims("n K")
P = matrix("P", n, K, nonnegative=True)
D = matrix("D", n, K, stochastic_rows=True)
B = matrix("B", n, K, one_hot_rows=True)
i, k = index("i", n), index("k", K)

certain = assume(total(P), equals(1))
most_probable = assume(P[i, k], at_most(Sum(B[i, l] * P[i, l] for l in over(K))))
risk = let("R(D)", 1 - total(D * P))
wrong_class = derive(
    Sum(D[a, l] * P[a, h] * (1 - delta(l, h)) for a in over(n) for l in over(K) for h in over(K)),
    equals(total(P) - total(D * P), algebra),
    equals(risk, by(certain)),
)
"""How often it is wrong

is one less how often it names the class that is there.
"""
optimal = derive(
    risk,
    at_least(
        1 - Sum(D[a, l] * Sum(B[a, h] * P[a, h] for h in over(K)) for a in over(n) for l in over(K)), by(most_probable)
    ),
    equals(1 - total(B * P), algebra),
)
"""No classifier is wrong less often

At every input the most probable class is at least as probable as what D names.
"""

q = vector("q", n, simplex=True)  # the probabilities of the inputs;
eta = vector("eta", n)  # there are two classes, -1 and 1; the probability of 1
s, t = vector("s", n, labels=True), vector("t", n, labels=True)  # what the best classifier names, and another
best_label = assume(abs_(2 * eta[i] - 1), equals((2 * eta[i] - 1) * s[i]))
wrong = {c: Sum(q[j] * (eta[j] * (1 - c[j]) / 2 + (1 - eta[j]) * (1 + c[j]) / 2) for j in over(n)) for c in (s, t)}
excess = derive(
    wrong[t] - wrong[s],
    equals(Sum(q[j] * (2 * eta[j] - 1) * (s[j] - t[j]) / 2 for j in over(n)), algebra),
    equals(Sum(q[j] * ((2 * eta[j] - 1) * s[j]) * (s[j] - t[j]) ** 2 / 4 for j in over(n)), algebra),
    equals(Sum(q[j] * abs_(2 * eta[j] - 1) * (s[j] - t[j]) ** 2 / 4 for j in over(n)), by(best_label)),
    at_least(0, positivity),
)
"""Two classes

What is lost by naming the other class is the distance of its probability from a half, doubled.
"""
e = vector("e", n)  # an estimate of eta,
r = vector("r", n, labels=True)  # any labels,
plug = assume((2 * e[i] - 1) * r[i], at_most((2 * e[i] - 1) * t[i]))  # and those that the estimate names
size = derive(
    2 * abs_(eta[i] - e[i]),
    equals(
        (eta[i] - e[i]) * (r[i] - t[i])
        + relu(eta[i] - e[i]) * ((1 - r[i]) ** 2 + (1 + t[i]) ** 2) / 2
        + relu(e[i] - eta[i]) * ((1 + r[i]) ** 2 + (1 - t[i]) ** 2) / 2,
        algebra,
    ),
    at_least((eta[i] - e[i]) * (r[i] - t[i]), positivity),
)
"""A difference of labels is at most 2"""
plug_in = derive(
    Sum(q[j] * (2 * eta[j] - 1) * (r[j] - t[j]) / 2 for j in over(n)),
    at_most(Sum(q[j] * ((eta[j] - e[j]) * (r[j] - t[j])) for j in over(n)), by(plug)),
    at_most(Sum(q[j] * (2 * abs_(eta[j] - e[j])) for j in over(n)), by(size)),
)
"""Classifying by an estimate

Whoever names the class that an estimate e holds for more probable loses at most twice the mean error of e: it is enough
to be right about which side of a half it is on.
"""

best_code = agrees(1 - total(maximum(P, axis=1)), by_hand.bayes_risk)
risk_code = agrees(risk, by_hand.risk)
