"""Jensen's inequality.

The mean of the values is at least the value of the mean.

The points x_i have weights p_i that sum to 1; `m` is their mean and `g` the gradient (or any subgradient) of `f`
there. Of the function only its values are named, f_i at x_i and `f_m` at `m`.

Source: Jensen (1906); Boyd and Vandenberghe, Convex Optimization (2004), sec. 3.1.8.
"""

from chainrule import (
    Sum,
    agrees,
    algebra,
    assume,
    at_least,
    by,
    derive,
    dims,
    dot,
    equals,
    expand,
    index,
    let,
    matrix,
    over,
    positivity,
    scalar,
    sqnorm,
    unfold,
    vector,
)
from numerics import jensen as by_hand

n, d = dims("n d")
x = matrix("x", n, d)  # one point a row
p = vector("p", n, simplex=True)  # their weights
f, f_m = vector("f", n), scalar("f_m")
g = vector("g", d)
i = index("i", n)

mean = let("m", Sum(p[j] * x[j] for j in over(n)))
tangent = assume(f[i], at_least(f_m + dot(g, x[i] - mean)))
jensen = derive(
    Sum(p[i] * f[i] for i in over(n)),
    at_least(Sum(p[i] * (f_m + dot(g, x[i] - mean)) for i in over(n)), by(tangent)),
    equals(f_m + dot(g, Sum(p[i] * (x[i] - mean) for i in over(n))), expand),
    equals(f_m, unfold(mean)),
)
"""The mean of the values

Every point lies above the tangent at the mean; and along a tangent the mean of the values is the value of the mean.
"""

gap = derive(
    Sum(p[i] * sqnorm(x[i]) for i in over(n)) - sqnorm(mean),
    equals(Sum(p[i] * sqnorm(x[i] - mean) for i in over(n)), algebra),
    at_least(0, positivity),
)
"""For the square

What is lost by taking the mean first is the variance.
"""

gap_code = agrees(gap.first, by_hand.variance)
"""The gap is the variance, computed as such: subtracting two large numbers would lose digits."""
