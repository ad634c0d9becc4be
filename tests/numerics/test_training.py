"""Networks by hand: derivatives against complex steps at edge sizes, and the same training with generated ones."""

import inspect

import numpy as np
import pytest

from chainrule import grad
from chainrule.code import numpy_function
from derivations.training import FORMULAS
from numerics import strokes, tale, training


def sizes(name, edge):
    """Shapes of inputs, answers and parameters."""
    n, p, d, k, C, K, M, T = (1, 1, 1, 2, 1, 1, 1, 1) if edge else (4, 6, 5, 3, 2, 3, 2, 5)
    S = 2 * (M - 1) + K
    return {
        "perceptron": ((n, p), (n, k), (d, p), (d,), (k, d), (k,)),
        "convolutional": ((n, S, S), (n, k), (C, K, K), (C,), (k, C, M, M), (k,)),
        "recurrent": ((T, n, k), (T, n, k), (d, d), (d, k), (d,), (k, d), (k,)),
    }[name]


def drawn(name, edge=False):
    rng = np.random.default_rng(4)
    X, Y, *rest = (rng.normal(size=s) for s in sizes(name, edge))
    return [X, np.eye(Y.shape[-1])[Y.argmax(axis=-1)], *rest]


def generated(name):
    loss, symbols = FORMULAS[name]
    function = numpy_function((loss, *(grad(loss, s) for s in symbols[2:])))
    names = list(inspect.signature(function).parameters)
    order = [[s.name for s in symbols].index(wanted) for wanted in names]
    return lambda *arrays: function(*(arrays[k] for k in order))


@pytest.mark.parametrize("edge", [False, True])
@pytest.mark.parametrize("name", FORMULAS)
def test_by_hand_as_generated(name, edge):
    values = drawn(name, edge)
    for one, other in zip(getattr(training, name)(*values), generated(name)(*values), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("edge", [False, True])
@pytest.mark.parametrize("name", FORMULAS)
def test_by_hand_against_differences(name, edge):
    values = drawn(name, edge)
    function = getattr(training, name)
    for k, found in enumerate(function(*values)[1:], start=2):
        for at in np.ndindex(found.shape):
            ahead, behind = ([v.copy() for v in values] for _ in range(2))
            ahead[k][at] += 1e-6
            behind[k][at] -= 1e-6
            slope = (function(*ahead)[0] - function(*behind)[0]) / 2e-6
            assert found[at] == pytest.approx(slope, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("name", FORMULAS)
def test_both_runs_have_the_same_losses_and_learn(name):
    rng = np.random.default_rng(0)
    if name == "recurrent":
        v = len(tale.letters())
        batches = [tale.windows(rng, 10, 6) for _ in range(60)]
        shapes = ((16, 16), (16, v), (16,), (v, 16), (v,))
    else:
        images, labels = strokes.digits(rng, 60, 8)
        batches = [(images if name == "convolutional" else images.reshape(60, 64), strokes.one_hot(labels, 10))] * 60
        shapes = ((12, 64), (12,), (10, 12), (10,)) if name == "perceptron" else ((4, 3, 3), (4,), (10, 4, 3, 3), (10,))
    weights = [rng.normal(size=s) / 4 for s in shapes]
    losses, learned = training.train(generated(name), weights, batches, 0.02)
    by_hand, same = training.train(getattr(training, name), weights, batches, 0.02)
    np.testing.assert_allclose(losses, by_hand, rtol=1e-9)
    for a, b in zip(learned, same, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-9)
    assert losses[-1] < 0.8 * losses[0]


def test_digits_are_images_that_differ():
    images, labels = strokes.digits(np.random.default_rng(1), 50, 12)
    assert images.shape == (50, 12, 12)
    assert images.min() == 0
    assert images.max() == 1
    assert set(labels) == set(range(10))
    assert len({image.tobytes() for image in images}) == 50


def test_the_letter_that_follows():
    X, Y = tale.windows(np.random.default_rng(1), 12, 3)
    np.testing.assert_array_equal(X[1:], Y[:-1])
    text = "".join(tale.letters()[k] for k in X[:, 0].argmax(axis=1))
    assert text in tale.flat()
