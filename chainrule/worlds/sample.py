"""Values with declared properties, built rather than searched for, and checked to have every one of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod

import numpy as np

from chainrule.errors import Undefined
from chainrule.notation.nodes import Var
from chainrule.notation.properties import closure

from .arithmetic import Arithmetic
from .constructions import BUILDERS, stacked
from .elimination import Array, filled
from .properties import has_property
from .source import Entries, Infeasible, Source

TRIES = 60
"""How often a combination of properties is built anew before it is given up."""

FINITE = frozenset({"labels", "binary", "one_hot", "one_hot_rows", "nonempty_columns", "permutation"})
"""Properties with finitely many values."""


def sample(var: Var, shape: tuple[int, ...], source: Source, more: frozenset[str] = frozenset()) -> Array:
    """A value of a symbol with all its declared properties. Raises Infeasible where none was found."""
    names = closure(var.declared | more)
    for attempt in range(TRIES):
        try:
            value = _candidate(names, shape, source, attempt)
        except (Undefined, ZeroDivisionError):
            continue
        if all(has_property(name, value, source.arithmetic) for name in names):
            return value
    raise Infeasible(
        f"no value of {var.name} {shape} was found that is {', '.join(sorted(var.declared | more))}; "
        "declare fewer properties, or state a world by an assumption"
    )


def _candidate(names: frozenset[str], shape: tuple[int, ...], source: Source, attempt: int) -> Array:
    left = TRIES - attempt
    if left <= 3 and source.arithmetic.ordered and not (left == 1 and (len(shape) < 2 or shape[-1] != shape[-2])):
        return _plain(shape, left, source)
    return _build(names, shape, _harder(source, attempt))


def _plain(shape: tuple[int, ...], which: int, source: Source) -> Array:
    """The identity, all ones, all zeros: the last resort for properties that leave little else."""
    pattern = np.eye(shape[-1], dtype=int) if which == 1 else np.ones(shape, dtype=int) * (which == 2)
    return source.lifted(np.broadcast_to(pattern, shape))


def _harder(source: Source, attempt: int) -> Source:
    """The same source, with larger entries once small ones keep failing."""
    if attempt < TRIES // 3 or source.entries.top > 3:
        return source
    return Source(source.arithmetic, source.rng, Entries(5, source.entries.bottom))


def _build(names: frozenset[str], shape: tuple[int, ...], source: Source) -> Array:
    """A candidate: the most demanding property decides the construction, batch by batch."""
    for name, axes, builder in BUILDERS:
        if name in names:
            return stacked(builder, axes, names, shape, source)
    return source.array(shape, names)


def count_values(names: frozenset[str], shape: tuple[int, ...]) -> int:
    """An upper bound on the number of values of a symbol with a finite property."""
    if "one_hot_rows" in names or "one_hot" in names:
        return int(shape[-1] ** prod(shape[:-1]))
    return int(2 ** prod(shape))


def every_value(names: frozenset[str], shape: tuple[int, ...], arithmetic: Arithmetic) -> Iterator[Array]:
    """Every value of a symbol with a finite property that has all its other properties too."""
    if "one_hot_rows" in names or "one_hot" in names:
        rows = prod(shape[:-1])
        unit = np.eye(shape[-1], dtype=int)
        candidates = (unit[list(where)] for where in product(range(shape[-1]), repeat=rows))
    else:
        choices = (-1, 1) if "labels" in names else (0, 1)
        candidates = (np.array(flat) for flat in product(choices, repeat=prod(shape)))
    for candidate in candidates:
        value = filled(shape, arithmetic.lift(0))
        value.ravel()[:] = [arithmetic.lift(int(x)) for x in candidate.flat]
        if all(has_property(name, value, arithmetic) for name in names):
            yield value
