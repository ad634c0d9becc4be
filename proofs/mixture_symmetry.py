"""What a mixture does not tell: the order of its classes, and how many there are.

Exchange two classes, with their weights, means and variances, and no example is more or less probable. Every order of K
classes is reached by exchanges, so that a best fit comes K! times.

How many classes is not told either: the best likelihood never falls with K. The information criterion of Schwarz takes
off half the logarithm of N for each free parameter.

Source: Redner and Walker (1984); Schwarz (1978); McLachlan and Peel, Finite Mixture Models (2000), sec. 1.14.
"""

from chainrule import (
    Normal,
    Sum,
    agrees,
    algebra,
    derive,
    dims,
    equals,
    exp,
    expand,
    let,
    log,
    over,
    rational,
    scalar,
    vector,
)
from numerics import mixture_symmetry as by_hand

N, K, d = dims("N K d")
x = vector("x", N)
p, m, s = scalar("p", positive=True), scalar("m"), scalar("s", positive=True)
q, n, t = scalar("q", positive=True), scalar("n"), scalar("t", positive=True)
rest = vector("R", N, nonnegative=True)  # the densities of the classes that stay


def likelihood(first, second):
    """Of two classes, each with weight, mean and variance, and the rest."""
    (a, mu, u), (b, nu, w) = first, second
    one, other = Normal(mu, u), Normal(nu, w)
    return Sum(log(a * exp(one.log_density(x[i])) + b * exp(other.log_density(x[i])) + rest[i]) for i in over(N))


exchanged = derive(
    likelihood((p, m, s), (q, n, t)),
    equals(likelihood((q, n, t), (p, m, s)), algebra),
)
"""Two classes exchanged"""

classes = scalar("k", positive=True)
free = (classes - 1) + classes * d + classes * d * (d + 1) * rational(1, 2)
ll = scalar("ell")
criterion = let("BIC", -2 * ll + free * log(N))
one_more = derive(
    free.at(classes, classes + 1) - free,
    equals(1 + d + d * (d + 1) * rational(1, 2), expand),
)
"""What a class costs

A weight, a mean and a covariance: so many free parameters.
"""
worth = derive(
    criterion.at(classes, classes + 1) - criterion,
    equals((1 + d + d * (d + 1) * rational(1, 2)) * log(N), expand),
)
"""and so much the likelihood has to rise

twice, for the criterion to ask for it.
"""

likelihood_code = agrees(likelihood((p, m, s), (q, n, t)), by_hand.log_likelihood)
