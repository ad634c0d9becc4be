"""Gibbs' inequality and data processing.

A code made for the wrong law is longer on average, never shorter. And nothing that is done to the outcomes can tell two
laws apart better than the outcomes themselves.

Both are the tangent of the logarithm at 1, averaged. The laws are on finitely many outcomes, each of positive
probability.

Source: Gibbs (1902); Cover and Thomas, Elements of Information Theory (2nd ed.), theorems 2.6.3 and 2.8.1.
"""

from chainrule import (
    Sum,
    agrees,
    algebra,
    at_most,
    by,
    cited,
    derive,
    dims,
    each,
    equals,
    index,
    let,
    log,
    matrix,
    over,
    vector,
)
from numerics import gibbs as by_hand

n, K = dims("n K")
p = vector("p", n, simplex=True, positive=True)
q = vector("q", n, simplex=True, positive=True)
i, k = index("i", n), index("k", K)

below = cited(
    log(q[i] / p[i]),
    at_most(q[i] / p[i] - 1),
    theorem="1 + t <= e^t",
    source="Hardy, Littlewood and Polya, Inequalities (2nd ed.), sec. 4.2",
)
divergence = Sum(p[j] * log(p[j] / q[j]) for j in over(n))
gibbs = derive(
    -divergence,
    equals(Sum(p[j] * log(q[j] / p[j]) for j in over(n)), algebra),
    at_most(Sum(p[j] * (q[j] / p[j] - 1) for j in over(n)), by(below)),
    equals(0, algebra),
)
"""Gibbs' inequality

The divergence of p from q is never negative.
"""
entropy = -Sum(p[j] * log(p[j]) for j in over(n))
cross = derive(
    entropy,
    equals(-Sum(p[j] * log(q[j]) for j in over(n)) - divergence, algebra),
    at_most(-Sum(p[j] * log(q[j]) for j in over(n)), by(gibbs)),
)
"""The wrong code is longer"""
uniform = derive(
    entropy,
    equals(log(n) - Sum(p[j] * log(p[j] * n) for j in over(n)), algebra),
)
"""Against all outcomes alike

The entropy is log n less the divergence from the uniform law,
"""
flat = cited(
    log(1 / (n * p[i])),
    at_most(1 / (n * p[i]) - 1),
    theorem="1 + t <= e^t",
    source="Hardy, Littlewood and Polya, Inequalities (2nd ed.), sec. 4.2",
)
largest = derive(
    entropy - log(n),
    equals(Sum(p[j] * log(1 / (n * p[j])) for j in over(n)), algebra),
    at_most(Sum(p[j] * (1 / (n * p[j]) - 1) for j in over(n)), by(flat)),
    equals(0, algebra),
)
"""The largest entropy

and so is at most log n.
"""

W = matrix("W", n, K, stochastic_rows=True, positive=True)  # what becomes of each outcome
P = let("P", each(Sum(p[j] * W[j, k] for j in over(n)) for k in over(K)))
Q = let("Q", each(Sum(q[j] * W[j, k] for j in over(n)) for k in over(K)))
tangent = cited(
    p[i] * W[i, k] * log(q[i] * P[k] / (p[i] * Q[k])),
    at_most(W[i, k] * q[i] * P[k] / Q[k] - p[i] * W[i, k]),
    theorem="1 + t <= e^t",
    source="Hardy, Littlewood and Polya, Inequalities (2nd ed.), sec. 4.2",
)
processing = derive(
    Sum(P[k] * log(P[k] / Q[k]) for k in over(K)) - divergence,
    equals(Sum(p[j] * W[j, k] * log(q[j] * P[k] / (p[j] * Q[k])) for j in over(n) for k in over(K)), algebra),
    at_most(Sum(W[j, k] * q[j] * P[k] / Q[k] - p[j] * W[j, k] for j in over(n) for k in over(K)), by(tangent)),
    equals(0, algebra),
)
"""Data processing

After a noisy channel W the two laws are no further apart.
"""

divergence_code = agrees(divergence, by_hand.divergence)
entropy_code = agrees(entropy, by_hand.entropy)
