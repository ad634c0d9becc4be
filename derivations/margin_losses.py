"""Margins: contrastive and triplet losses.

What belongs together is pulled together; what does not is pushed apart, but only as far as a margin. Beyond it nothing
pulls any more: most pairs of a batch soon have gradient 0, which is why hard ones are looked for.

Where a margin is met exactly there is a kink, and where two points coincide their distance has none: both are assumed
away, where it matters.

Source: Hadsell, Chopra and LeCun, Dimensionality reduction by learning an invariant mapping, CVPR (2006), eq. 4;
Schroff, Kalenichenko and Philbin, FaceNet, CVPR (2015), eq. 3.
"""

from chainrule import (
    agrees,
    assume,
    derive,
    differentiate,
    dims,
    equals,
    grad,
    let,
    matrix,
    nonzero,
    ones,
    outer,
    positive,
    relu,
    scalar,
    sqrt,
    step,
    total,
    vector,
    vjp,
)
from numerics import margin_losses as by_hand

N, d = dims("N d", typical=(128, 64))
A, P, R = matrix("A", N, d), matrix("P", N, d), matrix("R", N, d)  # anchors, positives, negatives
m = scalar("m", positive=True)  # the margin


def squared_distances(A, B):
    """|a - b|^2 of every two rows.    A, B (N, d)  ->  (N,)"""
    return total((A - B) ** 2, axis=1)


def across(v, size):
    """The number of each row, in all of its places.    v (N,)  ->  (N, size)"""
    return outer(v, ones(size))


gaps = let("v", m + squared_distances(A, P) - squared_distances(A, R))
triplet = total(relu(gaps)) / N
missed = let("S", across(step(gaps), d))  # 1 in the rows that miss their margin
off_kink = assume(nonzero(gaps))

by_anchor = derive(
    grad(triplet, A),
    equals(2 * missed * (R - P) / N, differentiate),
    given=off_kink,
)
"""Triplets, by the anchor

Where the anchor itself lies has dropped out: it moves from the negative towards the positive.
"""
by_positive = derive(
    grad(triplet, P),
    equals(2 * missed * (P - A) / N, differentiate),
    given=off_kink,
)
"""By the positive"""
by_negative = derive(
    grad(triplet, R),
    equals(2 * missed * (A - R) / N, differentiate),
    given=off_kink,
)
"""By the negative

It is pushed in proportion to how far away it already is: a far one hardest, as long as it is inside the margin.
"""
balanced = derive(
    by_anchor.last + by_positive.last + by_negative.last,
    equals(0),
)
"""Nothing moves on the whole

The three gradients add up to 0, since only differences count.
"""

B = matrix("B", N, d)
y = vector("y", N, binary=True)  # 1 where two rows belong together
D = vector("D", N, positive=True)
far = total(y * D**2 + (1 - y) * relu(m - D) ** 2) / (2 * N)
by_distance = derive(
    grad(far, D),
    equals((y * D - (1 - y) * relu(m - D)) / N, differentiate),
)
"""Pairs, by their distances

A pair that belongs together is a spring; another one pushes until it is as far apart as the margin. The square rounds
the corner at the margin off.
"""

distances = let("D", sqrt(squared_distances(A, B)))
g = vector("g", N)
apart = assume(positive(squared_distances(A, B)))
by_first = derive(
    vjp(distances, A, g),
    equals(across(g / distances, d) * (A - B), differentiate),
    given=apart,
)
"""By the first of the two

A distance grows along the line through both. Where they coincide it has a kink: assumed is that none do.
"""
by_second = derive(
    vjp(distances, B, g),
    equals(-by_first.last, differentiate),
    given=apart,
)
"""By the second"""

contrastive = far.at(D, distances)
pull = by_distance.last.at(D, distances)
triplet_code = agrees(triplet, by_hand.triplet)
anchor_code = agrees(by_anchor.last, by_hand.triplet_by_anchor)
positive_code = agrees(by_positive.last, by_hand.triplet_by_positive)
negative_code = agrees(by_negative.last, by_hand.triplet_by_negative)
contrastive_code = agrees(contrastive, by_hand.contrastive, given=apart)
first_code = agrees(by_first.last.at(g, pull), by_hand.contrastive_by_first, given=apart)
