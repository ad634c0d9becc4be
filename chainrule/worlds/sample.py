"""Values with declared properties, built rather than searched for, and checked: A = L L' is positive definite.

Over the rationals the values are small; over F_p they are uniform, and what asks for an order is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any

import numpy as np
from flint import fmpq

from chainrule.errors import Undefined, Unsupported
from chainrule.notation.nodes import Var
from chainrule.notation.properties import closure

from .arithmetic import Arithmetic, Modular
from .check import has_property
from .elimination import Array, filled

TRIES = 60
"""How often a combination of properties is built anew before it is given up."""

FINITE = frozenset({"labels", "binary", "one_hot", "one_hot_rows", "nonempty_columns"})
"""Properties with finitely many values."""


class Infeasible(Unsupported):
    """No value with these properties was found at these sizes."""


@dataclass(frozen=True)
class Entries:
    """How single numbers are drawn over the rationals: numerators up to `top`, denominators up to `bottom`, or
    always the same number."""

    top: int = 3
    bottom: int = 1
    always: int | None = None

    def draw(self, rng: Random) -> Any:
        if self.always is not None:
            return fmpq(self.always)
        return fmpq(rng.randint(-self.top, self.top), rng.randint(1, self.bottom))


@dataclass(frozen=True)
class Source:
    """Where random numbers come from: a number system, a generator, and how entries look."""

    arithmetic: Arithmetic
    rng: Random
    entries: Entries = Entries()

    def any(self) -> Any:
        if isinstance(self.arithmetic, Modular):
            return self.arithmetic.lift(self.rng.randrange(self.arithmetic.p))
        return self.entries.draw(self.rng)

    def nonzero(self) -> Any:
        while True:
            x = self.any()
            if x != 0:
                return x
            if self.entries.always == 0:
                return self.arithmetic.lift(1)

    def positive(self) -> Any:
        x = self.nonzero()
        return abs(x) if self.arithmetic.ordered else x

    def nonnegative(self) -> Any:
        x = self.any()
        return abs(x) if self.arithmetic.ordered else x

    def entry(self, names: frozenset[str]) -> Any:
        """A number with the properties that speak of each entry alone."""
        if "positive" in names or {"nonnegative", "nonzero_entries"} <= names:
            return self.positive()
        if "nonnegative" in names:
            return self.nonnegative()
        return self.nonzero() if "nonzero_entries" in names else self.any()

    def array(self, shape: tuple[int, ...], names: frozenset[str] = frozenset()) -> Array:
        out = np.empty(shape, dtype=object)
        for k in np.ndindex(shape):
            out[k] = self.entry(names)
        return out

    def lifted(self, rows: Any) -> Array:
        given = np.asarray(rows, dtype=object)
        out = np.empty(given.shape, dtype=object)
        for k in np.ndindex(given.shape):
            out[k] = self.arithmetic.lift(given[k])
        return out


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
            return _stacked(builder, axes, names, shape, source)
    return source.array(shape, names)


Builder = Callable[[tuple[int, ...], frozenset[str], Source], Array]


def _stacked(
    builder: Builder, axes: int, names: frozenset[str], shape: tuple[int, ...], source: Source
) -> Array:
    """One construction for each place of the batch axes."""
    split = max(len(shape) - axes, 0)
    lead, core = shape[:split], shape[split:]
    out = np.empty(shape, dtype=object)
    for k in np.ndindex(lead):
        value = builder(core, names, source)
        out[k] = value if core else np.asarray(value, dtype=object).item()
    return out


# --- vectors -----------------------------------------------------------------------------------------
def _unit_vector(shape: tuple[int, ...], names: frozenset[str], source: Source) -> Array:
    """(2 v, s - 1) / (s + 1) with s = v'v lies on the sphere, up to the order of its entries."""
    v = source.array((shape[0] - 1,), names)
    s = sum((x * x for x in v), source.arithmetic.lift(0))
    entries = [2 * x / (s + 1) for x in v] + [(s - 1) / (s + 1)]
    source.rng.shuffle(entries)
    entries = [x * source.rng.choice((-1, 1)) for x in entries]
    if "nonnegative" in names and source.arithmetic.ordered:
        entries = [abs(x) for x in entries]
    return source.lifted(entries)


def _simplex(shape: tuple[int, ...], names: frozenset[str], source: Source) -> Array:
    """v / sum v with v >= 0."""
    if "symmetric" in names:
        return _symmetric_stochastic(shape, source)
    if "unit" in names:
        return _one_hot(shape, names, source)
    v = source.array(shape, names | {"nonnegative"})
    if "lower_triangular" in names:
        v = np.tril(v) if source.arithmetic.ordered else v * source.lifted(np.tril(np.ones(shape, dtype=int)))
    return v / np.add.reduce(v, axis=-1, keepdims=True)


