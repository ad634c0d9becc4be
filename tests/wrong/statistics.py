"""Means, variances and clusters: N for N - 1, sums over the wrong range, swapped sizes, a captured index."""

from chainrule import (
    I,
    Sum,
    algebra,
    as_node,
    at_least,
    at_most,
    by,
    clusters,
    delta,
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
    ones,
    over,
    positivity,
    size,
    sqnorm,
    unfold,
    vector,
)
from tests.wrong.pairs import pair

N, K, d = dims("N K d")
x = matrix("x", N, d)
X = matrix("X", N, d)
c = vector("c", d)
a = vector("a", N)
b = vector("b", N)
B = matrix("B", N, N)
C = clusters("C", N, K)
D = clusters("D", N, K)
i, j = index("i", N), index("j", N)
k, l = index("k", K), index("l", K)

mean = let("x_bar", Sum(x[i] for i in over(N)) / N)
loose = let("x_bar", Sum(x[i] for i in over(N)) / (N + 1))
spread = let("T", Sum(sqnorm(x[i] - mean) for i in over(N)))
m = let("m", each(Sum(x[i] for i in C[k]) / size(C[k]) for k in C))
within = let("W", Sum(sqnorm(x[i] - m[k]) for k in C for i in C[k]))
between = let("B", Sum(size(C[k]) * sqnorm(m[k] - mean) for k in C))
centre = matrix("m", K, d)

