"""Tail bounds.

How often can a number be far out? Not often, if its mean, its variance or its range is small.

The outcomes are finitely many, with probabilities p; f is a number for each, and g_i is 1 for the outcomes that count
as far out. The hypothesis says where g may be 1.

Source: Chebyshev (1867); Hoeffding (1963), lemma 1; Boucheron, Lugosi and Massart, Concentration Inequalities (2013),
sec. 2.1-2.3.
"""

from chainrule import (
    Sum,
    agrees,
    algebra,
    assume,
    at_most,
    by,
    cited,
    claim,
    derive,
    differentiate,
    dims,
    equals,
    exp,
    grad,
    hessian,
    index,
    let,
    log,
    logsumexp,
    nonnegative,
    over,
    positivity,
    scalar,
    softmax,
    vector,
)
from numerics import tail_bounds as by_hand

(n,) = dims("n")
p = vector("p", n, simplex=True, positive=True)
f = vector("f", n)
g = vector("g", n, binary=True)
a = scalar("a", positive=True)
i = index("i", n)

h = vector("h", n, nonnegative=True)
large = assume(a * g[i], at_most(h[i]))
markov = derive(
    Sum(p[j] * g[j] for j in over(n)),
    at_most(Sum(p[j] * h[j] for j in over(n)) / a, by(large)),
)
"""Markov's inequality

g_i may be 1 where h_i >= a.
"""
m = let("m", Sum(p[j] * f[j] for j in over(n)))
far = assume(a**2 * g[i], at_most((f[i] - m) ** 2))
chebyshev = derive(
    Sum(p[j] * g[j] for j in over(n)),
    at_most(Sum(p[j] * (f[j] - m) ** 2 for j in over(n)) / a**2, by(far)),
)
"""Chebyshev's inequality

where f_i is a or further from its mean.
"""
t = scalar("t", positive=True)
above = assume(exp(t * a) * g[i], at_most(exp(t * f[i])))
chernoff = derive(
    Sum(p[j] * g[j] for j in over(n)),
    at_most(exp(-t * a) * Sum(p[j] * exp(t * f[j]) for j in over(n)), by(above)),
)
"""Chernoff's bound

where f_i >= a, for every t > 0.
"""

l, u = scalar("l"), scalar("u")  # f lies between them
within = assume(nonnegative((u - f[i]) * (f[i] - l)))
popoviciu = derive(
    Sum(p[j] * (f[j] - m) ** 2 for j in over(n)),
    equals((u - m) * (m - l) - Sum(p[j] * (u - f[j]) * (f[j] - l) for j in over(n)), algebra),
    at_most((u - m) * (m - l), by(within)),
    at_most((u - l) ** 2 / 4, positivity),
)
"""The variance of a bounded number

is at most a quarter of the square of its range.
"""

s = scalar("s")
cumulant = logsumexp(log(p) + s * f)
tilted = let("r", softmax(log(p) + s * f))
c = let("c", Sum(tilted[j] * f[j] for j in over(n)))
slope = derive(grad(cumulant, s), equals(c, differentiate))
"""The slope of the cumulant function

is the mean under tilted weights,
"""
weighed = claim(nonnegative(tilted[i] * ((u - f[i]) * (f[i] - l))), by(within))
"""Tilted weights are weights"""
curvature = derive(
    hessian(cumulant, s),
    equals(Sum(tilted[j] * (f[j] - c) ** 2 for j in over(n)), differentiate),
    equals((u - c) * (c - l) - Sum(tilted[j] * ((u - f[j]) * (f[j] - l)) for j in over(n)), algebra),
    at_most((u - c) * (c - l), by(weighed)),
    at_most((u - l) ** 2 / 4, positivity),
)
"""Its curvature

is the variance under them, and bounded for the same reason.
"""
v = scalar("v")  # the curvature somewhere between 0 and s
bent = assume(v, at_most((u - l) ** 2 / 4))
taylor = cited(
    cumulant,
    equals(s * m + s**2 * v / 2),
    theorem="Taylor's theorem with Lagrange's remainder",
    source="Rudin, Principles of Mathematical Analysis (3rd ed.), theorem 5.15",
)
hoeffding = derive(
    cumulant,
    equals(s * m + s**2 * v / 2, by(taylor)),
    at_most(s * m + s**2 * (u - l) ** 2 / 8, by(bent)),
    given=(bent, taylor),
)
"""Hoeffding's lemma

The cumulant function vanishes at 0 and has the slope m there; the line on its curvature holds at every point between.
"""

markov_code = agrees(markov.last, by_hand.markov)
chebyshev_code = agrees(chebyshev.last, by_hand.chebyshev)
