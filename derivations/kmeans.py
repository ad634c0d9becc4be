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
from proofs.scatter import between, m, total, within

N, K, d = dims("N K d")
x = matrix("x", N, d)  # one point a row
C = clusters("C", N, K)  # the assignment
c = matrix("c", K, d)  # one centre a row, anywhere

objective = let("J", Sum(sqnorm(x[i] - c[k]) for k in C for i in C[k]))

centroid_step = derive(
    objective,
    equals(Sum(sqnorm((x[i] - m[k]) + (m[k] - c[k])) for k in C for i in C[k]), algebra),
    equals(within + Sum(size(C[k]) * sqnorm(m[k] - c[k]) for k in C), expand),
    at_least(within, positivity),
)
"""The centroid step

Moving each centre to the mean of its points does not increase the objective: the rest is a sum of squares.
"""

D = clusters("D", N, K, nonempty=False)  # the next assignment
i, k = index("i", N), index("k", K)
nearest = assume(
    Sum(D[i, l] * sqnorm(x[i] - c[l]) for l in over(K)),
    at_most(sqnorm(x[i] - c[k])),
)
assignment_step = derive(
    objective,
    at_least(Sum(sqnorm(x[i] - c[k]) for k in D for i in D[k]), by(nearest)),
)
"""The assignment step

Putting each point to its nearest centre does not increase it either: point by point, no other centre is nearer.
"""

score = derive(
    grad(objective, c),
    equals(each(2 * Sum(c[k] - x[i] for i in C[k]) for k in C), differentiate),
    equals(each(2 * size(C[k]) * (c[k] - m[k]) for k in C), expand),
)
"""Where the gradient vanishes

At the mean, one centre at a time.
"""

within_code = agrees(within, by_hand.within)
between_code = agrees(between, by_hand.between)
total_code = agrees(total, by_hand.total)
pairwise_code = agrees(
    Sum(Sum(sqnorm(x[i] - x[j]) for i in C[k] for j in C[k]) / (2 * size(C[k])) for k in C), by_hand.pairwise
)
means_code = agrees(m, by_hand.centroids)
objective_code = agrees(objective, by_hand.objective, m="c")
