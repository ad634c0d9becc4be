"""The whole block's gradients, generated, are those of the hand-written backward pass and of differences."""

import inspect

import numpy as np
import pytest

from chainrule import vjp
from chainrule.code import numpy_function
from derivations import transformer_block as chapter
from numerics import transformer_block as by_hand

NAMES = ("X", "gain1", "offset1", "Wq", "Wk", "Wv", "Wo", "gain2", "offset2", "W1", "b1", "W2", "b2")
SYMBOLS = {v.name: v for v in chapter.block.atoms(type(chapter.X)) if v.name != "M"} | {"G": chapter.G}


def values(sizes):
    rng = np.random.default_rng(5)
    made = {n: rng.normal(size=[sizes[str(d)] for d in v.shape]) for n, v in SYMBOLS.items()}
    return made | {"eps": 0.1}


def called(function, data):
    return function(*[data[n] for n in inspect.signature(function).parameters])


@pytest.mark.parametrize(
    "sizes",
    [{"T": 5, "p": 4, "N": 2, "d": 3, "m": 6}, {"T": 1, "p": 3, "N": 1, "d": 1, "m": 1}, dict.fromkeys("TpNdm", 1)],
    ids=["distinct", "one place, one head", "ones"],
)
def test_every_gradient(sizes):
    data = values(sizes)
    found = called(numpy_function(tuple(vjp(chapter.block, SYMBOLS[n], chapter.G) for n in NAMES)), data)
    expected = called(by_hand.backward, data)
    for name, ours in zip(NAMES, found, strict=True):
        assert np.allclose(ours, expected[name], rtol=1e-11, atol=1e-12), name


@pytest.mark.parametrize("name", NAMES)
def test_the_hand_written_backward_pass(name):
    data = values({"T": 4, "p": 3, "N": 2, "d": 2, "m": 5})
    direction = np.random.default_rng(6).normal(size=data[name].shape)

    def loss(h):
        return np.sum(data["G"] * called(by_hand.block, {**data, name: data[name] + h * direction}))

    slope = (loss(1e-5) - loss(-1e-5)) / 2e-5
    assert np.isclose(np.sum(called(by_hand.backward, data)[name] * direction), slope, rtol=1e-6, atol=1e-8)
