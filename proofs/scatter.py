"""The scatter of points.

How far points lie from a centre splits into how far they lie from their own mean, and how far the mean is from the
centre. From this one sentence k-means, analysis of variance and discriminant analysis all begin.

Source: Huygens and Steiner's theorem of parallel axes; Hartigan, Clustering Algorithms (1975), ch. 4.
"""

from chainrule import (
    Sum,
    algebra,
    at_least,
    by,
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
    over,
    positivity,
    size,
    sqnorm,
    unfold,
    vector,
)
from numerics import iris

N, K, d = dims("N K d")
x = matrix("x", N, d)  # one point a row
c = vector("c", d)
C = clusters("C", N, K)  # an arbitrary assignment that leaves no cluster empty

mean = let("x_bar", Sum(x[i] for i in over(N)) / N)
total = let("T", Sum(sqnorm(x[i] - mean) for i in over(N)))

mean_minimises = derive(
    Sum(sqnorm(x[i] - c) for i in over(N)),
    equals(Sum(sqnorm((x[i] - mean) + (mean - c)) for i in over(N)), algebra),
    equals(total + N * sqnorm(mean - c) + 2 * (mean - c).T @ Sum(x[i] - mean for i in over(N)), expand),
    equals(total + N * sqnorm(mean - c), algebra),
    at_least(total, positivity),
)
"""The mean minimises

It is the point with the least sum of squared distances: the deviations from it sum to zero.
"""

pairwise = derive(
    total,
    equals(Sum(sqnorm(x[i]) for i in over(N)) - N * sqnorm(mean), expand),
    equals(Sum(sqnorm(x[i] - x[j]) for i in over(N) for j in over(N)) / (2 * N), expand),
)
"""Without a centre

The same scatter from the squared distances between all pairs.
"""

m = let("m", each(Sum(x[i] for i in C[k]) / size(C[k]) for k in C))
within = let("W", Sum(sqnorm(x[i] - m[k]) for k in C for i in C[k]))
between = let("B", Sum(size(C[k]) * sqnorm(m[k] - mean) for k in C))

j = index("k", K)
no_cross = derive(
    Sum(x[i] - m[j] for i in C[j]),
    equals(Sum(x[i] for i in C[j]) - size(C[j]) * m[j], expand),
    equals(0, unfold(m)),
)
"""No cross term

The deviations of a cluster's points from its own mean sum to zero.
"""

split = derive(
    total,
    equals(Sum(sqnorm(x[i] - mean) for k in C for i in C[k]), algebra),
    equals(Sum(sqnorm((x[i] - m[k]) + (m[k] - mean)) for k in C for i in C[k]), algebra),
    equals(
        within + between + 2 * Sum((m[k] - mean).T @ Sum(x[i] - m[k] for i in C[k]) for k in C),
        expand,
    ),
    equals(within + between, by(no_cross)),
)
"""Total = within + between

For any number of points and clusters, and for any assignment.
"""

on_iris = on_data(split, iris.kmeans_world)
"""On Fisher's flowers

The identity on 150 irises, in exact fractions.
"""
