"""Naive Bayes.

Pretend that within a class the features have nothing to do with each other: then learning is counting, feature by
feature, and the classifier is linear.

A document is described by the words that occur in it (Bernoulli) or by how often each occurs (multinomial). Each class
is learnt by itself: c says which documents belong to it. A word that was never seen in the class gets probability 0,
and that one word decides everything; so one adds a little to every count, which is what a prior does.

Source: Maron (1961); McCallum and Nigam (1998); Manning, Raghavan and Schuetze, Introduction to Information Retrieval
(2008), ch. 13; Hastie, Tibshirani and Friedman, sec. 6.6.3.
"""

from chainrule import (
    Normal,
    Sum,
    agrees,
    algebra,
    assume,
    by,
    derive,
    dims,
    dot,
    equals,
    exp,
    let,
    log,
    matrix,
    minimise,
    over,
    scalar,
    sigmoid,
    total,
    vector,
)
from numerics import naive_bayes as by_hand

N, V = dims("N V")
c = vector("c", N, binary=True)  # which documents are of the class
a, b = scalar("a", positive=True), scalar("b", positive=True)  # what is added to the counts

X = matrix("X", N, V, binary=True)  # the words that occur in a document, one document a row
t = vector("theta", V, unit_interval=True)
surprise = -Sum(c[i] * (dot(X[i], log(t)) + dot(1 - X[i], log(1 - t))) for i in over(N))
words = minimise(surprise, t)
words_stationary = words.stationary
"""How often a word occurs

The share of the documents of the class that have it.
"""
words_lowest = words.lowest
"""Nothing is more probable"""
smoothed_words = minimise(surprise - a * total(log(t)) - b * total(log(1 - t)), t)
smoothed_stationary = smoothed_words.stationary
"""With a documents more that have it, and b that do not

which is the most probable value under a Beta prior with the exponents a and b: never 0, never 1.
"""
smoothed_lowest = smoothed_words.lowest
"""The smoothed share is the only lowest point"""

M = matrix("M", N, V, nonnegative=True)  # how often each word occurs
p = vector("p", V, positive=True)
sums_to_one = assume(total(p), equals(1))
tokens = minimise(-Sum(c[i] * dot(M[i], log(p)) for i in over(N)) - a * total(log(p)), p, subject_to=sums_to_one)
tokens_stationary = tokens.stationary
"""Counts of words

Their share in all words of the class, each count larger by a.
"""
tokens_feasible = tokens.feasible[0]
"""These are probabilities"""
tokens_lowest = tokens.lowest
"""and no others are more probable."""

x = vector("x", V, binary=True)  # a new document
t0, t1 = vector("theta0", V, unit_interval=True), vector("theta1", V, unit_interval=True)
pi0, pi1 = scalar("pi0", positive=True), scalar("pi1", positive=True)
joint0 = let("ell0", log(pi0) + dot(x, log(t0)) + dot(1 - x, log(1 - t0)))
joint1 = let("ell1", log(pi1) + dot(x, log(t1)) + dot(1 - x, log(1 - t1)))
w = let("w", log(t1 / (1 - t1)) - log(t0 / (1 - t0)))
w0 = let("w0", total(log(1 - t1)) - total(log(1 - t0)) + log(pi1) - log(pi0))
linear = derive(
    joint1 - joint0,
    equals(dot(w, x) + w0, algebra),
)
"""The classifier is linear

Each word votes with its log-odds in one class, less those in the other.
"""
posterior = derive(
    exp(joint1) / (exp(joint0) + exp(joint1)),
    equals(1 / (1 + exp(-(joint1 - joint0))), algebra),
    equals(sigmoid(dot(w, x) + w0), by(linear)),
)
"""The posterior is logistic"""

z = vector("z", V)  # a document of numbers
m0, m1, sigma_sq = vector("mu0", V), vector("mu1", V), vector("sigma_sq", V, positive=True)
numbers = derive(
    Sum(Normal(m1[v], sigma_sq[v]).log_density(z[v]) - Normal(m0[v], sigma_sq[v]).log_density(z[v]) for v in over(V)),
    equals(dot((m1 - m0) / sigma_sq, z - (m0 + m1) / 2), algebra),
)
"""Numbers with one variance a feature

Linear discriminant analysis with a diagonal covariance.
"""

words_code = agrees(smoothed_words.point, by_hand.bernoulli)
tokens_code = agrees(tokens.point, by_hand.multinomial)
odds_code = agrees(linear.last, by_hand.log_odds)
