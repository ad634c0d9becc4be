"""The most probable parameters.

Say beforehand which parameters are plausible, and every penalty in machine learning has a meaning: a Gaussian belief is
ridge regression, a Laplace belief is the lasso, and a Beta or Dirichlet belief is a few examples added to the count.

The objective is minus the logarithm of likelihood times prior; what does not contain the parameters may be left out.

Source: Bishop, PRML, sec. 2.1.1, 2.2.1 and 3.3.1; Tibshirani (1996), sec. 5; MacKay, Information Theory, Inference and
Learning Algorithms (2003), sec. 22.3.
"""

from chainrule import (
    Gaussian,
    I,
    Laplace,
    Model,
    Normal,
    abs_,
    agrees,
    algebra,
    assume,
    by,
    claim,
    derive,
    dims,
    dot,
    equals,
    index,
    let,
    log,
    logdet,
    matrix,
    maximum_likelihood,
    minimise,
    pi,
    positive_definite,
    positivity,
    scalar,
    sqnorm,
    total,
    vector,
    zeros,
)
from numerics import map_estimates as by_hand

N, p, K = dims("N p K")
i, j = index("i", N), index("j", p)
X = matrix("X", N, p)  # one example a row
y = vector("y", N)
w = vector("w", p)
sigma_sq, tau_sq = (
    scalar("sigma_sq", positive=True),
    scalar("tau_sq", positive=True),
)  # the variance of the noise, and of the belief
noise = {y[i]: Normal(X[i].T @ w, sigma_sq)}

gaussian = maximum_likelihood(Model(parameters=(w,), seen=noise, prior={w: Gaussian(zeros(p), tau_sq * I(p))}))
ridge_objective = derive(
    gaussian.objective,
    equals(
        (sqnorm(y - X @ w) + sigma_sq / tau_sq * sqnorm(w)) / (2 * sigma_sq)
        + (N * log(2 * pi * sigma_sq) + p * log(2 * pi) + logdet(tau_sq * I(p))) / 2,
        algebra,
    ),
)
"""A Gaussian belief is the price of ridge regression

lam = sigma_sq / tau_sq: much noise makes the price higher, a wide belief lower.
"""
A = let("A", X.T @ X + sigma_sq / tau_sq * I(p))
solvable = claim(positive_definite(A), positivity)
"""The ridge system"""
ridge = derive(
    gaussian.estimates["w"],
    equals(A.I @ X.T @ y, by(solvable, gaussian["w.solvable"])),
)
"""The most probable weights are the ridge weights"""

b = scalar("b", positive=True)
laplace = maximum_likelihood(Model(parameters=(w,), seen=noise, prior={w[j]: Laplace(0, b)}))
lasso_objective = derive(
    laplace.objective,
    equals(
        (sqnorm(y - X @ w) / 2 + sigma_sq / b * total(abs_(w))) / sigma_sq
        + (N * log(2 * pi * sigma_sq)) / 2
        + p * log(2 * b),
        algebra,
    ),
)
"""A Laplace belief is the price of the lasso

lam = sigma_sq / b. The belief has a peak at zero, and many weights stay there.
"""

m, m0 = scalar("m"), scalar("m0")
mean = maximum_likelihood(Model(parameters=(m,), seen={y[i]: Normal(m, sigma_sq)}, prior={m: Normal(m0, tau_sq)}))
shrunk = derive(
    mean.estimates["m"],
    equals((total(y) / sigma_sq + m0 / tau_sq) / (N / sigma_sq + 1 / tau_sq), algebra),
)
"""A mean that is believed to be near m0

The data and the belief, each weighted by its precision.
"""

x = vector("x", N, binary=True)
t = scalar("theta", unit_interval=True)
a, c = scalar("a", positive=True), scalar("c", positive=True)
coin = minimise(-(total(x) * log(t) + (N - total(x)) * log(1 - t)) - a * log(t) - c * log(1 - t), t)
coin_stationary = coin.stationary
"""A coin and a Beta belief

with the exponents a and c of theta and 1 - theta, that is Beta(a + 1, c + 1): a more heads were seen, and c more tails.
"""
coin_lowest = coin.lowest
"""The only lowest point"""

n = vector("n", K, nonnegative=True)  # how often each category was seen
q = vector("q", K, positive=True)
e = vector("e", K, positive=True)
sums_to_one = assume(total(q), equals(1))
dice = minimise(-dot(n, log(q)) - dot(e, log(q)), q, subject_to=sums_to_one)
dice_stationary = dice.stationary
"""A die and a Dirichlet belief

with the exponents e, that is Dirichlet(e + 1): e_k more were seen of category k. With all e_k = 1 this is Laplace's
formula of succession.
"""
dice_lowest = dice.lowest
"""and no other probabilities are more probable."""

ridge_code = agrees(ridge.last, by_hand.ridge)
mean_code = agrees(shrunk.last, by_hand.normal_mean)
coin_code = agrees(coin.point, by_hand.coin)
dice_code = agrees(dice.point, by_hand.categories)
