"""Worlds for random formulas, and derivatives by central differences in 400-bit balls."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
from flint import arb, fmpq

from chainrule.notation.nodes import Node, Var
from chainrule.worlds.arithmetic import Balls, Rationals, precision
from chainrule.worlds.evaluate import Evaluator
from chainrule.worlds.sample import sample
from chainrule.worlds.source import Entries, Source
from chainrule.worlds.world import World, extents
from tests.fuzz.expressions import K, m, n, p

BITS = 400
STEP = fmpq(1, 10**25)
CLOSE = arb(10) ** -20
"""Central differences at 10^-25 are off by about 10^-50 times a third derivative; a wrong formula by far more."""
SIZES = ({n: 3, p: 2, m: 2, K: 2}, {n: 2, p: 3, m: 1, K: 1}, {n: 2, p: 2, m: 2, K: 2}, {n: 1, p: 1, m: 1, K: 1})


class Kink(Exception):
    """A world in which a relu, an absolute value or a maximum sits exactly on its kink."""


def world_for(nodes: Iterable[Node], rng: Random, which: int = 0) -> World:
    """Small fractions for every symbol, with its declared properties."""
    sizes = SIZES[which % len(SIZES)]
    source = Source(Rationals(), rng, Entries(9, 5))
    symbols = sorted({v for node in nodes for v in node.atoms(Var)}, key=lambda v: v.name)
    return World(sizes, {v: sample(v, extents(v.shape, sizes), source) for v in symbols})


def value(node: Node, world: World) -> np.ndarray[Any, Any]:
    """The formula as written, in balls. Raises Kink where a function sits on one."""
    with precision(BITS):
        arithmetic = Balls()
        found = Evaluator(world, arithmetic).value(node)
        if arithmetic.kinks:
            raise Kink
        return found


def direction(symbol: Var, world: World, rng: Random) -> np.ndarray[Any, Any]:
    """Whole numbers of the symbol's shape; symmetric for a symmetric symbol."""
    shape = world.values[symbol].shape
    drawn = np.array([rng.randint(-3, 3) for _ in range(int(np.prod(shape)))], dtype=object).reshape(shape)
    return drawn + np.swapaxes(drawn, -1, -2) if "symmetric" in symbol.properties else drawn


def moved(world: World, symbol: Var, along: np.ndarray[Any, Any], step: fmpq) -> World:
    """The world with one symbol a step away."""
    there = np.asarray(world.values[symbol] + mapped(lambda d: step * int(d), along), dtype=object)
    return replace(world, values={**world.values, symbol: there})


def difference(node: Node, world: World, symbol: Var, along: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """(f(x + h d) - f(x - h d)) / 2h"""
    up, down = (value(node, moved(world, symbol, along, step)) for step in (STEP, -STEP))
    with precision(BITS):
        return np.asarray((up - down) / (2 * arb(STEP)), dtype=object)


def mapped(f: Callable[[Any], Any], array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """f of every entry; of an array without axes too."""
    out = np.empty(array.shape, dtype=object)
    for k in np.ndindex(array.shape):
        out[k] = f(array[k])
    return out


def paired(gradient: np.ndarray[Any, Any], along: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """<gradient, d> over the last axes."""
    with precision(BITS):
        axes = tuple(range(gradient.ndim - along.ndim, gradient.ndim))
        product = gradient * mapped(lambda d: arb(int(d)), along)
        return np.asarray(np.sum(product, axis=axes), dtype=object)


def apart(x: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> bool:
    """Do two arrays of balls differ by more than 20 digits account for?"""
    with precision(BITS):
        for one, other in zip(np.asarray(x, dtype=object).flat, np.asarray(y, dtype=object).flat, strict=True):
            scale = 1 + abs(one) + abs(other)
            if not abs(one - other) < CLOSE * scale:
                return True
    return False
