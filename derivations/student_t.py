"""Student's t by EM.

A normal law fitted by its mean believes every point alike, and one wild point moves it anywhere. Student's t believes a
point the less the farther away it is, and EM says how much.

The trick is to make the doubt a hidden number. Each point has a precision u of its own, drawn from a gamma law, and is
normal with the variance sigma_sq / u. Nobody sees u; but its posterior is a gamma law again, since the log joint
density is made of log(u) and u as the log-density of a gamma law is. So its mean is known, and the M-step is that of a
normal law in which each point counts by its u.

Which functions of the hidden number there are, and that they are those of its prior, is read off the declaration. What
is left over when the posterior is taken out is the density of what is seen: Student's t comes out, and is not put in.

Source: Lange, Little and Taylor (1989); Liu and Rubin (1995); Bishop, PRML, sec. 2.3.7.
"""

from chainrule import (
    Gamma,
    Gaussian,
    Model,
    MultivariateT,
    Normal,
    StudentT,
    agrees,
    algebra,
    at_least,
    at_most,
    by,
    cited,
    claim,
    derive,
    differentiate,
    digamma,
    dims,
    dot,
    each,
    equals,
    expectation_maximisation,
    grad,
    hessian,
    index,
    let,
    log,
    matrix,
    over,
    positive,
    positivity,
    scalar,
    total,
    trigamma,
    vector,
)
from numerics import student_t as by_hand

N, d, p = dims("N d p")
i = index("i", N)
x = vector("x", N)
u = vector("u", N, positive=True)  # the precision of each point, hidden
mu = scalar("mu")
sigma_sq = scalar("sigma_sq", positive=True)
nu = scalar("nu", positive=True)  # degrees of freedom: how far the precisions are from being all alike

hidden = {u[i]: Gamma(nu / 2, nu / 2)}

line = expectation_maximisation(
    Model(parameters=(mu, sigma_sq, nu), hidden=hidden, seen={x[i]: Normal(mu, sigma_sq / u[i])})
)

point = line.one[x[i]]
t = let("t", (point - mu) ** 2 / (nu * sigma_sq))
sure = claim(positive(1 + t), positivity)
line_density = derive(
    line.marginal,
    equals(line.marginal.xreplace({line.found.parameters[1]: nu / 2 * (1 + t)}), algebra),
    equals(StudentT(nu, mu, sigma_sq).log_density(point).xreplace({t.value: t}), by(sure)),
)
"""Student's t comes out

Without its hidden precision a point is Student's.
"""

e = scalar("e")  # a distance from the middle
line_weights = derive(
    line.expected["u_bar"],
    equals(each((nu + 1) / (nu + (x[j] - mu) ** 2 / sigma_sq) for j in over(N)), algebra),
)
"""How much a point counts

More than 1 near the middle, and nearly nothing far away;
"""
bounded = derive(
    (nu + 1) / (nu + e**2 / sigma_sq),
    equals((nu + 1) / nu - (nu + 1) * e**2 / (nu * (nu * sigma_sq + e**2)), algebra),
    at_most((nu + 1) / nu, algebra),
)
"""never more than this;"""
pull = derive(
    (nu + 1) ** 2 * sigma_sq / (4 * nu) - ((nu + 1) / (nu + e**2 / sigma_sq) * e) ** 2,
    equals((nu + 1) ** 2 * sigma_sq / (4 * nu) * ((nu * sigma_sq - e**2) / (nu * sigma_sq + e**2)) ** 2, algebra),
    at_least(0, algebra),
)
"""nor does its pull at the middle

grow without a bound, as it does in least squares: it is strongest at sqrt(nu sigma_sq), and farther away it fades.
"""

line_weights_code = agrees(line.expected["u_bar"], by_hand.precisions)
line_logs_code = agrees(line.expected["log_u"], by_hand.log_precisions)
line_location_code = agrees(line.steps["mu"], by_hand.location, u="u_bar")
line_scale_code = agrees(line.fits[1].estimates["sigma_sq"], by_hand.scale, u="u_bar")

log_u, u_bar = vector("log_u", N), vector("u_bar", N, positive=True)
freedom = derive(
    grad(line.q, nu),
    equals(N * (1 + log(nu / 2) - digamma(nu / 2)) / 2 + total(log_u - u_bar) / 2, differentiate),
)
"""The degrees of freedom

have no closed form: one equation in one unknown,
"""
slow = cited(trigamma(nu / 2), at_least(2 / nu), theorem="trigamma(x) >= 1/x", source="Abramowitz and Stegun, 6.4.10")
freedom_falls = derive(
    hessian(line.q, nu),
    equals(N * (1 / (2 * nu) - trigamma(nu / 2) / 4), differentiate),
    at_most(0, by(slow)),
)
"""whose left side falls, so that there is one solution at most and Newton's steps find it."""
freedom_code = agrees(freedom.last, by_hand.freedom_score, u="u_bar")
freedom_falls_code = agrees(freedom_falls.lines[0].expr, by_hand.freedom_bend)

X = matrix("X", N, d)
centre = vector("mu", d)
Sigma = matrix("Sigma", d, d, positive_definite=True)

space = expectation_maximisation(
    Model(parameters=(centre, Sigma, nu), hidden=hidden, seen={X[i]: Gaussian(centre, Sigma / u[i])})
)
"""In space one precision a point turns all of its coordinates down together."""

place = space.one[X[i]]
t_space = let("t", (place - centre).T @ Sigma.I @ (place - centre) / nu)
sure_space = claim(positive(1 + t_space), positivity)
space_density = derive(
    space.marginal,
    equals(space.marginal.xreplace({space.found.parameters[1]: nu / 2 * (1 + t_space)}), algebra),
    equals(MultivariateT(nu, centre, Sigma).log_density(place).xreplace({t_space.value: t_space}), by(sure_space)),
)
space_weights_code = agrees(space.expected["u_bar"], by_hand.precisions_in_space)
space_location_code = agrees(space.steps["mu"], by_hand.location_in_space, u="u_bar")
space_scale_code = agrees(space.fits[1].estimates["Sigma"], by_hand.scale_in_space, u="u_bar")

F = matrix("X", N, p)  # one example a row
y = vector("y", N)
w = vector("w", p)

regression = expectation_maximisation(
    Model(parameters=(w, sigma_sq), hidden=hidden, seen={y[i]: Normal(dot(F[i], w), sigma_sq / u[i])})
)
"""A line through wild points: weighted least squares, with weights that the line itself decides."""

regression_weights_code = agrees(regression.expected["u_bar"], by_hand.precisions_of_regression)
regression_code = agrees(regression.steps["w"], by_hand.coefficients, u="u_bar")
