"""Inputs of many flavours for the symbols of a formula, each built to have what its symbol declares.

The flavours: small integers, typical, ill-conditioned, zero or repeated rows, huge, tiny, sizes of one, and a sweep
of magnitudes, because an error at a threshold shows only near it. Nothing is drawn and then thrown away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import sympy as sp
from hypothesis import HealthCheck
from hypothesis import strategies as st

from chainrule.agreement.structure import Floats, Generator, structured
from chainrule.errors import Unsupported
from chainrule.notation.dims import Dim
from chainrule.notation.nodes import Var
from chainrule.worlds.world import extents

MAGNITUDES = (1, 3, 10, 20, 30, 40, 100, 700, 710)
"""Scales of the entries: where exponentials begin to dominate, to drown a 1, to underflow and to overflow."""

FLAVOURS = (
    "small integers",
    "typical",
    "ill-conditioned",
    "large offset",
    "zero row",
    "repeated row",
    "huge",
    "tiny",
    "sizes of one",
    "equal sizes",
    *(f"magnitude {m}" for m in MAGNITUDES),
    *(f"magnitude {m}, sizes of one" for m in MAGNITUDES),
)
TAME = frozenset({"small integers", "typical", "sizes of one", "equal sizes"})
"""Flavours on which a float result outside its region of doubt is wrong, not merely unstable."""

HUGE, TINY, SPREAD = 1e8, 1e-8, -6.0
"""The scales of huge and tiny entries; the exponent of the smallest singular value of an ill-conditioned matrix."""

REPRODUCIBLE: dict[str, Any] = {
    "derandomize": True,
    "database": None,
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
}
"""The same inputs on every run."""


@dataclass(frozen=True)
class Draw:
    """One input: its flavour, the size of each dimension, the value of each symbol."""

    flavour: str
    sizes: dict[Dim, int]
    values: dict[Var, Floats]


# --- sizes -----------------------------------------------------------------------------------------
def concrete(var: Var, sizes: Mapping[Dim, int]) -> tuple[int, ...]:
    """The symbol's shape in numbers."""
    return extents(var.shape, sizes)


def repaired(symbols: tuple[Var, ...], sizes: dict[Dim, int]) -> dict[Dim, int]:
    """The sizes, with rows raised where a declared rank or nonempty clusters ask for as many as columns."""
    sizes = dict(sizes)
    for _ in sizes:
        for var in symbols:
            tall = var.properties & {"full_column_rank", "orthonormal_columns", "nonempty_columns"}
            if tall and var.shape[-2] in sizes:
                rows, columns = concrete(var, sizes)[-2:]
                sizes[var.shape[-2]] = max(rows, columns)
    return sizes


def size_strategy(
    symbols: tuple[Var, ...], names: tuple[sp.Symbol, ...], flavour: str
) -> st.SearchStrategy[dict[Dim, int]]:
    """Sizes 2 to 5 that all differ (1 to 3 where they are many); or all equal; or 1 everywhere, or but once."""
    if flavour.endswith("sizes of one"):
        one = st.tuples(*(st.just(1) for _ in names))
        but_one = st.tuples(st.integers(0, max(len(names) - 1, 0)), st.integers(2, 4)).map(
            lambda t: tuple(t[1] if k == t[0] else 1 for k in range(len(names)))
        )
        chosen: st.SearchStrategy[Any] = one | but_one
    elif flavour == "equal sizes":
        chosen = st.integers(2, 3).map(lambda n: tuple(n for _ in names))
    elif len(names) <= 4:
        chosen = st.permutations([2, 3, 4, 5]).map(lambda p: tuple(p[: len(names)]))
    else:
        chosen = st.tuples(*(st.integers(1, 3) for _ in names))
    return chosen.map(lambda t: repaired(symbols, dict(zip(names, t, strict=True))))


