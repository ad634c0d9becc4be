"""The bound under the likelihood, and why EM climbs.

How probable the data are is a sum over everything that might be hidden, inside a logarithm. Any guess q at what is
hidden gives a bound from below that has the sum outside; the better the guess, the closer the bound.

J[i, k] is the log joint density of example i and class k, whatever the model: nothing is asked of it. The posterior r
is its softmax, the log-likelihood the sum of its log-sum-exps.

Source: Dempster, Laird and Rubin (1977), theorem 1; Neal and Hinton (1998); Bishop, PRML, sec. 9.4.
"""

from chainrule import (
    agrees,
    algebra,
    assume,
    at_least,
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
    softmax,
    total,
)
from numerics import em as by_hand

N, K = dims("N K")
i, k = index("i", N), index("k", K)
J = matrix("J", N, K)  # log p(x_i, z_i = k)
q = matrix("q", N, K, stochastic_rows=True, positive=True)  # any guess

evidence = total(logsumexp(J, axis=1))
r = let("r", softmax(J, axis=1))
bayes = derive(
    r,
    equals(each(exp(J[n, m] - logsumexp(J, axis=1)[n]) for n in over(N) for m in over(K)), algebra),
)
"""Bayes' rule

The posterior is the softmax of the log joint,
"""
responsibilities = derive(
    grad(evidence, J),
    equals(r, differentiate),
)
"""and the slope of the log-likelihood

in it: what an example pulls at a class is how probable the class is for it.
"""


def gibbs(p, other):
    return cited(
        p[i, k] * log(other[i, k] / p[i, k]),
        at_most(other[i, k] - p[i, k]),
        theorem="1 + t <= e^t",
        source="Hardy, Littlewood and Polya, Inequalities (2nd ed.), sec. 4.2",
    )


bound = total(q * (J - log(q)))
elbo = derive(
    evidence,
    equals(bound + total(q * (log(q) - log(r))), algebra),
    equals(bound - total(q * log(r / q)), algebra),
    at_least(bound - total(r - q), by(gibbs(q, r))),
    equals(bound, algebra),
)
"""The bound

The log-likelihood is the bound and the divergence of the guess from the posterior, which is never negative.
"""
tight = derive(
    total(r * (J - log(r))),
    equals(evidence, algebra),
)
"""The best guess

is the posterior: the bound touches.
"""

J_new = matrix("J_new", N, K)  # at other parameters
s = let("r_new", softmax(J_new, axis=1))
gain = total(r * J_new) - total(r * J)
raised = assume(total(r * J), at_most(total(r * J_new)))
ascent = derive(
    total(logsumexp(J_new, axis=1)) - evidence,
    equals(gain - total(r * log(s / r)), algebra),
    at_least(gain - total(s - r), by(gibbs(r, s))),
    equals(gain, algebra),
    at_least(0, by(raised)),
)
"""EM climbs

Whatever raises Q raises the likelihood by as much or more.
"""

posterior_code = agrees(r, by_hand.posterior, log_joint="J")
evidence_code = agrees(evidence, by_hand.total_evidence, log_joint="J")
bound_code = agrees(bound, by_hand.bound, r="q", log_joint="J")
