"""k-means.

Put each point to its nearest centre, move each centre to the mean of its points, and repeat. Neither step can increase
the sum of squares, and there are finitely many assignments: so it ends.

Source: Lloyd (1982); MacQueen (1967); Bishop, PRML, sec. 9.1; Arthur and Vassilvitskii (2007) for the starts.
"""

from chainrule import (
    Sum,
    agrees,
    algebra,
    assume,
    at_least,
    at_most,
    by,
    clusters,
    derive,
    differentiate,
    dims,
    each,
    equals,
    expand,
    grad,
    index,
    let,
    matrix,
    over,
    positivity,
    size,
    sqnorm,
)
from numerics import kmeans as by_hand
from proofs.scatter import between, total, within
from proofs.scatter import m as means

N, K, d = dims("N K d")
x = matrix("x", N, d)  # one point a row
C = clusters("C", N, K)  # the assignment
m = matrix("m", K, d)  # one centre a row, anywhere

objective = let("J", Sum(sqnorm(x[i] - m[k]) for k in C for i in C[k]))
at_means = let("W", Sum(sqnorm(x[i] - means[k]) for k in C for i in C[k]))

centroid_step = derive(
    objective,
    equals(Sum(sqnorm((x[i] - means[k]) + (means[k] - m[k])) for k in C for i in C[k]), algebra),
    equals(at_means + Sum(size(C[k]) * sqnorm(means[k] - m[k]) for k in C), expand),
    at_least(at_means, positivity),
)
"""Moving each centre to the mean of its points does not increase the objective: the rest is a sum of squares."""

D = clusters("D", N, K, nonempty=False)  # the next assignment
i, k = index("i", N), index("k", K)
nearest = assume(
    Sum(D[i, l] * sqnorm(x[i] - m[l]) for l in over(K)),
    at_most(sqnorm(x[i] - m[k])),
)
assignment_step = derive(
    objective,
    at_least(Sum(sqnorm(x[i] - m[k]) for k in D for i in D[k]), by(nearest)),
)
"""Putting each point to its nearest centre does not increase it either: point by point, no other centre is nearer."""

score = derive(
    grad(Sum(C[i, k] * sqnorm(x[i] - m[k]) for k in over(K) for i in over(N)), m),
    equals(each(2 * Sum(m[k] - x[i] for i in C[k]) for k in C), differentiate),
)
"""The mean is also where the gradient vanishes, one centre at a time."""

within_code = agrees(within, by_hand.within)
between_code = agrees(between, by_hand.between)
total_code = agrees(total, by_hand.total)
means_code = agrees(means, by_hand.centroids)
objective_code = agrees(objective, by_hand.objective)
