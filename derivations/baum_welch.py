"""Baum and Welch's step.

A machine stands in one of K states, and moves; what is seen is drawn by the state, which nobody sees. Only two things
are asked of the hidden path: how probable each state is at each moment, gamma, and each pair of states at two moments,
xi.

One declaration gives both steps. Forwards and backwards are recurrences in logarithms, each a sum over the states at
every moment instead of one over all K^T paths. In the M-step the first state is as it was guessed, the moves are
counted, and what a state emits is estimated as in a mixture, whatever its law is: counts, letters or points.

That each recursion is right, moment by moment, is shown in the chapter before; that the step climbs is the argument for
a mixture whose classes are the paths.

Source: Baum, Petrie, Soules and Weiss (1970); Rabiner (1989); Bishop, PRML, sec. 13.2.
"""

from chainrule import (
    Categorical,
    Gaussian,
    Markov,
    Model,
    Poisson,
    agrees,
    choice,
    dims,
    expectation_maximisation,
    index,
    matrix,
    tensor,
    vector,
)
from numerics import hidden_markov as by_hand

T, K, d, V = dims("T K d V")
t = index("t", T)
z = choice("z", T, K)  # the state at each moment
n = vector("n", T, nonnegative=True)  # counts
L = matrix("L", T, V, one_hot=True)  # letters, one a row
X = matrix("X", T, d)  # points

pi = vector("pi", K, simplex=True)  # the first state
A = matrix("A", K, K, stochastic_rows=True)  # from row to column
lam = vector("lam", K, positive=True)
q = matrix("q", K, V, simplex=True)
mu = matrix("mu", K, d)
Sigma = tensor("Sigma", K, d, d, positive_definite=True)

path = {z[t]: Markov(pi, A)}

counts = expectation_maximisation(Model(parameters=(pi, A, lam), hidden=path, seen={n[t]: Poisson(lam[z[t]])}))
counts_states = agrees(counts.marginals, by_hand.poisson_marginals, x="n")
"""How probable each state is, from all that is seen."""
counts_moves_code = agrees(counts.steps["A"], by_hand.transitions)
counts_rates_code = agrees(counts.steps["lam"], by_hand.poisson_rates, x="n")

letters = expectation_maximisation(Model(parameters=(pi, A, q), hidden=path, seen={L[t]: Categorical(q[z[t]])}))
letters_code = agrees(letters.steps["q"], by_hand.letter_chances, X="L")

points = expectation_maximisation(
    Model(parameters=(pi, A, mu, Sigma), hidden=path, seen={X[t]: Gaussian(mu[z[t]], Sigma[z[t]])})
)
points_states = agrees(points.marginals, by_hand.gaussian_marginals)
