"""One construction for each kind of value: A = L L' is positive definite, a product of reflections is orthogonal.

Over F_p whatever asks for an order is left out. What a construction yields is only a candidate; `sample` checks it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.errors import Undefined

from .elimination import Array, filled
from .source import Source

Builder = Callable[[tuple[int, ...], frozenset[str], Source], Array]


def stacked(builder: Builder, axes: int, names: frozenset[str], shape: tuple[int, ...], source: Source) -> Array:
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
    rows: Array = v / np.add.reduce(v, axis=-1, keepdims=True)
    return rows


def _symmetric_stochastic(shape: tuple[int, ...], source: Source) -> Array:
    """Any symmetric entries off the diagonal, small enough to leave a rest for it in each row."""
    a: Array = _mirrored(source.array(shape, frozenset({"nonnegative"})))
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


def _permutation(shape: tuple[int, ...], names: frozenset[str], source: Source) -> Array:
    """Each row goes to a column of its own; the same one back where the matrix is symmetric."""
    n = shape[0]
    where, order = list(range(n)), source.rng.sample(range(n), n)
    if "symmetric" in names:
        for i, j in list(zip(order[::2], order[1::2], strict=False))[: source.rng.randint(0, n // 2)]:
            where[i], where[j] = j, i
    else:
        where = order
    fixed = {"diagonal", "lower_triangular", "psd"} & names
    return source.lifted(np.eye(n, dtype=int)[list(range(n)) if fixed else where])


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
        low: Array = a * source.lifted(np.tril(np.ones(shape, dtype=int), -1))
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
    product: Array = factor @ factor.T
    return product


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
    ("permutation", 2, _permutation),
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
