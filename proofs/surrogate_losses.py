"""Surrogate losses.

Counting errors is hard to do better step by step, so one makes something else small. Each of these losses lies above
the error, is lowest where the sign is right, and says how much the sign can still lose.

At one input class 1 has the probability eta, and class -1 the rest; a score f is named, and its sign is the class. The
loss phi costs C(f) = eta phi(f) + (1 - eta) phi(-f), and the wrong sign loses |theta|, theta = 2 eta - 1.

Source: Zhang, Ann. Statist. 32 (2004), 56-85; Bartlett, Jordan and McAuliffe, J. Am. Stat. Assoc. 101 (2006), 138-156,
theorems 1 and 3; Steinwart and Christmann, Support Vector Machines (2008), sec. 3.4.
"""

from chainrule import (
    Sum,
    abs_,
    agrees,
    algebra,
    assume,
    at_least,
    at_most,
    by,
    claim,
    composition,
    convex,
    derive,
    differentiate,
    dims,
    equals,
    exp,
    grad,
    index,
    let,
    log,
    nonnegative,
    over,
    positivity,
    relu,
    scalar,
    sigmoid,
    softplus,
    step,
    vector,
)
from numerics import surrogate_losses as by_hand

f = scalar("f")
eta = scalar("eta", unit_interval=True)
g = scalar("g", nonnegative=True)  # where class 1 is the more probable one, f = -g has the wrong sign
theta = let("θ", 2 * eta - 1)
likely = assume(nonnegative(2 * eta - 1))

above = derive(
    relu(1 - f),
    equals(1 - step(f) + step(f) * relu(1 - f) + relu(-f), algebra),
    at_least(1 - step(f), positivity),
)
"""The hinge lies above the error

which is 1 where f is not positive.
"""
hinge = let("C_h", eta * relu(1 - f) + (1 - eta) * relu(1 + f))
corner = derive(relu(1 - f) + relu(1 + f), equals(2 + relu(-f - 1) + relu(f - 1), algebra), at_least(2, positivity))
"""Two hinges never cost less than 2"""
hinge_least = derive(
    hinge,
    equals((1 - eta) * (relu(1 - f) + relu(1 + f)) + theta * relu(1 - f), algebra),
    at_least((1 - eta) * (relu(1 - f) + relu(1 + f)), by(likely)),
    at_least(2 * (1 - eta), by(corner)),
    given=likely,
)
"""The least hinge loss

is at least twice the probability of the other class,
"""
hinge_best = derive(hinge.at(f, 1), equals(2 * (1 - eta), algebra))
"""and f = 1 has it: not a probability, only its side."""
hinge_wrong = derive(
    hinge.at(f, -g) - 2 * (1 - eta),
    equals(theta + theta * g + (1 - eta) * relu(g - 1), algebra),
    at_least(theta, by(likely)),
    given=likely,
)
"""The wrong sign costs as much as it loses

So the excess of the error is at most the excess of the hinge loss.
"""

square = let("C_s", eta * (1 - f) ** 2 + (1 - eta) * (1 + f) ** 2)
square_least = derive(
    square,
    equals(1 - theta**2 + (f - theta) ** 2, algebra),
    at_least(1 - theta**2, positivity),
)
"""The square

is lowest at theta: the score is a probability again.
"""
square_wrong = derive(
    (-g - theta) ** 2,
    at_least(theta**2, by(likely)),
    given=likely,
)
"""The wrong sign costs the square of what it loses"""

a, b = scalar("a", positive=True), scalar("b", positive=True)  # a^2 and b^2 are the weights of the two classes
exponential = let("C_e", a**2 * exp(-f) + b**2 * exp(f))
exponential_least = derive(
    exponential,
    equals(2 * a * b + (a * exp(-f / 2) - b * exp(f / 2)) ** 2, algebra),
    at_least(2 * a * b, positivity),
)
"""The exponential loss of boosting"""
exponential_best = derive(exponential.at(f, log(a / b)), equals(2 * a * b, algebra))
"""It is lowest at half the logarithm of the odds"""
v = scalar("v", nonnegative=True)
heavier = assume(a**2, at_least(b**2))
exponential_wrong = derive(
    exponential.at(f, -log(1 + v)),
    equals(a**2 + b**2 + v * (a**2 - b**2) / (1 + v) + v**2 * a**2 / (1 + v), algebra),
    at_least(a**2 + b**2, by(heavier)),
    given=heavier,
)
"""The wrong sign costs at least what no sign costs

Every score that is not positive is -log(1 + v); at 0 the loss is the sum of the weights.
"""
zhang = derive(
    (a**2 - b**2) ** 2,
    equals((a**2 + b**2) * (2 * (a**2 + b**2 - 2 * a * b)) - (a - b) ** 4, algebra),
    at_most((a**2 + b**2) * (2 * (a**2 + b**2 - 2 * a * b)), positivity),
)
"""The square of the loss of the wrong sign

is at most twice the excess of no sign, where the weights sum to 1.
"""

logistic = let("C_l", eta * softplus(-f) + (1 - eta) * softplus(f))
logistic_bowl = claim(convex(logistic, f), composition)
"""The logistic loss"""
logistic_slope = derive(grad(logistic, f), equals(sigmoid(f) - eta, differentiate))
"""Its slope vanishes where the sigmoid is the probability,"""
logistic_best = derive(
    logistic.at(f, log(eta / (1 - eta))),
    equals(-eta * log(eta) - (1 - eta) * log(1 - eta), algebra),
)
"""at the logarithm of the odds, where it is the entropy."""

(n,) = dims("n")
q = vector("q", n, simplex=True)  # the probabilities of n inputs,
t, s = vector("theta", n), vector("s", n)  # theta and what the score costs too much at each,
w = vector("w", n, binary=True)  # and 1 where its sign is wrong
i = index("i", n)
pays = assume(w[i] * t[i] ** 2, at_most(s[i]))
lost = let("lost", Sum(q[j] * (w[j] * abs_(t[j])) for j in over(n)))
on_average = derive(
    lost**2,
    equals(
        Sum(q[j] * w[j] * t[j] ** 2 for j in over(n)) - Sum(q[j] * (w[j] * abs_(t[j]) - lost) ** 2 for j in over(n)),
        algebra,
    ),
    at_most(Sum(q[j] * w[j] * t[j] ** 2 for j in over(n)), positivity),
    at_most(Sum(q[j] * s[j] for j in over(n)), by(pays)),
    given=pays,
)
"""Over all inputs

The square of what is lost on average is at most what the score costs too much on average: who makes the surrogate small
makes the error small.
"""

hinge_code = agrees(hinge, by_hand.hinge)
logistic_code = agrees(logistic, by_hand.logistic)
lost_code = agrees(lost, by_hand.excess_error)
