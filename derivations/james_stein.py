"""The James-Stein estimator.

Measure three unrelated things, each with an error of variance 1. Moving all three measurements a little towards zero is
better on average than believing them, whatever the truth is.

An expectation is a weighted sum over outcomes X_1, ..., X_m with weights q. Of the normal distribution only one thing
enters, and it is a hypothesis here: Stein's lemma (1981, lemma 2), that the mean of (X - theta)'g(X) is the mean of the
divergence of g, for the shrinkage g(x) = x/|x|^2.

Source: Stein (1956); James and Stein (1961); Stein (1981); Lehmann and Casella, Theory of Point Estimation (2nd ed.),
sec. 5.5.
"""

from chainrule import (
    Sum,
    agrees,
    algebra,
    as_node,
    assume,
    by,
    derive,
    differentiate,
    dims,
    dot,
    equals,
    jacobian,
    less_than,
    let,
    matrix,
    more_than,
    over,
    sqnorm,
    trace,
    vector,
)
from numerics import james_stein as by_hand

p, m = dims("p m")
x = vector("x", p, nonzero=True)  # the measurements
theta = vector("theta", p)  # the truth
k = as_node(p) - 2

divergence = derive(
    trace(jacobian(x / sqnorm(x), x)),
    equals(k / sqnorm(x), differentiate),
)
"""What Stein's lemma asks for

The divergence of the shrinkage: in two dimensions it vanishes, in one it has the wrong sign.
"""

estimate = let("δ", (1 - k / sqnorm(x)) * x)
loss = derive(
    sqnorm(estimate - theta),
    equals(sqnorm(x - theta) - 2 * k * dot(x - theta, x) / sqnorm(x) + k**2 / sqnorm(x), algebra),
)
"""One measurement

The loss of the shrunk estimate, against that of the measurement itself.
"""

X = matrix("X", m, p, nonzero_entries=True)  # the outcomes
q = vector("q", m, simplex=True, positive=True)
several = assume(as_node(p), more_than(2))
stein = assume(
    Sum(q[s] * dot(X[s] - theta, X[s]) / sqnorm(X[s]) for s in over(m)),
    equals(k * Sum(q[s] / sqnorm(X[s]) for s in over(m))),
)
risk = Sum(q[s] * sqnorm((1 - k / sqnorm(X[s])) * X[s] - theta) for s in over(m))
usual = Sum(q[s] * sqnorm(X[s] - theta) for s in over(m))
dominance = derive(
    risk,
    equals(
        usual
        - 2 * k * Sum(q[s] * dot(X[s] - theta, X[s]) / sqnorm(X[s]) for s in over(m))
        + k**2 * Sum(q[s] / sqnorm(X[s]) for s in over(m)),
        algebra,
    ),
    equals(usual - k**2 * Sum(q[s] / sqnorm(X[s]) for s in over(m)), by(stein)),
    less_than(usual, by(several)),
    given=several,
)
"""On average

From three measurements on, the risk is smaller by (p - 2)^2 times the mean of 1/|x|^2. In one and two dimensions that
mean is infinite, and the lemma does not apply.
"""

estimate_code = agrees(estimate, by_hand.estimate)
sure_code = agrees(p - k**2 / sqnorm(x), by_hand.sure)