PAIRS = [
    pair(
        "deviations from the mean, the mean off by one",
        derive(Sum(x[i] - loose for i in over(N)), equals(0, unfold(loose))),
        derive(Sum(x[i] - mean for i in over(N)), equals(0, unfold(mean))),
    ),
    pair(
        "the variance's other form with N - 1 in it",
        derive(spread, equals(Sum(sqnorm(x[i]) for i in over(N)) - (as_node(N) - 1) * sqnorm(mean), expand)),
        derive(spread, equals(Sum(sqnorm(x[i]) for i in over(N)) - N * sqnorm(mean), expand)),
    ),
    pair(
        "all pairs, counted once instead of twice",
        derive(spread, equals(Sum(sqnorm(x[i] - x[j]) for i in over(N) for j in over(N)) / N, expand)),
        derive(spread, equals(Sum(sqnorm(x[i] - x[j]) for i in over(N) for j in over(N)) / (2 * N), expand)),
    ),
    pair(
        "the centre's distance counted once instead of N times",
        derive(Sum(sqnorm(x[i] - c) for i in over(N)), equals(spread + sqnorm(mean - c), expand)),
        derive(Sum(sqnorm(x[i] - c) for i in over(N)), equals(spread + N * sqnorm(mean - c), expand)),
    ),
    pair(
        "total = within - between",
        derive(spread, equals(within - between, algebra)),
        derive(spread, equals(within + between, algebra)),
    ),
    pair(
        "between without the sizes of the clusters",
        derive(spread, equals(within + Sum(sqnorm(m[k] - mean) for k in C), algebra)),
        derive(spread, equals(within + Sum(size(C[k]) * sqnorm(m[k] - mean) for k in C), algebra)),
    ),
    pair(
        "the cross term does not vanish around another centre",
        derive(
            Sum(sqnorm(x[i] - centre[k]) for k in C for i in C[k]),
            equals(within + Sum(size(C[k]) * sqnorm(centre[k]) for k in C), expand),
        ),
        derive(
            Sum(sqnorm(x[i] - centre[k]) for k in C for i in C[k]),
            equals(within + Sum(size(C[k]) * sqnorm(m[k] - centre[k]) for k in C), expand),
        ),
    ),
    pair(
        "sizes of another assignment",
        derive(Sum(size(D[k]) * m[k] for k in C), equals(N * mean, unfold(m, mean))),
        derive(Sum(size(C[k]) * m[k] for k in C), equals(N * mean, unfold(m, mean))),
    ),
    pair(
        "the sizes add up to the points, not to the clusters",
        derive(Sum(size(C[k]) for k in C), equals(K)),
        derive(Sum(size(C[k]) for k in C), equals(N)),
    ),
    pair(
        "the sum of sizes over sizes counts clusters",
        derive(Sum(size(C[k]) / size(C[k]) for k in C), equals(1)),
        derive(Sum(size(C[k]) / size(C[k]) for k in C), equals(K)),
    ),
    pair(
        "a sum over one cluster taken for the sum over all",
        derive(Sum(x[i] for i in C[k]), equals(N * mean, unfold(mean))),
        derive(Sum(x[i] for l in C for i in C[l]), equals(N * mean, unfold(mean))),
    ),
    pair(
        "the mean of cluster k, at cluster l",
        derive(Sum(x[i] - m[l] for i in C[k]), equals(0, unfold(m))),
        derive(Sum(x[i] - m[k] for i in C[k]), equals(0, unfold(m))),
    ),
    pair(
        "the score of a centre without its 2",
        derive(
            grad(Sum(sqnorm(x[i] - centre[k]) for k in C for i in C[k]), centre),
            equals(each(Sum(centre[k] - x[i] for i in C[k]) for k in C), differentiate),
        ),
        derive(
            grad(Sum(sqnorm(x[i] - centre[k]) for k in C for i in C[k]), centre),
            equals(each(2 * Sum(centre[k] - x[i] for i in C[k]) for k in C), differentiate),
        ),
    ),
    pair(
        "the score summed over all points",
        derive(
            grad(Sum(sqnorm(x[i] - centre[k]) for k in C for i in C[k]), centre),
            equals(each(2 * Sum(centre[k] - x[i] for i in over(N)) for k in C), differentiate),
        ),
        derive(
            grad(Sum(sqnorm(x[i] - centre[k]) for k in C for i in over(N)), centre),
            equals(each(2 * Sum(centre[k] - x[i] for i in over(N)) for k in C), differentiate),
        ),
    ),
    pair(
        "the product of two sums, with one index for both",
        derive(
            Sum(a[i] for i in over(N)) * Sum(b[i] for i in over(N)),
            equals(Sum(a[i] * b[i] for i in over(N)), algebra),
        ),
        derive(
            Sum(a[i] for i in over(N)) * Sum(b[i] for i in over(N)),
            equals(Sum(a[i] * b[j] for i in over(N) for j in over(N)), algebra),
        ),
    ),
    pair(
        "a free index is not the summed one",
        derive(Sum(a[i] * b[j] for i in over(N)), equals(Sum(a[i] * b[i] for i in over(N)))),
        derive(Sum(a[i] * b[j] for i in over(N)), equals(b[j] * Sum(a[i] for i in over(N)))),
    ),
    pair(
        "the order of two indices in a double sum",
        derive(
            Sum(B[i, j] * a[i] for i in over(N) for j in over(N)),
            equals(Sum(B[i, j] * a[j] for i in over(N) for j in over(N))),
        ),
        derive(
            Sum(B[i, j] * a[i] for i in over(N) for j in over(N)),
            equals(Sum(B[j, i] * a[j] for i in over(N) for j in over(N))),
        ),
    ),
    pair(
        "a delta picks one term, not all",
        derive(Sum(delta(i, j) * a[i] for i in over(N)), equals(Sum(a[i] for i in over(N)))),
        derive(Sum(delta(i, j) * a[i] for i in over(N)), equals(a[j])),
    ),
    pair(
        "a delta summed twice counts the points once",
        derive(Sum(delta(i, j) for i in over(N) for j in over(N)), equals(N * N)),
        derive(Sum(delta(i, j) for i in over(N) for j in over(N)), equals(N)),
    ),
    pair(
        "a constant summed N times",
        derive(Sum(sqnorm(c) for _ in over(N)), equals(sqnorm(c))),
        derive(Sum(sqnorm(c) for _ in over(N)), equals(N * sqnorm(c))),
    ),
    pair(
        "the centring matrix with the wrong size below",
        derive(
            (I(N) - ones(N, N) / d) @ (I(N) - ones(N, N) / d),
            equals(I(N) - ones(N, N) / d, expand),
        ),
        derive(
            (I(N) - ones(N, N) / N) @ (I(N) - ones(N, N) / N),
            equals(I(N) - ones(N, N) / N, expand),
        ),
    ),
    pair(
        "the mean is the worst centre, not the best",
        derive(Sum(sqnorm(x[i] - c) for i in over(N)), at_most(spread, positivity)),
        derive(
            Sum(sqnorm(x[i] - c) for i in over(N)),
            equals(spread + N * sqnorm(mean - c), expand),
            at_least(spread, positivity),
        ),
    ),
    pair(
        "another assignment is not nearer by itself",
        derive(
            Sum(sqnorm(x[i] - centre[k]) for k in C for i in C[k]),
            at_least(Sum(sqnorm(x[i] - centre[k]) for k in D for i in D[k]), by()),
        ),
        derive(
            Sum(sqnorm(x[i] - centre[k]) for k in C for i in C[k]),
            at_least(0, positivity),
        ),
    ),
]
