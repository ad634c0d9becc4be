"""The gradients of whole blocks, generated, are those of the hand-written backward passes and of differences."""

import inspect

import numpy as np
import pytest

from chainrule import vjp
from chainrule.code import numpy_function
from derivations import convnext_block, residual_block
from numerics import convnext_block as convnext_by_hand
from numerics import residual_block as residual_by_hand

DISTINCT = {"N": 3, "C": 2, "O": 4, "T": 6, "K": 3, "M": 5, "P": 1}
BLOCKS = {
    "residual": (residual_block, residual_by_hand, ("x", "w1", "gain1", "offset1", "w2", "gain2", "offset2")),
    "ConvNeXt": (
        convnext_block,
        convnext_by_hand,
        ("x", "w", "b", "gain", "offset", "W1", "b1", "W2", "b2", "scale"),
    ),
}


def values(chapter, names, sizes):
    rng = np.random.default_rng(5)
    made = {n: rng.normal(size=[sizes[str(d)] for d in getattr(chapter, n).shape]) for n in (*names, "G")}
    return made | {"eps": 0.1, "pad": sizes["P"], **sizes}


def called(function, data):
    return function(*[data[n] for n in inspect.signature(function).parameters])


@pytest.mark.parametrize("name", BLOCKS)
@pytest.mark.parametrize(
    "sizes", [DISTINCT, dict.fromkeys(DISTINCT, 1), {**DISTINCT, "P": 4, "K": 5}], ids=["distinct", "ones", "far out"]
)
def test_every_gradient(name, sizes):
    chapter, by_hand, names = BLOCKS[name]
    data = values(chapter, names, sizes)
    assert np.allclose(called(numpy_function(chapter.block), data), called(by_hand.block, data), rtol=1e-12, atol=1e-12)
    gradients = numpy_function(tuple(vjp(chapter.block, getattr(chapter, n), chapter.G) for n in names))
    expected = called(by_hand.backward, data)
    for n, ours in zip(names, called(gradients, data), strict=True):
        assert np.allclose(ours, expected[n], rtol=1e-10, atol=1e-11), n


@pytest.mark.parametrize(("name", "by"), [(name, by) for name, (_, _, names) in BLOCKS.items() for by in names])
def test_the_hand_written_backward_pass(name, by):
    """Away from kinks: a step this small passes none."""
    chapter, by_hand, names = BLOCKS[name]
    data = values(chapter, names, DISTINCT)
    direction = np.random.default_rng(6).normal(size=data[by].shape)

    def loss(h):
        return np.sum(data["G"] * called(by_hand.block, {**data, by: data[by] + h * direction}))

    slope = (loss(1e-6) - loss(-1e-6)) / 2e-6
    assert np.isclose(np.sum(called(by_hand.backward, data)[by] * direction), slope, rtol=1e-6, atol=1e-7)
