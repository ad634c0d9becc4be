"""A law against differences in 1200 bits: the derivative by the laws, read back, and evaluated as a formula."""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import arb, fmpq

from chainrule.calculus.readback import derivative
from chainrule.laws import Law
from chainrule.notation.nodes import Node, Var
from chainrule.notation.vocabulary import jacobian
from chainrule.worlds.arithmetic import at_precision, precision
from chainrule.worlds.differences import directional
from chainrule.worlds.evaluate import evaluate
from chainrule.worlds.world import World, world_of

SIZES = {"n": 3, "p": 2}


def world_for(node: Node, *more: Var) -> World:
    """Small fractions between 0 and 1, all different, for every symbol; square matrices get a heavy diagonal."""
    values: dict[Var, Any] = {}
    counter = iter(range(10**6))
    for var in sorted(node.atoms(Var) | set(more), key=lambda v: v.name):
        shape = tuple(SIZES[str(d)] for d in var.shape)
        array = np.empty(shape, dtype=object)
        for where in np.ndindex(*shape):
            heavy = 2 if len(where) == 2 and where[0] == where[1] and shape[0] == shape[1] else 0
            array[where] = heavy + fmpq(3 + 7 * next(counter) % 29, 37)
        values[var] = array if shape else array[()]
    return world_of(values)


def check(law: Law, order: int) -> None:
    """The law's own example, differentiated `order` times, along one direction."""
    f, x = law.example()
    world = world_for(f, x)
    made: Node = f
    for _ in range(order):
        made = derivative(jacobian(made, x))
    here = world.values[x]
    direction = np.empty(here.shape, dtype=object)
    for k, where in enumerate(np.ndindex(*here.shape)):
        direction[where] = fmpq(2 * k - 3, 2)
    value = at_precision(lambda b: evaluate(made, world, b))
    expected = directional(f, world, x, direction, order)
    with precision(400):
        for _ in range(order):
            axes = list(range(value.ndim - here.ndim, value.ndim)), list(range(here.ndim))
            value = boxed(np.tensordot(value, direction, axes=axes))
        assert value.shape == expected.shape
        for got, wanted in zip(value.flat, expected.flat, strict=True):
            assert abs(arb(got) - arb(wanted)) < arb(10) ** -30 * (1 + abs(arb(wanted)))


def boxed(value: Any) -> Any:
    """A 0-d array where NumPy gives a bare number."""
    out = np.empty(np.shape(value), dtype=object)
    out[...] = value
    return out