# --- floats from a seed ----------------------------------------------------------------------------
def draws(symbols: tuple[Var, ...], names: tuple[sp.Symbol, ...], flavour: str) -> st.SearchStrategy[Draw]:
    """Inputs of one flavour: Hypothesis draws the sizes and a seed, NumPy fills the arrays."""
    return st.builds(
        lambda sizes, seed: seeded(symbols, flavour, sizes, seed),
        size_strategy(symbols, names, flavour),
        st.integers(0, 2**32 - 1),
    )


def seeded(symbols: tuple[Var, ...], flavour: str, sizes: dict[Dim, int], seed: int) -> Draw:
    rng = np.random.default_rng(seed)
    chosen = seed % len(symbols) if symbols else 0
    values = {}
    for k, var in enumerate(symbols):
        own = flavour if not flavour.startswith("magnitude") or k == chosen or rng.random() < 0.3 else "typical"
        values[var] = structured(var, _entries(concrete(var, sizes), own, rng), rng)
    return Draw(flavour, sizes, values)


def _entries(shape: tuple[int, ...], flavour: str, rng: Generator) -> Floats:
    """An array with no declared property."""
    x: Floats = rng.standard_normal(shape)
    match flavour.split(maxsplit=1)[0]:
        case "small":
            return rng.integers(-3, 4, shape).astype(float)
        case "typical" | "sizes" | "equal":
            return x
        case "ill-conditioned":
            return _graded(x)
        case "large":
            return x + 10.0 ** rng.integers(3, 7)
        case "zero" | "repeated":
            return _rows(x, flavour, rng)
        case "huge":
            return x * HUGE
        case "tiny":
            return x * TINY
        case "magnitude":
            top = float(flavour.split()[1].rstrip(","))
            return np.asarray(rng.uniform(0.5, 1.0, shape) * rng.choice([-top, top], shape))
    raise Unsupported(f"the flavour {flavour!r} is not among {FLAVOURS}")


def _graded(x: Floats) -> Floats:
    """The same singular vectors, with singular values falling to 10^SPREAD; a scalar that value squared."""
    if x.ndim == 0:
        return np.asarray(x * 10.0 ** (2 * SPREAD))
    if x.ndim == 1:
        return x
    U, _, V = np.linalg.svd(x, full_matrices=False)
    return np.asarray((U * np.logspace(0, SPREAD, min(x.shape[-2:]))) @ V)


def _rows(x: Floats, flavour: str, rng: Generator) -> Floats:
    if x.ndim and len(x) > 1:
        i, j = rng.choice(len(x), 2, replace=False)
        x[i] = 0.0 if flavour.startswith("zero") else x[j]
    return x


# --- small integers, for counterexamples ------------------------------------------------------------
def ladder(symbols: tuple[Var, ...], names: tuple[sp.Symbol, ...], top: int = 3) -> list[dict[Dim, int]]:
    """Sizes 1 to `top`, the smallest sum first; for many dimensions, the first rungs only."""
    rungs = sorted(product(range(1, top + 1), repeat=len(names)), key=lambda t: (sum(t), t))[:40]
    found = [repaired(symbols, dict(zip(names, t, strict=True))) for t in rungs]
    return [s for k, s in enumerate(found) if s not in found[:k]]


def whole(symbols: tuple[Var, ...], sizes: dict[Dim, int]) -> st.SearchStrategy[Draw]:
    """Inputs with entries in -3..3 before their structure is built; Hypothesis shrinks each entry towards 0."""
    parts = [_whole(var, concrete(var, sizes)) for var in symbols]
    return st.tuples(*parts).map(lambda t: Draw("small integers", sizes, dict(zip(symbols, t, strict=True))))


def _whole(var: Var, shape: tuple[int, ...]) -> st.SearchStrategy[Floats]:
    count = int(np.prod(shape))
    entries = st.lists(st.integers(-3, 3), min_size=count, max_size=count)
    return entries.map(lambda v: structured(var, np.array(v, dtype=float).reshape(shape), np.random.default_rng(0)))
