"""Newton's steps where a likelihood has no closed form.

The shape of a gamma or a Weibull distribution, the exponents of a beta or a Dirichlet one, the concentration of
angles: their scores can be written, and not solved. What is left is to follow the slope, with the curvature as a guide.
Both are derived here from the declared model, per example, and held against the hand-written steps.

The derivative of log Gamma is digamma, and each further one has its name; that of log I_0 is the ratio I_1 / I_0.

Source: Minka, Estimating a Dirichlet distribution (2000); Mardia and Jupp, Directional Statistics (2000), sec. 5.3.
"""

from chainrule import (
    Beta,
    Dirichlet,
    Gamma,
    Model,
    VonMises,
    Weibull,
    agrees,
    bessel_ratio,
    cos,
    derive,
    diag,
    differentiate,
    digamma,
    dims,
    equals,
    grad,
    hessian,
    index,
    log,
    matrix,
    maximum_likelihood,
    ones,
    outer,
    scalar,
    total,
    trigamma,
    vector,
)
from numerics import concave_newton as by_hand

N, d = dims("N d")
i = index("i", N)
t = vector("t", N, positive=True)  # times, sizes
u = vector("u", N, unit_interval=True)  # shares
angle = vector("angle", N)
X = matrix("X", N, d, positive=True, simplex=True)  # shares of a whole, one a row

shape = scalar("shape", positive=True)
rate = scalar("rate", positive=True)
power = scalar("power", positive=True)
a = scalar("a", positive=True)
b = scalar("b", positive=True)
kappa = scalar("kappa", positive=True)
mu = scalar("mu")
alpha = vector("alpha", d, positive=True)

gamma = maximum_likelihood(Model(parameters=(shape, rate), seen={t[i]: Gamma(shape, rate)}))
"""For every shape the best rate is the shape over the mean. Put in, it leaves a function of the shape."""

gamma_profile = -gamma.of(shape).objective / N

gamma_score = derive(
    grad(gamma_profile, shape),
    equals(log(shape) - digamma(shape) - (log(total(t) / N) - total(log(t)) / N), differentiate),
)
"""The logarithm of the mean lies above the mean of the logarithms: how far decides the shape."""

gamma_hessian = derive(hessian(gamma_profile, shape), equals(1 / shape - trigamma(shape), differentiate))

gamma_score_code = agrees(gamma_score.last, by_hand.gamma_score_of, x="t")
gamma_hessian_code = agrees(gamma_hessian.last, by_hand.gamma_hessian, a="shape")

weibull = maximum_likelihood(Model(parameters=(power, shape), seen={t[i]: Weibull(shape, power)}))

weibull_profile = -weibull.of(shape).objective / N

weibull_score = derive(
    grad(weibull_profile, shape),
    equals(1 / shape + total(log(t)) / N - total(t**shape * log(t)) / total(t**shape), differentiate),
)
"""The last term is a mean of log t, with weights that lean to the large ones the more the larger the shape."""

weibull_score_code = agrees(weibull_score.last, by_hand.weibull_score, c="shape", x="t")
weibull_hessian_code = agrees(hessian(weibull_profile, shape), by_hand.weibull_hessian, c="shape", x="t")

beta = maximum_likelihood(Model(parameters=(a, b), seen={u[i]: Beta(a, b)}))

beta_score = derive(
    grad(-beta.of(a).objective / N, a),
    equals(digamma(a + b) - digamma(a) + total(log(u)) / N, differentiate),
)

beta_score_code = agrees(beta_score.last, by_hand.beta_first_score, x="u")

dirichlet = maximum_likelihood(Model(parameters=(alpha,), seen={X[i]: Dirichlet(alpha)}))

dirichlet_score = derive(
    grad(-dirichlet.of(alpha).objective / N, alpha),
    equals(digamma(total(alpha)) * ones(d) - digamma(alpha) + total(log(X), axis=0) / N, differentiate),
)

dirichlet_hessian = derive(
    hessian(-dirichlet.of(alpha).objective / N, alpha),
    equals(trigamma(total(alpha)) * outer(ones(d), ones(d)) - diag(trigamma(alpha)), differentiate),
)
"""A diagonal and one more direction: the Newton step costs no more than a gradient."""

dirichlet_score_code = agrees(dirichlet_score.last, by_hand.dirichlet_score_of)
dirichlet_hessian_code = agrees(dirichlet_hessian.last, by_hand.dirichlet_hessian)

von_mises = maximum_likelihood(Model(parameters=(kappa,), seen={angle[i]: VonMises(mu, kappa)}))

von_mises_score = derive(
    grad(-von_mises.of(kappa).objective / N, kappa),
    equals(total(cos(angle - mu)) / N - bessel_ratio(kappa), differentiate),
)

von_mises_hessian = derive(
    hessian(-von_mises.of(kappa).objective / N, kappa),
    equals(-(1 - bessel_ratio(kappa) / kappa - bessel_ratio(kappa) ** 2), differentiate),
)
"""Minus the variance of the cosine: the score falls, and has one root."""

von_mises_score_code = agrees(von_mises_score.last, by_hand.von_mises_score_of)
von_mises_hessian_code = agrees(von_mises_hessian.last, by_hand.von_mises_hessian)
