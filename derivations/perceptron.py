"""The perceptron's mistakes.

Each time an example falls on the wrong side, add it to the weights. If some line separates the examples with room to
spare, this ends: the mistakes are at most (R/gamma)^2, however many examples there are.

Two quantities race each other, mistake by mistake. The lines about them are the step of an induction that begins with
w = 0, where both sides are 0.

Source: Rosenblatt (1958); Novikoff (1962); Mohri, Rostamizadeh and Talwalkar, Foundations of Machine Learning (2nd
ed.), theorem 8.8.
"""

from chainrule import (
    agrees,
    assume,
    at_least,
    at_most,
    by,
    derive,
    dims,
    dot,
    equals,
    let,
    positivity,
    scalar,
    sqnorm,
    vector,
)
from numerics import perceptron as by_hand

(p,) = dims("p")
w = vector("w", p)  # the weights after k mistakes
x = vector("x", p)  # an example on the wrong side,
y = scalar("y", labels=True)  # and its label
u = vector("u", p, unit=True)  # a separating direction,
gamma = scalar("gamma", positive=True)  # with this much room,
R = scalar("R", positive=True)  # and how long examples are at most
k = scalar("k", nonnegative=True)

corrected = let("w₊", w + y * x)

separated = assume(y * dot(u, x), at_least(gamma))
so_far = assume(dot(u, w), at_least(k * gamma))
progress = derive(
    dot(u, corrected),
    equals(dot(u, w) + y * dot(u, x)),
    at_least(k * gamma + gamma, by(so_far, separated)),
    equals((k + 1) * gamma),
)
"""It turns towards u

Every mistake brings the weights at least gamma further in the direction that separates,
"""

mistaken = assume(y * dot(w, x), at_most(0))
short = assume(sqnorm(x), at_most(R**2))
not_longer = assume(sqnorm(w), at_most(k * R**2))
growth = derive(
    sqnorm(corrected),
    equals(sqnorm(w) + 2 * (y * dot(w, x)) + sqnorm(x)),
    at_most(sqnorm(w) + sqnorm(x), by(mistaken)),
    at_most(k * R**2 + R**2, by(not_longer, short)),
    equals((k + 1) * R**2),
)
"""It does not grow fast

and makes them longer by at most R, in squares, since the example pointed away.
"""

shadow = derive(
    sqnorm(w),
    equals(dot(u, w) ** 2 + sqnorm(w - dot(u, w) * u)),
    at_least(dot(u, w) ** 2, positivity),
)
"""A shadow is shorter than what casts it"""

M = scalar("M", positive=True)  # the number of mistakes
ahead = scalar("d", nonnegative=True)
towards = assume(dot(u, w), equals(M * gamma + ahead))
long = assume(sqnorm(w), at_most(M * R**2))
squares = derive(
    M * R**2,
    at_least(sqnorm(w), by(long)),
    at_least(dot(u, w) ** 2, by(shadow)),
    equals(M**2 * gamma**2 + 2 * M * gamma * ahead + ahead**2, by(towards)),
    at_least(M**2 * gamma**2, positivity),
)
"""The race

M gamma is at most the shadow of the weights on u, and that is at most their length, which is at most R times the root
of M.
"""
bound = derive(
    R**2 / gamma**2,
    equals(M * R**2 / (M * gamma**2)),
    at_least(M**2 * gamma**2 / (M * gamma**2), by(squares)),
    equals(M),
)
"""The bound

So M is at most (R/gamma)^2.
"""

correct_code = agrees(corrected, by_hand.correct)
