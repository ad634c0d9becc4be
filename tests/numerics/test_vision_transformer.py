"""A vision transformer's gradient by hand is that of differences, and its ends and block those of the chapter."""

import inspect

import numpy as np
import pytest

from chainrule import grad, vjp
from chainrule.code import numpy_function
from derivations import vision_transformer as chapter
from numerics import vision_transformer as by_hand

NAMES = ("patch", "token", "place", *by_hand.TALK, *by_hand.THINK, *by_hand.ANSWER)
SIZES = {"C": 2, "J": 2, "B": 3, "d": 4, "M": 3, "N": 2, "k": 2, "m": 5}


def extent(size):
    return int(size.subs({s: SIZES[str(s)] for s in size.free_symbols}))


def values():
    rng = np.random.default_rng(7)
    made = {n: rng.normal(size=[extent(s) for s in getattr(chapter, n).shape]) for n in (*NAMES, "image", "X", "G")}
    return made | {"eps": 0.1, "y": np.eye(SIZES["M"])[1], **SIZES}


def called(function, data):
    return function(*[data[n] for n in inspect.signature(function).parameters])


def agree(formula, expected, data):
    assert np.allclose(called(numpy_function(formula), data), expected, rtol=1e-10, atol=1e-11)


def test_the_ends_and_the_block():
    data = values()
    p, X, G = {n: data[n] for n in NAMES}, data["X"], data["G"]
    agree(chapter.written, called(by_hand.rows, data), data)
    for name, told in zip(("patch", "token", "place"), called(by_hand.rows_backward, data), strict=True):
        agree(vjp(chapter.written, getattr(chapter, name), chapter.G), told, data)
    for name, told in zip(("X", *by_hand.ANSWER), called(by_hand.loss_backward, data), strict=True):
        agree(grad(chapter.loss, getattr(chapter, name)), told, data)
    back = by_hand.talk_backward(X, *(p[n] for n in by_hand.TALK), data["eps"], G)
    for name, told in zip(("X", *by_hand.TALK), back, strict=True):
        agree(vjp(chapter.talked, getattr(chapter, name), chapter.G), told, data)


@pytest.mark.parametrize("name", NAMES)
def test_the_hand_written_backward_pass(name):
    data = values()
    p, rest = {n: data[n] for n in NAMES}, (data["image"], data["y"], data["eps"])
    direction = np.random.default_rng(8).normal(size=p[name].shape)
    ahead, behind = (by_hand.forward({**p, name: p[name] + h * direction}, *rest) for h in (1e-5, -1e-5))
    found = by_hand.backward(p, *rest)[name]
    assert np.isclose(np.sum(found * direction), (ahead - behind) / 2e-5, rtol=1e-6, atol=1e-8)
