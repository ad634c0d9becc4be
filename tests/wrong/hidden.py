"""EM with something hidden: a weight or a spread forgotten, wrong degrees of freedom, the old mean kept, a sum over the
wrong axis."""

from chainrule import (
    Gamma,
    Gaussian,
    I,
    Markov,
    Model,
    Normal,
    Poisson,
    StudentT,
    algebra,
    assume,
    at_most,
    by,
    cancel,
    choice,
    claim,
    derive,
    diag,
    differentiate,
    digamma,
    dims,
    equals,
    expectation_maximisation,
    index,
    invertible,
    let,
    log,
    logdet,
    matrix,
    minimise,
    ones,
    outer,
    positive,
    positive_definite,
    positivity,
    scalar,
    total,
    trace,
    vector,
)
from tests.wrong.pairs import pair

(N,) = dims("N")
i = index("i", N)
x, u = vector("x", N), vector("u", N, positive=True)
mu, sigma_sq, nu = scalar("mu"), scalar("sigma_sq", positive=True), scalar("nu", positive=True)
line = expectation_maximisation(
    Model((mu, sigma_sq, nu), {x[i]: Normal(mu, sigma_sq / u[i])}, {u[i]: Gamma(nu / 2, nu / 2)})
)
z, h = line.one[x[i]], line.found.natural.u
rate = (nu + (z - mu) ** 2 / sigma_sq) / 2
joint = line["posterior"].first
u_bar, log_u = vector("u_bar", N, positive=True), vector("log_u", N)
t = let("t", (z - mu) ** 2 / (nu * sigma_sq))
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
    return score_at("sigma_sq", value)


def freedom(value):
    step = next(s for fit in line.fits for s in fit.steps if s.variable.name == "nu")
    return derive(-step.gradient.last, equals(value))


def density(freedom_of_it):
    law = StudentT(freedom_of_it, mu, sigma_sq).log_density(z).xreplace({t.value: t})
    return derive(line.marginal.xreplace({line.found.parameters[1]: nu / 2 * (1 + t)}), equals(law, by(sure)))


def score_of_log(mean):
    first = line["shape.score"].first
    shape, gamma_rate = line.found.natural.theta
    return derive(first, equals(log(h) - mean(shape, gamma_rate), differentiate))


# --- gaps -----------------------------------------------------------------------------------------------
d, a, b = dims("d a b")
D, E = (
    let(n, f)
    for n, f in (("D", diag(vector("seen", d, binary=True))), ("E", I(d) - diag(vector("seen", d, binary=True))))
)
row, centre = vector("x", d), vector("mu", d)
Sigma = matrix("Sigma", d, d, positive_definite=True)
K = let("K", D @ Sigma @ D + E)
solvable = assume(invertible(K))
X, spread = matrix("X", N, d), matrix("spread", d, d, psd=True)
away = X - ones(N) @ centre.T
covariance = minimise(
    N * logdet(Sigma) / 2 + trace(Sigma.I @ (away.T @ away + spread)) / 2,
    Sigma,
    given=assume(positive_definite(away.T @ away + spread)),
)
H, Y, c, m = matrix("H", N, a), matrix("Y", N, b), vector("c", b), vector("m", a)
A, B = matrix("A", a, a, positive_definite=True), matrix("B", b, a)
C = matrix("C", b, b, positive_definite=True)
inputs = expectation_maximisation(Model((B, C), {Y[i]: Gaussian(B @ H[i] + c, C)}, {H[i]: Gaussian(m, A)}))
H_bar, V = inputs.mean, inputs.spread
slope = inputs.fits[0].steps[0]


def doubt(left):
    """What is left of the covariance, as the inverse of the missing block of the precision."""
    return derive(E @ Sigma.I @ left, equals(E, algebra), given=solvable)


