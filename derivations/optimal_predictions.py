"""What a loss asks for.

Name one number for an uncertain outcome. If the square of the error is paid, name the mean; if its size is paid, the
median; if errors above and below have different prices, a quantile; and if a surprise is paid, name the probabilities
themselves.

The outcomes y_j have the probabilities p_j. Where they depend on an input, all of this holds at each input by itself.

Source: Gneiting, Making and evaluating point forecasts (2011); Koenker, Quantile Regression (2005), sec. 1.3; Bishop,
PRML, sec. 1.5.5; Savage (1971).
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
    cited,
    delta,
    derive,
    dims,
    equals,
    index,
    let,
    log,
    matrix,
    over,
    positivity,
    rational,
    relu,
    scalar,
    sqnorm,
    step,
    vector,
)
from numerics import optimal_predictions as by_hand

n, m, K = dims("n m K")
y = vector("y", n)
p = vector("p", n, simplex=True)
c = scalar("c")  # what is named
i = index("i", n)

mean = let("mu", Sum(p[j] * y[j] for j in over(n)))
squared = derive(
    Sum(p[j] * (y[j] - c) ** 2 for j in over(n)),
    equals(Sum(p[j] * (y[j] - mean) ** 2 for j in over(n)) + (c - mean) ** 2, algebra),
    at_least(Sum(p[j] * (y[j] - mean) ** 2 for j in over(n)), positivity),
)
"""The square asks for the mean

and what is left is the variance.
"""
Q = vector("q", m, simplex=True)  # inputs,
W = matrix("W", m, n, stochastic_rows=True)  # the probabilities of the outcomes at each,
f = vector("f", m)  # and what is named there
g = let("g", W @ y)
regression = derive(
    Sum(Q[a] * W[a, j] * (y[j] - f[a]) ** 2 for a in over(m) for j in over(n)),
    equals(
        Sum(Q[a] * W[a, j] * (y[j] - g[a]) ** 2 for a in over(m) for j in over(n))
        + Sum(Q[a] * (f[a] - g[a]) ** 2 for a in over(m)),
        algebra,
    ),
    at_least(
        Sum(Q[a] * W[a, j] * (y[j] - g[a]) ** 2 for a in over(m) for j in over(n)),
        positivity,
    ),
)
"""The regression function

Of all functions of the input the conditional mean is nearest, and the squared loss of another is its distance from it.
"""

tau = scalar("tau")
t = scalar("t", nonnegative=True)  # another number is c + t or c - t
loss = let("L", Sum(p[j] * (tau * relu(y[j] - c) + (1 - tau) * relu(c - y[j])) for j in over(n)))
pinball = derive(
    loss,
    equals(Sum(p[j] * (tau * (y[j] - c) + relu(c - y[j])) for j in over(n)), algebra),
)
"""The pinball loss

tau for what is missing above c and 1 - tau for what is too much below: a slope and a corner.
"""
up = derive(
    relu(c + t - y[i]) - relu(c - y[i]),
    at_least(t * (1 - step(y[i] - c)), positivity),
)
"""Moving up costs

at least t for every outcome that is not above c,
"""
down = derive(
    relu(c - t - y[i]) - relu(c - y[i]),
    at_least(-t * step(c - y[i]), positivity),
)
"""and moving down gains

at most t for every outcome below c.
"""
enough = assume(Sum(p[j] * (1 - step(y[j] - c)) for j in over(n)), at_least(tau))
higher = derive(
    loss.at(c, c + t),
    equals(loss - t * tau + Sum(p[j] * (relu(c + t - y[j]) - relu(c - y[j])) for j in over(n)), algebra),
    at_least(loss - t * tau + Sum(p[j] * (t * (1 - step(y[j] - c))) for j in over(n)), by(up)),
    at_least(loss, by(enough)),
    given=enough,
)
"""Not higher

if the share tau of the outcomes is at most c,
"""
few = assume(Sum(p[j] * step(c - y[j]) for j in over(n)), at_most(tau))
lower = derive(
    loss.at(c, c - t),
    equals(loss + t * tau + Sum(p[j] * (relu(c - t - y[j]) - relu(c - y[j])) for j in over(n)), algebra),
    at_least(loss + t * tau - Sum(p[j] * (t * step(c - y[j])) for j in over(n)), by(down)),
    at_least(loss, by(few)),
    given=few,
)
"""and not lower

if no more than the share tau is below c. A number with both properties is a quantile.
"""
halves = derive(
    loss.at(tau, rational(1, 2)),
    equals(Sum(p[j] * abs_(y[j] - c) for j in over(n)) / 2, algebra),
)
"""The size of the error asks for the median

It is the pinball loss with tau = 1/2, twice.
"""

P = vector("P", K, simplex=True, positive=True)  # the probabilities of K classes,
r = vector("r", K, simplex=True, positive=True)  # and what is said of them
k = index("k", K)
below = cited(
    log(r[k] / P[k]),
    at_most(r[k] / P[k] - 1),
    theorem="1 + t <= e^t",
    source="Hardy, Littlewood and Polya, Inequalities (2nd ed.), sec. 4.2",
)
surprise = derive(
    -Sum(P[h] * log(P[h]) for h in over(K)),
    equals(-Sum(P[h] * log(r[h]) for h in over(K)) + Sum(P[h] * log(r[h] / P[h]) for h in over(K)), algebra),
    at_most(-Sum(P[h] * log(r[h]) for h in over(K)) + Sum(P[h] * (r[h] / P[h] - 1) for h in over(K)), by(below)),
    equals(-Sum(P[h] * log(r[h]) for h in over(K)), algebra),
)
"""Surprise asks for the probabilities

Whoever pays -log of what he said of the class that comes, pays least by saying the truth.
"""
brier = derive(
    Sum(P[h] * Sum((delta(g, h) - r[g]) ** 2 for g in over(K)) for h in over(K)),
    equals(sqnorm(r - P) + 1 - sqnorm(P), algebra),
    at_least(1 - sqnorm(P), positivity),
)
"""So does the square

of the difference from the indicator of the class, which is Brier's score.
"""

mean_code = agrees(mean, by_hand.mean)
loss_code = agrees(loss, by_hand.pinball)
brier_code = agrees(brier.first, by_hand.brier)
