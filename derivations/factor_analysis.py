"""Factor analysis and probabilistic principal components.

Many coordinates follow a few hidden factors, and each has noise of its own. What is hidden is a vector, and EM guesses
it as it guesses a class: where it lies, and how sure that is.

The log joint density is a quadratic in the factors. Completing the square finds their posterior: its mean is where the
quadratic is highest, its covariance the inverse of the curvature, the same for all examples. The M-step is a regression
on factors that are known with an error: the error adds N V to their scatter. The mean mu is that of the points.

Source: Rubin and Thayer (1982); Tipping and Bishop (1999); Bishop, PRML, sec. 12.2.
"""

from chainrule import (
    Gaussian,
    I,
    Model,
    agrees,
    diag,
    dims,
    expectation_maximisation,
    index,
    matrix,
    scalar,
    vector,
    zeros,
)
from numerics import factor_analysis as by_hand
from numerics import probabilistic_pca as components_by_hand

N, d, q = dims("N d q")
i = index("i", N)
X = matrix("X", N, d)  # one example a row
Z = matrix("Z", N, q)  # its factors
W = matrix("W", d, q)  # how the coordinates follow them
mu = vector("mu", d)
psi = vector("psi", d, positive=True)  # the noise of each coordinate
sigma_sq = scalar("sigma_sq", positive=True)  # one for all

hidden = {Z[i]: Gaussian(zeros(q), I(q))}

factors = expectation_maximisation(
    Model(parameters=(W, psi), hidden=hidden, seen={X[i]: Gaussian(W @ Z[i] + mu, diag(psi))})
)
factors_means = agrees(factors.posterior_mean, by_hand.posterior_means)
factors_covariance = agrees(factors.posterior_covariance, by_hand.posterior_covariance)
factors_loadings = agrees(factors.steps["W"], by_hand.loadings, Z="Z_bar", G="V")
factors_noise = agrees(factors.steps["psi"], by_hand.noise_at_loadings, Z="Z_bar", G="V")
"""S_xz S_zz^-1, and what is left of each coordinate. With the loadings of the same step the hand-written form is
shorter than Q's: what the factors explain is taken off once."""

components = expectation_maximisation(
    Model(parameters=(W, sigma_sq), hidden=hidden, seen={X[i]: Gaussian(W @ Z[i] + mu, sigma_sq * I(d))})
)
components_means = agrees(components.posterior_mean, components_by_hand.posterior_means)
components_covariance = agrees(components.posterior_covariance, components_by_hand.posterior_covariance)
components_noise = agrees(components.fits[1].estimates["sigma_sq"], components_by_hand.noise, Z="Z_bar", G="V")
"""The same noise in all directions: the mean over the coordinates."""