def certain(left):
    """Of what was seen there is no doubt."""
    return derive(
        left,
        equals(D @ Sigma - (K - E) @ K.I @ D @ Sigma, algebra),
        equals(E @ K.I @ D @ Sigma, cancel(K, given=solvable)),
        given=solvable,
    )


def of_covariance(value):
    reason = covariance.stationary.lines[-1].reason
    return derive(covariance.gradient.last.at(covariance.variable, value), equals(0, reason), given=covariance.given)


def of_slope(value):
    reason = slope.stationary.lines[-1].reason
    return derive(slope.gradient.last.at(B, value), equals(0, reason), given=slope.given)


schur = Sigma @ D @ K.I @ D
products = (Y - ones(N) @ c.T).T @ H_bar
# --- chains ---------------------------------------------------------------------------------------------
T, S = dims("T S")
t_, path = index("t", T), choice("z", T, S)
n, lam = vector("n", T, nonnegative=True), vector("lam", S, positive=True)
pi, moves = vector("pi", S, simplex=True), matrix("A", S, S, stochastic_rows=True)
chain = expectation_maximisation(
    Model((pi, moves, lam), {n[t_]: Poisson(lam[path[t_]])}, {path[t_]: Markov(pi, moves)})
)
gamma, xi = chain.gamma, chain.xi
counted = total(xi, axis=0)
rates = chain.steps["lam"].value
left, visited = assume(positive(total(counted, axis=1))), assume(positive(total(gamma, axis=0)))


def of_moves(value):
    return derive(chain.steps["A"].value, equals(value, algebra), given=left)


def of_rates(value):
    return derive(rates, equals(value, algebra), given=visited)


right_moves = counted / outer(total(counted, axis=1), ones(S))
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
        posterior((nu + 1) / 2, nu / 2 + (z - mu) ** 2 / sigma_sq),
        posterior((nu + 1) / 2, nu / 2 + (z - mu) ** 2 / (2 * sigma_sq)),
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
        derive(line.steps["sigma_sq"].value, equals(total(u_bar * (x - mu) ** 2) / N)),
        derive(line.steps["sigma_sq"].value, equals(total(u_bar * (x - mean_now) ** 2) / N)),
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
    pair("the precision's block for the covariance's", doubt(E @ Sigma @ E), doubt(Sigma - schur @ Sigma)),
    pair(
        "what the rest explains added, not taken off",
        certain(D @ (Sigma + schur @ Sigma)),
        certain(D @ (Sigma - schur @ Sigma)),
        line=1,
    ),
    pair(
        "the gaps filled from the mean of zero",
        derive(E @ (centre + schur @ row), equals(E @ (centre + schur @ (row - centre)), algebra), given=solvable),
        derive(E @ (centre + schur @ (row - centre)), equals(E @ centre + E @ schur @ (row - centre)), given=solvable),
    ),
    pair(
        "the conditional covariance forgotten",
        of_covariance(away.T @ away / N),
        of_covariance((away.T @ away + spread) / N),
    ),
    pair(
        "the conditional covariance once for N",
        of_covariance((away.T @ away + spread / N) / N),
        of_covariance((away.T @ away + spread) / N),
    ),
    pair(
        "guessed inputs taken for known ones",
        of_slope(products @ (H_bar.T @ H_bar).I),
        of_slope(products @ (H_bar.T @ H_bar + N * V).I),
    ),
    pair("moves normalised along the columns", of_moves(counted / total(counted, axis=0)), of_moves(right_moves)),
    pair("moves over the number of moments", of_moves(counted / T), of_moves(right_moves)),
    pair("moves counted from column to row", of_moves(right_moves.T), of_moves(right_moves)),
    pair(
        "the weights forgotten in what a state emits",
        of_rates(ones(S) * total(n) / T),
        of_rates(gamma.T @ n / total(gamma, axis=0)),
    ),
    pair(
        "the weights summed over the states",
        of_rates(gamma.T @ n / total(gamma, axis=0) * S),
        of_rates(gamma.T @ n / total(gamma, axis=0)),
    ),
]