def _symmetric_stochastic(shape: tuple[int, ...], source: Source) -> Array:
    """Any symmetric entries off the diagonal, small enough to leave a rest for it in each row."""
    a = _mirrored(source.array(shape, frozenset({"nonnegative"})))
    a = a / np.add.reduce(a, axis=None)
    for i in range(shape[-1]):
        a[i, i] = a[i, i] + 1 - sum(a[i])
    return a


def _one_hot(shape: tuple[int, ...], names: frozenset[str], source: Source) -> Array:
    if len(shape) == 2:
        return _assignment(shape, names, source)
    return source.lifted(np.eye(shape[0], dtype=int)[source.rng.randrange(shape[0])])


def _labels(shape: tuple[int, ...], names: frozenset[str], source: Source) -> Array:
    flat = [source.rng.choice((-1, 1)) for _ in np.ndindex(shape)]
    out = source.lifted(flat).reshape(shape)
    return _mirrored(out) if "symmetric" in names else out


def _binary(shape: tuple[int, ...], names: frozenset[str], source: Source) -> Array:
    flat = [source.rng.choice((0, 1)) for _ in np.ndindex(shape)]
    out = source.lifted(flat).reshape(shape)
    if "nonzero_entries" in names:
        out = filled(shape, source.arithmetic.lift(1))
    if "nonempty_columns" in names:
        for k in range(shape[-1]):
            out[..., source.rng.randrange(shape[-2]), k] = source.arithmetic.lift(1)
    out = out * _mask(shape, names, source)
    return _mirrored(out) if "symmetric" in names else out


def _assignment(shape: tuple[int, ...], names: frozenset[str], source: Source) -> Array:
    """Points to clusters; the first ones fill every cluster where none may be empty."""
    points, groups = shape
    where = [source.rng.randrange(groups) for _ in range(points)]
    if "nonempty_columns" in names or "invertible" in names or "full_column_rank" in names:
        where[:groups] = range(min(groups, points))
        source.rng.shuffle(where)
    return source.lifted(np.eye(groups, dtype=int)[where])


# --- matrices ----------------------------------------------------------------------------------------
def _mask(shape: tuple[int, ...], names: frozenset[str], source: Source) -> Array:
    """Ones where a structured matrix may differ from 0."""
    pattern = np.ones(shape, dtype=int)
    if "diagonal" in names:
        pattern = pattern * np.eye(shape[-1], dtype=int)
    elif "lower_triangular" in names:
        pattern = np.tril(pattern) * (np.eye(shape[-1], dtype=int) if "symmetric" in names else 1)
    return source.lifted(pattern)


def _mirrored(a: Array) -> Array:
    """The lower triangle, repeated above the diagonal."""
    out = a.copy()
    for i, j in np.ndindex(a.shape):
        if i < j:
            out[i, j] = a[j, i]
    return out


def _structured(shape: tuple[int, ...], names: frozenset[str], source: Source) -> Array:
    """Diagonal, lower triangular, symmetric, skew or any matrix; with no 0 on the diagonal where it is inverted."""
    a = source.array(shape, names) * _mask(shape, names, source)
    if "skew" in names:
        low = a * source.lifted(np.tril(np.ones(shape, dtype=int), -1))
        return low - low.T
    if "invertible" in names and {"diagonal", "lower_triangular"} & names:
        for i in range(shape[0]):
            a[i, i] = source.entry(names | {"nonzero_entries"})
    return _mirrored(a) if "symmetric" in names else a


def _definite(shape: tuple[int, ...], names: frozenset[str], source: Source) -> Array:
    """L L' with a positive diagonal in L; diagonal where it is triangular as well."""
    if {"diagonal", "lower_triangular"} & names:
        return _diagonal([source.positive() for _ in range(shape[0])], source)
    factor = source.array(shape, names & {"positive", "nonnegative", "nonzero_entries"})
    factor = factor * source.lifted(np.tril(np.ones(shape, dtype=int)))
    for i in range(shape[0]):
        factor[i, i] = source.positive()
    return factor @ factor.T


def _semidefinite(shape: tuple[int, ...], names: frozenset[str], source: Source) -> Array:
    """B B' with 1 to n columns in B."""
    if {"diagonal", "lower_triangular"} & names:
        return _diagonal([source.entry(names | {"nonnegative"}) for _ in range(shape[0])], source)
    columns = source.rng.randint(1, shape[0]) if source.arithmetic.ordered else shape[0]
    if "invertible" in names:
        columns = shape[0]
    b = source.array((shape[0], columns), names & {"positive", "nonnegative", "nonzero_entries"})
    return b @ b.T


