"""k-means as the limit of a mixture.

Give all components one variance and let it go to nothing: the responsibility of every component but the nearest
vanishes, and what is left is the nearest centre's. How fast is said by one inequality.

For one example, D holds the squared distances to the K centres. Nothing is taken to a limit: the bound is for every
variance sigma_sq, and of any two components; with m the nearest it goes to 0 for all others.

Source: Bishop, PRML, sec. 9.3.2; Kulis and Jordan (2012).
"""

from chainrule import (
    Sum,
    agrees,
    algebra,
    at_least,
    delta,
    derive,
    dims,
    equals,
    exp,
    index,
    let,
    log,
    over,
    scalar,
    softmax,
    vector,
)
from numerics import vanishing_variance as by_hand

(K,) = dims("K")
k, m = index("k", K), index("m", K)
D = vector("D", K)  # squared distances to the centres
pi = vector("pi", K, simplex=True, positive=True)
sigma_sq = scalar("sigma_sq", positive=True)

r = let("r", softmax(log(pi) - D / (2 * sigma_sq)))
ratio = pi[k] / pi[m] * exp(-(D[k] - D[m]) / (2 * sigma_sq))
odds = derive(
    r[k] / r[m],
    equals(ratio, algebra),
)
"""The odds of two components

fall with the difference of their squared distances, the faster the smaller the variance.
"""
rate = derive(
    ratio - r[k],
    equals(ratio * (1 - r[m]), algebra),
    equals(Sum(ratio * r[l] * (1 - delta(l, m)) ** 2 for l in over(K)), algebra),
    at_least(0),
)
"""How fast they vanish

r_k <= pi_k / pi_m exp(-(D_k - D_m) / (2 sigma_sq)). With m the nearest centre and k any other the bound goes to 0
with sigma_sq.
"""

responsibilities_code = agrees(r, by_hand.responsibilities)
