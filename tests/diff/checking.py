"""A derivative against differences in 1200 bits, in exact worlds; and its generated code against the same numbers."""

import math
from inspect import signature
from random import Random

import numpy as np
from flint import arb, fmpq
from sympy import Symbol

from chainrule.code import with_imports
from chainrule.diff import Derived
from chainrule.errors import Undefined
from chainrule.notation.dims import Dim
from chainrule.notation.nodes import Var
from chainrule.worlds.arithmetic import Rationals, Undecided, at_precision, precision
from chainrule.worlds.differences import directional
from chainrule.worlds.evaluate import evaluate
from chainrule.worlds.sample import sample
from chainrule.worlds.source import Entries, Source
from chainrule.worlds.world import World, extents

SIZES = (3, 2, 4, 1, 5)
DIGITS = arb(10) ** -30
TRIES = 80


def worlds(found: Derived, wanted: int, seed: int = 0):
    """Exact values for the symbols of a formula, where it has a value; distinct sizes for distinct dimensions."""
    rng = Random(seed)
    sized = (found.goal, *found.formula.symbols.values())
    dims: list[Dim] = sorted({d for part in sized for d in part.atoms(Symbol)}, key=str)
    for k in range(TRIES):
        sizes = {d: SIZES[(j + k) % len(SIZES)] for j, d in enumerate(dims)}
        source = Source(Rationals(), rng, (Entries(3), Entries(5, 7), Entries(1, 4))[k % 3])
        values = {v: sample(v, extents(v.shape, sizes), source) for v in found.formula.symbols.values()}
        world = World(sizes, values)
        try:
            kinks = at_precision(lambda balls, world=world: (evaluate(found.goal, world, balls), balls.kinks)[1])
        except (Undefined, Undecided):  # no value, or a tie
            continue
        if not kinks:
            yield world
            wanted -= 1
        if not wanted:
            return


def direction(x: Var, world: World, seed: int = 1):
    """A direction in which the variable may move."""
    rng, shape = Random(seed), extents(x.shape, world.sizes)
    out = np.empty(shape, dtype=object)
    for k in np.ndindex(shape):
        out[k] = fmpq(rng.randint(-5, 5), rng.randint(1, 3))
    return out + out.T if "symmetric" in x.properties else out


def compare(found: Derived, world: World) -> None:
    """The derivative along a direction, applied once an order, is what differences say; the code computes it too."""
    f, x = found.formula.node, found.variable
    v = direction(x, world)
    expected = directional(f, world, x, v, found.order)
    exact = at_precision(lambda balls: evaluate(found.result, world, balls))
    with precision(400):
        got = exact
        for _ in range(found.order):
            axes = tuple(range(-v.ndim, 0)) if v.ndim else ()
            got = np.tensordot(got, v, axes=(axes, tuple(range(v.ndim)))) if v.ndim else got * v.item()
        pairs = list(zip(np.ravel(got), np.ravel(expected), strict=True))
        assert pairs
        assert all(abs(arb(a) - arb(b)) < DIGITS * (1 + abs(arb(b))) for a, b in pairs), (found.result, pairs)
    computed = run_code(found, world)
    wanted = np.vectorize(float, otypes=[float])(exact)
    assert computed.shape == wanted.shape
    largest = np.abs(wanted).max(initial=0)
    if np.isfinite(largest):  # else it is too large for a float
        assert np.allclose(computed, wanted, rtol=1e-7, atol=1e-7 * (1 + largest)), found.python


def run_code(found: Derived, world: World) -> np.ndarray:
    """The generated `f`, called with the symbols in order, and behind them the sizes that follow from none."""
    place = {"np": np, "math": math}
    exec(with_imports(found.python), place)
    as_float = np.vectorize(lambda q: int(q.p) / int(q.q), otypes=[float])
    arguments = [as_float(world.values[v]) for v in found.formula.symbols.values()]
    names = list(signature(place["f"]).parameters)[len(arguments) :]
    sizes = {str(d): size for d, size in world.sizes.items()}
    with np.errstate(all="ignore"):
        values = (*(a if a.ndim else float(a) for a in arguments), *(sizes[name] for name in names))
        return np.asarray(place["f"](*values), dtype=float)
