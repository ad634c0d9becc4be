"""A slice of a stack at a time: the same numbers as all at once, and only where a wide array is summed away."""

import numpy as np
import pytest

import chainrule as cr
from chainrule.code import numpy_function
from chainrule.code import stacks as by_slices
from tests.code.judge import called

N, K, d = cr.dims("N K d", typical=(5000, 8, 16))
X, mu, x = cr.matrix("X", N, d), cr.matrix("mu", K, d), cr.vector("x", d)
Sigma, W = cr.tensor("Sigma", K, d, d, positive_definite=True), cr.tensor("W", K, d, d)
S = cr.matrix("S", d, d, positive_definite=True)
r = cr.matrix("r", N, K, nonnegative=True)
v, k = cr.matrix("v", K, d, positive=True), cr.vector("k", K, positive=True)


def forms(left, matrix):
    """l_ij' M_j (x_i - mu_j)."""
    return cr.each(cr.dot(left(i, j), matrix(j) @ (X[i] - mu[j])) for i in cr.over(N) for j in cr.over(K))


def away(i, j):
    """x_i - mu_j."""
    return X[i] - mu[j]


MAHALANOBIS = forms(away, lambda j: cr.inv(Sigma[j]))
FORMS = {
    "one inverse for each": (MAHALANOBIS, cr.each(cr.logdet(Sigma[j]) for j in cr.over(K))),
    "one inverse for all": (forms(away, lambda _: cr.inv(S)),),
    "a matrix for each": (forms(away, lambda j: W[j]),),
    "diagonal": (forms(away, lambda j: cr.inv(cr.diag(v[j]))),),
    "a number for each": (forms(away, lambda j: cr.I(d) / k[j]),),
    "the inverse of a sum": (forms(away, lambda j: cr.inv(Sigma[j] + S)),),
    "functions of differences": (
        cr.each(cr.total(cr.exp(-((X[i] - mu[j]) ** 2)) * v[j]) for i in cr.over(N) for j in cr.over(K)),
    ),
    "scatter": (
        cr.each(cr.Sum(r[i, j] * cr.outer(X[i] - mu[j], X[i] - mu[j]) for i in cr.over(N)) / k[j] for j in cr.over(K)),
    ),
    "one stack in another": (
        cr.each(cr.Sum(cr.exp(-MAHALANOBIS[i, j]) * (X[i] - mu[j]) ** 2 for i in cr.over(N)) for j in cr.over(K)),
    ),
    "softmax of a stack": (cr.softmax(cr.outer(cr.ones(N), cr.log(k)) - MAHALANOBIS, axis=1),),
}
WHOLE = {
    "nothing summed": cr.each(cr.exp(X[i] - mu[j]) for i in cr.over(N) for j in cr.over(K)),
    "one product of matrices": X @ mu.T,
    "small": cr.each(cr.total((x - mu[j]) ** 4) for j in cr.over(K)),
}


def data(points, classes, width):
    rng = np.random.default_rng(3)
    half = rng.standard_normal((classes, width, width))
    made = {"X": (points, width), "mu": (classes, width), "W": (classes, width, width), "x": width}
    values = {name: rng.standard_normal(shape) for name, shape in made.items()}
    spread = half @ np.swapaxes(half, 1, 2) + np.eye(width)
    positive = {"r": (points, classes), "v": (classes, width), "k": classes}
    values |= {name: rng.uniform(0.5, 2, shape) for name, shape in positive.items()}
    return values | {"Sigma": spread, "S": spread.sum(axis=0) + np.eye(width)}


@pytest.mark.parametrize("size", [(1, 1, 1), (7, 3, 2), (50, 1, 4), (2, 5, 3), (0, 2, 2)])
@pytest.mark.parametrize("name", FORMS)
def test_a_slice_at_a_time_is_the_same(name, size, monkeypatch):
    in_slices = numpy_function(FORMS[name])
    monkeypatch.setattr(by_slices, "WIDE", np.inf)
    at_once, values = numpy_function(FORMS[name]), data(*size)
    assert "for k" in in_slices.source and "for k" not in at_once.source
    for ours, wanted in zip(called(in_slices, values), called(at_once, values), strict=True):
        assert np.shape(ours) == np.shape(wanted)
        assert np.allclose(ours, wanted, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_small_or_not_summed_is_taken_at_once(name):
    assert "for " not in numpy_function(WHOLE[name]).source


def test_the_index_is_not_the_name_of_an_argument():
    source = numpy_function(FORMS["a number for each"]).source
    assert "for k_ in range(K):" in source


def test_a_positive_definite_matrix_is_factored_once():
    source = numpy_function(FORMS["one inverse for each"]).source
    assert source.count("cholesky") == 1 and "solve" not in source
