"""Functions of many wide rows, a block at a time: the same numbers as all at once, and only where rows stay apart."""

import numpy as np
import pytest

import chainrule as cr
from chainrule.code import numpy_function, numpy_source
from chainrule.code import rows as by_rows
from tests.code.judge import called

n, p = cr.dims("n p", typical=(2000, 500))
X, G, g, b = cr.matrix("X", n, p), cr.matrix("G", n, p), cr.vector("g", p), cr.vector("b", p)
y = cr.vector("y", n)


def norm(X, g, b):
    """Each row less its mean over its deviation, scaled and shifted."""
    away = cr.each(X[i] - cr.total(X, axis=1)[i] / p for i in cr.over(n))
    unit = cr.each(away[i] / cr.sqrt(cr.total(away**2, axis=1)[i] / p + cr.rational(1, 1000)) for i in cr.over(n))
    return unit * g + b


LAYER = norm(X, g, b)
SOFT = cr.total(cr.softmax(cr.tanh(X * G) + cr.exp(-(X**2)), axis=1) * G, axis=1)
BY_ROWS = {
    "norm": (LAYER, cr.vjp(LAYER, X, G), cr.vjp(LAYER, g, G), cr.vjp(LAYER, b, G)),
    "by rows alone": (cr.vjp(LAYER, X, G),),
    "numbers": (cr.total(cr.exp(-(LAYER**2)) * G), 2 * cr.total(LAYER * G) - 3 * cr.total(SOFT * y)),
    "along rows": (SOFT, cr.grad(cr.total(SOFT * y), X)),
    "turned": (cr.tanh(LAYER * G).T, cr.total(SOFT)),
}
APART = {
    "a mean over rows": cr.tanh((X * G - cr.outer(cr.ones(n), cr.total(cr.exp(X) * cr.tanh(G), axis=0))) ** 2) * X**3,
    "a softmax over rows": cr.softmax(cr.tanh(X * G) * cr.exp(X), axis=0) * cr.sin(X),
    "a function of a sum": cr.log(cr.total(cr.exp(cr.tanh(LAYER) * G) + X**2)),
    "a product of matrices": cr.tanh(cr.exp(LAYER * G) @ (cr.tanh(X) * G).T),
    "the number of rows": cr.total(cr.exp(LAYER * G)) / n,
    "a sum beside a number": cr.total(cr.exp(LAYER * G)) + 1,
}


def data(rows, width):
    rng = np.random.default_rng(2)
    made = {"X": (rows, width), "G": (rows, width), "g": width, "b": width, "y": rows}
    return {name: rng.standard_normal(shape) for name, shape in made.items()}


@pytest.mark.parametrize("rows, width", [(1, 1), (7, 3), (300, 500), (131, 499), (2, 70_000), (0, 4)])
@pytest.mark.parametrize("name", BY_ROWS)
def test_a_block_at_a_time_is_the_same(name, rows, width, monkeypatch):
    in_blocks = numpy_function(BY_ROWS[name])
    monkeypatch.setattr(by_rows, "LARGE", np.inf)
    at_once, values = numpy_function(BY_ROWS[name]), data(rows, width)
    assert "step" in in_blocks.source and "step" not in at_once.source
    for ours, wanted in zip(called(in_blocks, values), called(at_once, values), strict=True):
        assert np.shape(ours) == np.shape(wanted)
        np.testing.assert_allclose(ours, wanted, rtol=1e-10, atol=1e-10 * np.abs(wanted).max(initial=1.0))


@pytest.mark.parametrize("name", APART)
def test_what_mixes_rows_is_done_at_once(name):
    assert "step" not in numpy_source(APART[name])


def test_what_is_small_is_done_at_once():
    assert "step" not in numpy_source(BY_ROWS["norm"], typical={"n": 100, "p": 20})
    assert "step" not in numpy_source(cr.tanh(X) * G)


def test_names_that_are_taken():
    i, step = cr.vector("i", p), cr.vector("step", p)
    for taken in (i, step):
        assert "range(" not in numpy_source(cr.vjp(norm(X, taken, b), X, G))
    out = cr.vector("out", p)
    source = numpy_source(cr.vjp(norm(X, out, b), X, G))
    assert "out1 = np.empty((n, p))" in source and "return out1" in source


def test_products_of_rows():
    """A product of row i of one with row i of the other, without the array of all products."""
    source = numpy_source(cr.total(X * G, axis=1))
    assert "@" in source and "np.sum" not in source
    values = data(30, 70)
    found = numpy_function(cr.total(X * G, axis=1))(values["X"], values["G"])
    np.testing.assert_allclose(found, (values["X"] * values["G"]).sum(axis=1), rtol=1e-12, atol=1e-12)


def test_a_number_goes_to_the_smaller_factor():
    a = cr.scalar("a", positive=True)
    assert numpy_source(a * (cr.outer(y, cr.ones(p)) * cr.tanh(X)) / p).count("* np.tanh(X)") == 1
    assert ")[:, None] * np.tanh(X)" in numpy_source(cr.outer(y, cr.ones(p)) * cr.tanh(X) / cr.total(y))
