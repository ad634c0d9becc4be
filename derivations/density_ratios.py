"""What contrastive losses learn.

Telling real pairs from mismatched ones needs the ratio of their probabilities, and nothing else. So the best critic is
the logarithm of that ratio, and the loss at it measures how much one view says of the other.

Everything here is discrete, and all probabilities are positive.

Source: Gutmann and Hyvärinen, Noise-contrastive estimation, AISTATS (2010); Levy and Goldberg, Neural word embedding
as implicit matrix factorization, NeurIPS (2014); van den Oord, Li and Vinyals (2018); Poole et al., On variational
bounds of mutual information, ICML (2019).
"""

from chainrule import (
    Sum,
    agrees,
    assume,
    at_most,
    by,
    cited,
    derive,
    differentiate,
    dims,
    each,
    equals,
    exp,
    grad,
    index,
    let,
    log,
    logsumexp,
    matrix,
    over,
    scalar,
    softmax,
    softplus,
    total,
    vector,
)
from numerics import density_ratios as by_hand

n, m, K = dims("n m K")
a, b = vector("a", n, positive=True), vector("b", n, positive=True)  # p(y_j | x) and p(y_j) of n candidates
c = scalar("c")  # may depend on x
s = vector("s", n)

posterior = a / b / total(a / b)
critic = derive(
    softmax(log(a) - log(b) + c),
    equals(posterior),
)
"""The best critic

Among n candidates one was drawn with x, the others without. By Bayes' rule the odds of each are a / b, and a softmax
says exactly that where its scores are log(a / b), up to a number c that may depend on x.
"""
surprise = logsumexp(s) - total(posterior * s)
stationary = derive(
    grad(surprise, s).at(s, log(a) - log(b) + c),
    equals(softmax(log(a) - log(b) + c) - posterior, differentiate),
    equals(0, by(critic)),
)
"""InfoNCE is stationary there

In the mean over which candidate is the right one, given what is seen.
"""

p, q = vector("p", K, positive=True, simplex=True), vector("q", K, positive=True, simplex=True)
F = matrix("F", K, n, positive=True)  # e^f of the n pairs of an outcome, the right one first
M = let("M", total(F, axis=1) / n)
u, o = index("u", n), index("o", K)
e = scalar("e")
alike = assume(Sum(q[k] * F[k, u] / M[k] for k in over(K)), equals(e))
one = derive(
    n * e,
    equals(Sum(Sum(q[k] * F[k, v] / M[k] for k in over(K)) for v in over(n)), by(alike)),
    equals(Sum(q[k] * total(F, axis=1)[k] / M[k] for k in over(K))),
    equals(n),
)
"""A mismatched pair is not better than others

Let q be the law of x and n candidates that all have nothing to do with x. Then the share e that each has of the sum
is the same, and they add up to n: e = 1.
"""

r = vector("r", K, positive=True)  # how good the right candidate is, beside the mean
fair = assume(total(q * r), equals(1))
below = cited(
    log(q[o] * r[o] / p[o]),
    at_most(q[o] * r[o] / p[o] - 1),
    theorem="1 + t <= e^t",
    source="Hardy, Littlewood and Polya, Inequalities (2nd ed.), sec. 4.2",
)
divergence = Sum(p[k] * log(p[k] / q[k]) for k in over(K))
bound = derive(
    Sum(p[k] * log(r[k]) for k in over(K)) - divergence,
    equals(Sum(p[k] * log(q[k] * r[k] / p[k]) for k in over(K))),
    at_most(Sum(p[k] * (q[k] * r[k] / p[k] - 1) for k in over(K)), by(below)),
    equals(total(q * r) - 1),
    equals(0, by(fair)),
)
"""InfoNCE is a bound on mutual information

Under p the first candidate does belong to x. With r = F_1 / M, which by the line above has mean 1 under q, the first
sum is log n less the loss; the divergence of p from q is the mutual information of x and y. So log n - loss is never
more than it.
"""

f = vector("f", K)
k = scalar("k", positive=True)
noise = total(p * softplus(-f)) + k * total(q * softplus(f))
by_score = derive(
    grad(noise, f),
    equals(k * q * (1 - 1 / (1 + exp(f))) - p / (1 + exp(f)), differentiate),
)
"""Noise-contrastive estimation

Real examples of law p, and k times as many of noise of law q.
"""
consistent = derive(
    by_score.last.at(f, log(p / (k * q))),
    equals(0),
)
"""It finds the ratio

And with it p itself, since the noise's law q is known: no normalising constant was computed.
"""

C = matrix("C", m, n, positive=True)  # how often a word and a context were seen together
S = matrix("S", m, n)  # their scores
words, contexts = let("c", total(C, axis=1)), let("d", total(C, axis=0))
drawn = each(words[i] * contexts[j] / total(C) for i in over(m) for j in over(n))
skip_gram = total(C * softplus(-S)) + k * total(drawn * softplus(S))
pmi = each(log(C[i, j] * total(C) / (words[i] * contexts[j])) - log(k) for i in over(m) for j in over(n))
factorised = derive(
    grad(skip_gram, S).at(S, pmi),
    equals(0, differentiate),
)
"""Word vectors

Skip-grams with k negative examples: were every score free, the best one would be the pointwise mutual information less
log k. Products of word and context vectors factorise that matrix.
"""

posterior_code = agrees(posterior, by_hand.positive_posterior)
noise_code = agrees(noise, by_hand.noise_contrastive)
noise_gradient_code = agrees(grad(noise, f), by_hand.noise_contrastive_gradient)
noise_best_code = agrees(log(p / (k * q)), by_hand.noise_contrastive_best)
pmi_code = agrees(pmi, by_hand.shifted_pmi)