def _diagonal(entries: list[Any], source: Source) -> Array:
    out = filled((len(entries), len(entries)), source.arithmetic.lift(0))
    for i, x in enumerate(entries):
        out[i, i] = x
    return out


def _orthonormal(shape: tuple[int, ...], names: frozenset[str], source: Source) -> Array:
    """Columns of Q, a product of m or m-1 reflections I - 2 u u' / u'u; Q D Q' where it is symmetric or skew too."""
    m, n = shape
    if "psd" in names:
        return source.lifted(np.eye(m, dtype=int))
    if {"diagonal", "lower_triangular"} & names:
        return _signs(m, source)
    if "nonnegative" in names and source.arithmetic.ordered:
        return source.lifted(np.eye(m, dtype=int)[source.rng.sample(range(m), m)])[:, :n]
    q = source.lifted(np.eye(m, dtype=int))
    for _ in range(m - source.rng.randrange(2)):
        q = q @ _reflection(m, source)
    if "symmetric" in names:
        return q @ _signs(m, source) @ q.T
    return q @ _quarter_turns(m, source) @ q.T if "skew" in names else q[:, :n]


def _signs(m: int, source: Source) -> Array:
    return _diagonal([source.arithmetic.lift(source.rng.choice((-1, 1))) for _ in range(m)], source)


def _reflection(m: int, source: Source) -> Array:
    u = source.array((m,))
    squared = sum((x * x for x in u), source.arithmetic.lift(0))
    return source.lifted(np.eye(m, dtype=int)) - 2 * np.multiply.outer(u, u) / filled((m, m), squared)


def _quarter_turns(m: int, source: Source) -> Array:
    if m % 2:
        raise Undefined("a skew matrix of odd size is singular")
    return source.lifted(np.kron(np.eye(m // 2, dtype=int), np.array([[0, -1], [1, 0]])))


def is_spread_out(names: frozenset[str]) -> bool:
    """Whether the construction over F_p reaches all values but those where some polynomial vanishes. Where it does
    not (signs on a diagonal, unit vectors in the simplex), testing over F_p certifies nothing."""
    if "orthonormal_columns" in names and {"diagonal", "lower_triangular"} & names:
        return "psd" in names
    return not {"unit", "simplex"} <= names or "one_hot" in names


BUILDERS: tuple[tuple[str, int, Builder], ...] = (
    ("orthonormal_columns", 2, _orthonormal),
    ("positive_definite", 2, _definite),
    ("one_hot_rows", 2, _assignment),
    ("one_hot", 2, _one_hot),
    ("psd", 2, _semidefinite),
    ("labels", 2, _labels),
    ("nonempty_columns", 2, _binary),
    ("binary", 2, _binary),
    ("stochastic_rows", 2, _simplex),
    ("unit", 1, _unit_vector),
    ("simplex", 2, _simplex),
    ("diagonal", 2, _structured),
    ("lower_triangular", 2, _structured),
    ("skew", 2, _structured),
    ("symmetric", 2, _structured),
    ("invertible", 2, _structured),
)
"""Which construction a set of properties takes: the first that is among them, over so many last axes."""


def count_values(names: frozenset[str], shape: tuple[int, ...]) -> int:
    """An upper bound on the number of values of a symbol with a finite property."""
    if "one_hot_rows" in names or "one_hot" in names:
        rows = int(np.prod(shape[:-1], dtype=int)) if len(shape) > 1 else 1
        return int(shape[-1]) ** rows
    return 2 ** int(np.prod(shape, dtype=int))


def every_value(names: frozenset[str], shape: tuple[int, ...], arithmetic: Arithmetic) -> Iterator[Array]:
    """Every value of a symbol with a finite property that has all its other properties too."""
    if "one_hot_rows" in names or "one_hot" in names:
        rows = int(np.prod(shape[:-1], dtype=int))
        unit = np.eye(shape[-1], dtype=int)
        candidates = (unit[list(where)] for where in product(range(shape[-1]), repeat=rows))
    else:
        choices = (-1, 1) if "labels" in names else (0, 1)
        candidates = (np.array(flat) for flat in product(choices, repeat=int(np.prod(shape, dtype=int))))
    for candidate in candidates:
        value = filled(shape, arithmetic.lift(0))
        value.flat = [arithmetic.lift(int(x)) for x in candidate.flat]
        if all(has_property(name, value, arithmetic) for name in names):
            yield value
