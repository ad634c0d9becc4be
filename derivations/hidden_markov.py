"""Hidden Markov models, step by step.

A mixture whose class at one moment hangs on the class before. What is added to EM for mixtures is one matrix, the
probabilities A[j, k] of going from state j to state k, and one recursion each way along the sequence.

Each recursion is shown for one step, whatever stands before and behind it; for a whole sequence the steps follow each
other. The M-step is shown for all of a sequence: the chain as counted, each state's emissions as in a mixture, with the
weights gamma[:, k].

Source: Baum, Petrie, Soules and Weiss (1970); Rabiner (1989); Bishop, PRML, sec. 13.2.
"""

from chainrule import (
    Sum,
    agrees,
    algebra,
    assume,
    by,
    derive,
    dims,
    dot,
    each,
    equals,
    exp,
    let,
    log,
    logsumexp,
    matrix,
    minimise,
    ones,
    over,
    tensor,
    total,
    vector,
)
from numerics import hidden_markov as by_hand

T, K = dims("T K")
A = matrix("A", K, K, stochastic_rows=True, positive=True)  # from row to column
b = vector("b", K, positive=True)  # p(x' | z' = k), the next moment's
alpha = vector("alpha", K, positive=True)  # p(x_1, ..., x_t, z_t = j)
beta_next = vector("beta_next", K, positive=True)  # p(what comes after x' | z' = k)

alpha_next = let("alpha_next", b * (A.T @ alpha))
beta = let("beta", A @ (b * beta_next))

same = derive(
    dot(alpha_next, beta_next),
    equals(dot(A.T @ alpha, b * beta_next), algebra),
    equals(dot(alpha, beta), algebra),
)
"""The likelihood is the same at every moment

p(x) is the sum of alpha beta, wherever along the sequence it is taken: one step changes nothing.
"""

xi = let("xi", each(alpha[j] * A[j, k] * b[k] * beta_next[k] / dot(alpha, beta) for j in over(K) for k in over(K)))
gamma, gamma_next = let("gamma", alpha * beta / dot(alpha, beta)), let("gamma_next", alpha_next * beta_next)
leaving = derive(
    total(xi, axis=1),
    equals(gamma, algebra),
)
"""The pairs of states that leave one

sum to how probable it is,
"""
entering = derive(
    total(xi, axis=0),
    equals(gamma_next / dot(alpha_next, beta_next), algebra),
)
"""and those that enter one, to how probable that is."""
whole = derive(
    total(xi),
    equals(1, algebra),
)
"""All pairs together"""

log_alpha, log_b, log_beta = vector("log_alpha", K), vector("log_b", K), vector("log_beta", K)
paths = each(log_alpha[j] + log(A[j, k]) for j in over(K) for k in over(K))
forward_log = let("forward", log_b + logsumexp(paths, axis=0))
forward = derive(
    exp(forward_log),
    equals(exp(log_b) * (A.T @ exp(log_alpha)), algebra),
)
"""Forward, in logarithms

A product of many probabilities is too small for a computer; its logarithm is not.
"""
ahead = each(log(A[j, k]) + log_b[k] + log_beta[k] for j in over(K) for k in over(K))
backward_log = let("backward", logsumexp(ahead, axis=1))
backward = derive(
    exp(backward_log),
    equals(A @ (exp(log_b) * exp(log_beta)), algebra),
)
"""Backward"""

c = let("c", total(alpha_next))
scaled = derive(
    log(total(alpha_next * beta_next)),
    equals(log(c) + log(total(alpha_next / c * beta_next)), algebra),
)
"""Or scaled

Each step is divided by its sum, and the logarithms of the sums are added up.
"""

forward_code = agrees(forward_log, by_hand.forward_step)
backward_code = agrees(backward_log, by_hand.backward_step)

first = vector("first", K, nonnegative=True)  # gamma at the first moment, which sums to 1
known = assume(total(first), equals(1))
pi = vector("pi", K, positive=True)
start = minimise(-dot(first, log(pi)), pi, subject_to=assume(total(pi), equals(1)), given=known)
start_point = derive(start.point, equals(first, by(known)), given=start.given)
start_lowest = start.lowest
"""The first state

as it was guessed.
"""

xis = tensor("xi", T, K, K, nonnegative=True)  # one a step, from row to column
P = matrix("P", K, K, positive=True)
chain = minimise(
    -Sum(xis[t, j, k] * log(P[j, k]) for t in over(T) for j in over(K) for k in over(K)),
    P,
    subject_to=assume(total(P, axis=1), equals(ones(K))),
)
chain_stationary = chain.stationary
chain_feasible = chain.feasible[0]
chain_lowest = chain.lowest
chain_code = agrees(chain.point, by_hand.transitions)
"""The transitions

as they were counted, each row divided by how often its state is left.
"""
