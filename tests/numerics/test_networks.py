"""The convolutional network's gradients, generated, are those of the hand-written backward pass and of differences."""

import inspect

import numpy as np
import pytest

from chainrule import grad, vjp
from chainrule.code import numpy_function
from derivations import networks as chapter
from numerics import networks as by_hand

SYMBOLS = {v.name: v for v in (chapter.x, chapter.w, chapter.b, chapter.V, chapter.c, chapter.Y)}
NAMES = ("w", "b", "V", "c")
SIZES = {"N": 3, "C": 2, "O": 4, "T": 7, "K": 3, "A": 3, "M": 5}


def values(sizes):
    rng = np.random.default_rng(2)
    made = {n: rng.normal(size=[sizes[str(d)] for d in v.shape]) for n, v in SYMBOLS.items()}
    made["Y"] = np.eye(sizes["M"])[rng.integers(sizes["M"], size=sizes["N"])]
    return made


def called(function, data):
    return function(*[data[n] for n in inspect.signature(function).parameters])


@pytest.mark.parametrize("sizes", [SIZES, dict.fromkeys(SIZES, 1), {**SIZES, "A": 5}], ids=["distinct", "ones", "edge"])
def test_every_gradient(sizes):
    data = values(sizes)
    assert np.isclose(called(numpy_function(chapter.loss), data), called(by_hand.loss, data), rtol=1e-12)
    expected = called(by_hand.loss_backward, data)
    for name, hand in zip(NAMES, expected, strict=True):
        ours = called(numpy_function(grad(chapter.loss, SYMBOLS[name])), data)
        assert np.allclose(ours, hand, rtol=1e-12, atol=1e-13), name


@pytest.mark.parametrize("name", NAMES)
def test_the_hand_written_backward_pass(name):
    """Away from kinks: a step this small passes none."""
    data = values(SIZES)
    direction = np.random.default_rng(3).normal(size=data[name].shape)

    def loss(h):
        return called(by_hand.loss, {**data, name: data[name] + h * direction})

    slope = (loss(1e-6) - loss(-1e-6)) / 2e-6
    found = called(by_hand.loss_backward, data)[NAMES.index(name)]
    assert np.isclose(np.sum(found * direction), slope, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("sizes", [{**SIZES, "L": 4}, dict.fromkeys([*SIZES, "L"], 1)], ids=["distinct", "ones"])
def test_an_inverted_residual(sizes):
    rng = np.random.default_rng(4)
    symbols = (chapter.x, chapter.wide, chapter.deep, chapter.narrow, chapter.g)
    data = {v.name: 4 * rng.normal(size=[sizes[str(d)] for d in v.shape]) for v in symbols}
    pairs = [
        (chapter.inverted, by_hand.inverted),
        (vjp(chapter.inverted, chapter.wide, chapter.g), by_hand.inverted_by_wide),
        (vjp(chapter.inverted, chapter.x, chapter.g), by_hand.inverted_by_input),
    ]
    for formula, hand in pairs:
        assert np.allclose(called(numpy_function(formula), data), called(hand, data), rtol=1e-12, atol=1e-12)
