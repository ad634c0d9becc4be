"""EM with something hidden: a weight or a spread forgotten, wrong degrees of freedom, the old mean kept, a sum over the
wrong axis."""

from chainrule import (
    Gamma,
    Model,
    Normal,
    StudentT,
    algebra,
    at_most,
    by,
    claim,
    derive,
    differentiate,
    digamma,
    dims,
    equals,
    expectation_maximisation,
    index,
    let,
    log,
    positive,
    positivity,
    scalar,
    total,
    vector,
)
from tests.wrong.pairs import pair

(N,) = dims("N")
i = index("i", N)
x, u = vector("x", N), vector("u", N, positive=True)
mu, s2, nu = scalar("mu"), scalar("s2", positive=True), scalar("nu", positive=True)
line = expectation_maximisation(Model((mu, s2, nu), {x[i]: Normal(mu, s2 / u[i])}, {u[i]: Gamma(nu / 2, nu / 2)}))
z, h = line.one[x[i]], line.found.natural.u
rate = (nu + (z - mu) ** 2 / s2) / 2
joint = line["posterior"].first
u_bar, log_u = vector("u_bar", N, positive=True), vector("log_u", N)
t = let("t", (z - mu) ** 2 / (nu * s2))
sure = claim(positive(1 + t), positivity)
bound = line["elbo"]


def posterior(shape, scale=rate):
    """log p(x, u) as the log-density of a gamma law and what would be left over for it."""
    law = Gamma(shape, scale).log_density(h)
    return derive(joint, equals(law + (joint - law).at(h, 1), algebra))


def score_at(name, value):
    step = next(s for fit in line.fits for s in fit.steps if s.variable.name == name)
    return derive(step.gradient.last.at(step.variable, value), equals(0), given=step.given)


def of_location(value):
    return score_at("mu", value)


def of_scale(value):
    return score_at("s2", value)


def freedom(value):
    step = next(s for fit in line.fits for s in fit.steps if s.variable.name == "nu")
    return derive(-step.gradient.last, equals(value))


def density(freedom_of_it):
    law = StudentT(freedom_of_it, mu, s2).log_density(z).xreplace({t.value: t})
    return derive(line.marginal.xreplace({line.found.parameters[1]: nu / 2 * (1 + t)}), equals(law, by(sure)))


def score_of_log(mean):
    first = line["shape.score"].first
    shape, gamma_rate = line.found.natural.theta
    return derive(first, equals(log(h) - mean(shape, gamma_rate), differentiate))


mean_now = x.T @ u_bar / total(u_bar)

PAIRS = [
    pair(
        "the posterior's shape without the half that the point adds",
        posterior(nu / 2),
        posterior((nu + 1) / 2),
    ),
    pair(
        "the posterior's rate without the distance",
        posterior((nu + 1) / 2, nu / 2),
        posterior((nu + 1) / 2),
    ),
    pair(
        "the distance not halved in the rate",
        posterior((nu + 1) / 2, nu / 2 + (z - mu) ** 2 / s2),
        posterior((nu + 1) / 2, nu / 2 + (z - mu) ** 2 / (2 * s2)),
    ),
    pair("one degree of freedom too many in the density", density(nu + 1), density(nu)),
    pair(
        "the logarithm of the mean for the mean of the logarithm",
        score_of_log(lambda a, b: log(a / b)),
        score_of_log(lambda a, b: digamma(a) - log(b)),
    ),
    pair("the weight forgotten in the location", of_location(total(x) / N), of_location(mean_now)),
    pair("N for the sum of the weights in the location", of_location(x.T @ u_bar / N), of_location(mean_now)),
    pair(
        "the weight forgotten in the scale",
        of_scale(total((x - mu) ** 2) / N),
        of_scale(total(u_bar * (x - mu) ** 2) / N),
    ),
    pair(
        "the new location not used in the scale",
        derive(line.steps["s2"].value, equals(total(u_bar * (x - mu) ** 2) / N)),
        derive(line.steps["s2"].value, equals(total(u_bar * (x - mean_now) ** 2) / N)),
    ),
    pair(
        "the sum of the weights for N in the scale",
        of_scale(total(u_bar * (x - mu) ** 2) / total(u_bar)),
        of_scale(total(u_bar * (x - mu) ** 2) / N),
    ),
    pair(
        "the score of the degrees of freedom at nu for nu / 2",
        freedom(N * (1 + log(nu) - digamma(nu)) / 2 + total(log_u - u_bar) / 2),
        freedom(N * (1 + log(nu / 2) - digamma(nu / 2)) / 2 + total(log_u - u_bar) / 2),
    ),
    pair(
        "the bound taken for the likelihood",
        derive(bound.first, equals(bound.last, algebra)),
        derive(bound.first, equals(bound.lines[0].expr, algebra)),
    ),
    pair(
        "the bound above the likelihood",
        derive(bound.first, at_most(bound.last, bound.lines[1].reason)),
        derive(bound.first, *bound.lines),
        stands="CITED",
    ),
    pair(
        "the entropy of the guess forgotten in the bound",
        derive(line["tight"].last, equals(line["tight"].first + total(log_u), algebra)),
        derive(line["tight"].last, equals(line["tight"].first, algebra)),
    ),
]
