"""Step lengths, clipping and averages.

How far to go is decided apart from where to go: a step length that falls, a gradient that is never too long, and at the
end the mean of the places that were visited.

Source: Loshchilov and Hutter, SGDR (2017) for the cosine; Pascanu, Mikolov and Bengio (2013) for clipping; Polyak and
Juditsky (1992) for averages.
"""

from chainrule import (
    agrees,
    algebra,
    at_most,
    cos,
    derive,
    dims,
    each,
    equals,
    index,
    induction,
    let,
    matrix,
    over,
    pi,
    position,
    positivity,
    recur,
    relu,
    scalar,
    vector,
    zeros,
)
from numerics import schedules as by_hand

T, d = dims("T d")
t = index("t", T)
g, c = vector("g", d), scalar("c", positive=True)
a = scalar("a", nonnegative=True)  # the length of g

longer = let("l", a + relu(c - a))  # the larger of the length and c
no_longer = derive(
    c**2 * a**2,
    equals(c**2 * longer**2 - c**2 * (longer - a) * (longer + a), algebra),
    at_most(c**2 * longer**2, positivity),
)
"""A clipped gradient is no longer than c

c g / max(|g|, c) has the length c a / max(a, c); cleared of the denominator, its square is at most c^2.
"""
short = derive(
    (c + a) + relu(c - (c + a)),
    equals(c + a, algebra),
)
"""A gradient that is longer than c

by `a`, is divided by its own length;
"""
kept = derive((c - relu(c - a)) + relu(c - (c - relu(c - a))), equals(c, algebra))
"""and one that is not

is divided by c, and so left as it is.
"""

x, m, k = vector("x", d), vector("m", d), scalar("k")
X = matrix("X", T, d)
shares = each(1 / position(s + 1) for s in over(T))
means = let("M", recur({m: m + k * (x - m)}, {m: zeros(d)}, along={x: X, k: shares}))
sums = let("S", recur({m: m + x}, {m: zeros(d)}, along={x: X}))
running = derive(position(t + 1) * means[t], equals(sums[t], induction(t)))
"""The running mean

Each place moves the mean towards itself by its share, and nothing has to be kept: after t steps it is the sum of all
places by t.
"""

rate = scalar("rate", positive=True)
warm = let("w", each(rate * position(s + 1) / T for s in over(T)))
grows = derive(warm[t] - each(rate * position(s) / T for s in over(T))[t], equals(rate / T, algebra))
"""A warm-up grows by the same amount at every step"""

cosine = let("c", each(rate * (1 + cos(pi * position(s) / T)) / 2 for s in over(T)))
mean_code = agrees(means, by_hand.running_means)
cosine_code = agrees(each(cosine[s] * X[s] for s in over(T)), by_hand.with_cosine_steps)
