"""Mixtures of regressions.

Each example follows one of K lines, and nobody says which. The M-step is least squares, once a line, each example
weighted by how probable it is that it follows this one.

Where a curve has no closed form, as for logistic regression, the M-step is Newton's: the weighted score and Hessian of
one class come out of the same declaration as code, and a step that does not lower Q does not lower the likelihood.

Source: DeSarbo and Cron (1988); Jordan and Jacobs (1994); Bishop, PRML, sec. 14.5.
"""

from chainrule import (
    Bernoulli,
    Categorical,
    Model,
    Normal,
    agrees,
    choice,
    dims,
    dot,
    expectation_maximisation,
    index,
    matrix,
    sigmoid,
    vector,
)
from numerics import mixture_of_regressions as by_hand

N, K, p = dims("N K p")
i = index("i", N)
X = matrix("X", N, p)  # one example a row
y = vector("y", N)  # what is measured
b = vector("b", N, binary=True)  # or yes or no
z = choice("z", N, K)
pi = vector("pi", K, simplex=True)
w = matrix("w", K, p)  # one line a row
sigma_sq = vector("sigma_sq", K, positive=True)

classes = {z[i]: Categorical(pi)}

lines = expectation_maximisation(
    Model(parameters=(pi, w, sigma_sq), hidden=classes, seen={y[i]: Normal(dot(X[i], w[z[i]]), sigma_sq[z[i]])})
)
lines_responsibilities = agrees(lines.responsibilities, by_hand.responsibilities)
lines_coefficients = agrees(lines.steps["w"], by_hand.coefficients)
lines_variances = agrees(lines.steps["sigma_sq"], by_hand.variances_at_coefficients)

curves = expectation_maximisation(
    Model(parameters=(pi, w), hidden=classes, seen={b[i]: Bernoulli(sigmoid(dot(X[i], w[z[i]])))})
)
