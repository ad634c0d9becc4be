"""The scatter matrices.

How points lie around their mean, direction by direction, splits into how they lie around the means of their classes,
and how these lie around the grand mean.

The traces of the three matrices are the sums of squares of the chapter on scatter; analysis of variance, Fisher's
criterion and k-means all read off them.

Source: Mardia, Kent and Bibby, Multivariate Analysis (1979), sec. 12.2; Duda, Hart and Stork, Pattern Classification
(2nd ed.), sec. 3.8.3.
"""

from chainrule import (
    Sum,
    agrees,
    algebra,
    at_least,
    by,
    claim,
    clusters,
    derive,
    dims,
    each,
    equals,
    expand,
    index,
    let,
    matrix,
    on_data,
    outer,
    over,
    positive_semidefinite,
    positivity,
    size,
    sqnorm,
    trace,
    unfold,
    vector,
)
from numerics import iris
from numerics import scatter_matrices as by_hand

N, K, d = dims("N K d")
X = matrix("X", N, d)  # one point a row
C = clusters("C", N, K)  # its class; no class is empty
v = vector("v", d)

centre = let("x_bar", Sum(X[i] for i in over(N)) / N)
m = let("m", each(Sum(X[i] for i in C[k]) / size(C[k]) for k in C))
whole = let("S_T", Sum(outer(X[i] - centre, X[i] - centre) for i in over(N)))
within = let("S_W", Sum(outer(X[i] - m[k], X[i] - m[k]) for k in C for i in C[k]))
between = let("S_B", Sum(size(C[k]) * outer(m[k] - centre, m[k] - centre) for k in C))

j = index("k", K)
no_cross = derive(
    Sum(X[i] - m[j] for i in C[j]),
    equals(Sum(X[i] for i in C[j]) - size(C[j]) * m[j], expand),
    equals(0, unfold(m)),
)
"""No cross term

The deviations of a class from its own mean sum to zero.
"""
split = derive(
    whole,
    equals(Sum(outer(X[i] - centre, X[i] - centre) for k in C for i in C[k]), algebra),
    equals(
        Sum(outer((X[i] - m[k]) + (m[k] - centre), (X[i] - m[k]) + (m[k] - centre)) for k in C for i in C[k]), algebra
    ),
    equals(
        within
        + between
        + Sum(outer(Sum(X[i] - m[k] for i in C[k]), m[k] - centre) for k in C)
        + Sum(outer(m[k] - centre, Sum(X[i] - m[k] for i in C[k])) for k in C),
        expand,
    ),
    equals(within + between, by(no_cross)),
)
"""Total = within + between

as matrices: in every direction at once.
"""
psd = [
    claim(positive_semidefinite(within), positivity),
    claim(positive_semidefinite(between), positivity),
]
"""No direction has less than nothing"""
direction = derive(
    v.T @ whole @ v,
    equals(v.T @ within @ v + v.T @ between @ v, by(split)),
    at_least(v.T @ within @ v, positivity),
)
"""Along a direction

the scatter within the classes is at most the whole, as it is for numbers.
"""
squares = derive(trace(within), equals(Sum(sqnorm(X[i] - m[k]) for k in C for i in C[k]), algebra))
"""The trace is the sum of squares

that k-means makes small.
"""
few = derive(Sum(size(C[k]) * (m[k] - centre) for k in C), equals(0, unfold(m, centre)))
"""The rank of the scatter between

is at most K - 1: the K deviations of the means, weighted by the sizes, sum to zero.
"""

on_iris = on_data(split, iris.species_world)
"""On Fisher's flowers

The three species of 150 irises, in exact fractions.
"""

within_code = agrees(within, by_hand.within)
between_code = agrees(between, by_hand.between)
total_code = agrees(whole, by_hand.total)
