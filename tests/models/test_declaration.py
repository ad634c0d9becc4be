"""What a model refuses, and what it says is to be changed."""

import pytest

from chainrule import (
    Bernoulli,
    Categorical,
    Exponential,
    Gaussian,
    Laplace,
    Model,
    Normal,
    abs_,
    choice,
    derive,
    dims,
    equals,
    index,
    log,
    matrix,
    maximum_likelihood,
    scalar,
    sqnorm,
    tensor,
    total,
    vector,
)
from chainrule import pi as pi_
from chainrule.errors import NotationError
from chainrule.evidence import Evidence
from chainrule.judge import judge

N, K, d = dims("N K d")
i, j, k = index("i", N), index("j", K), index("k", d)
x, t, c = vector("x", N), vector("t", N, positive=True), vector("c", N, binary=True)
X = matrix("X", N, d)
m, sigma_sq, unsaid = scalar("m"), scalar("sigma_sq", positive=True), scalar("u")
mu, mus = vector("mu", d), matrix("mu", K, d)
Sigma, Sigmas = matrix("S", d, d, positive_definite=True), tensor("S", K, d, d, positive_definite=True)
pi = vector("pi", K, simplex=True)
z = choice("z", N, K)

IMPOSSIBLE = {
    "a negative scale": (lambda: Model((m,), {x[i]: Normal(m, -sigma_sq)}), "has to be positive, and -sigma_sq is not"),
    "a scale of no sign": (
        lambda: Model((m, unsaid), {x[i]: Normal(m, unsaid)}),
        "write u = ...('u', ..., positive=True)",
    ),
    "a covariance for a variance": (lambda: Model((mu,), {X[i]: Gaussian(mu, sigma_sq)}), "is a matrix"),
    "drawn twice": (lambda: Model((m,), {x[i]: Normal(m, sigma_sq), x: Normal(m, sigma_sq)}), "distributed twice"),
    "no such plate": (lambda: Model((mus,), {X[i]: Gaussian(mus[j], Sigma)}), "the plates here are: i"),
    "a class out of nowhere": (lambda: Model((mus,), {X[i]: Gaussian(mus[z[i]], Sigma)}), "add hidden="),
    "nothing seen": (lambda: Model((m,), {}), "has no likelihood"),
    "outside the support": (lambda: Model((sigma_sq,), {x[i]: Exponential(sigma_sq)}), "positive=True"),
    "an unused parameter": (lambda: Model((m, unsaid), {x[i]: Normal(m, sigma_sq)}), "occurs in no distribution"),
    "an improper prior": (
        lambda: Model((m,), {x[i]: Normal(m, sigma_sq)}, prior={m: Normal(0, 0)}),
        "has to be positive, and 0 is not",
    ),
    "a prior of what is no parameter": (
        lambda: Model((m,), {x[i]: Normal(m, sigma_sq)}, prior={mus[j, k]: Normal(0, sigma_sq)}),
        "add it to parameters",
    ),
    "a probability above 1": (lambda: Model((m,), {c[i]: Bernoulli(2)}), "has to be unit interval"),
    "no parameter": (lambda: Model((m + 1,), {x[i]: Normal(m, sigma_sq)}), "a parameter is a declared symbol"),
    "no distribution": (lambda: Model((m,), {x[i]: m}), "is no distribution"),
    "another plate": (lambda: z[j], "runs over N"),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_the_impossible_is_refused(name):
    declare, told = IMPOSSIBLE[name]
    with pytest.raises(NotationError) as refused:
        declare()
    assert told in str(refused.value)


def test_a_mixture_is_declared_as_on_paper():
    model = Model((pi, mus, Sigmas), {X[i]: Gaussian(mus[z[i]], Sigmas[z[i]])}, {z[i]: Categorical(pi)})
    assert len(model.drawn) == 2 and not model.given


def test_what_holds_for_some_is_a_hypothesis():
    a = scalar("a")
    model = Model((m,), {x[i]: Normal(m, 1 - a)})
    assert [str(g.statement.of) for g in model.given] == ["1 - a"]


def test_a_parameter_may_have_a_prior_entry_by_entry():
    w = vector("w", d)
    fit = maximum_likelihood(Model((w,), {x[i]: Normal(X[i].T @ w, sigma_sq)}, prior={w[k]: Laplace(0, sigma_sq)}))
    shown = derive(
        fit.objective,
        equals(
            sqnorm(x - X @ w) / (2 * sigma_sq)
            + total(abs_(w)) / sigma_sq
            + N * log(2 * pi_ * sigma_sq) / 2
            + d * log(2 * sigma_sq)
        ),
    )
    assert [v.evidence for v in judge(shown)] == [Evidence.PROVED]
