"""Gives an array of numbers what its symbol declares: labels, clusters, a positive definite matrix, a full rank.

Every property is built, none is waited for: an array in, an array of the same shape out that has the property. Where a
property is an equation (rows that sum to 1, a product B B'), the entries are coarse enough for it to hold exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.notation.nodes import Var
from chainrule.notation.properties import closure

Floats = np.ndarray[Any, np.dtype[np.float64]]
Generator = np.random.Generator

GRAIN = 2.0**-20
"""The unit of coarse entries, relative to the largest."""

FIXED = frozenset({"labels", "binary", "one_hot", "one_hot_rows"})
"""Properties whose values are a matter of choice, not of measurement: rounding does not move them."""


def structured(var: Var, x: Floats, rng: Generator) -> Floats:
    """x, with the declared properties of the symbol."""
    has = var.properties
    stronger = {q for p in has - {"nonempty_columns"} for q in closure(frozenset({p})) - {p}}
    for name, build in BUILD.items():
        if name in has - stronger:
            x = build(x, rng)
    if "nonempty_columns" in has:
        x = _nonempty(x, rng)
    if "nonzero" in has and not x.any():
        x = x + 1.0
    return np.asarray(x, dtype=float)


def _whole(x: Floats) -> bool:
    """Small integers stay readable."""
    return bool(np.all(x == np.round(x)) and np.abs(x).max(initial=0.0) <= 1000)


def _positive(x: Floats, rng: Generator) -> Floats:
    """Half of the positive scalars are drawn over many orders of magnitude."""
    spread = x.ndim == 0 and not _whole(x) and abs(x) > GRAIN and rng.random() < 0.5
    small = 10.0 ** -rng.integers(0, 13) if spread else 1.0
    return np.where(x == 0, 1.0, np.abs(x)) * small


def _unit_interval(x: Floats, rng: Generator) -> Floats:
    """x / (1 + x), a multiple of GRAIN and neither 0 nor 1."""
    p = np.abs(x) / (1.0 + np.abs(x))
    return np.asarray(np.clip(np.round(p / GRAIN) * GRAIN, GRAIN, 1.0 - GRAIN))


def _one_hot(x: Floats, rng: Generator) -> Floats:
    """Each row chooses the column of its largest entry."""
    return np.asarray(np.eye(x.shape[-1])[np.argmax(x, axis=-1)])


def _permutation(x: Floats, rng: Generator) -> Floats:
    """The rows of the identity in the order of the first column, and so another for other entries."""
    return np.asarray(np.eye(x.shape[-1])[np.argsort(x[..., 0], axis=-1)])


def _nonempty(x: Floats, rng: Generator) -> Floats:
    """One row for each column, then the rest as they are, in a random order."""
    rows, columns = x.shape[-2:]
    out = x.copy()
    order = rng.permutation(rows)[:columns]
    out[..., order, :] = np.eye(columns)[: len(order)]
    return out


def _simplex(x: Floats, rng: Generator) -> Floats:
    """Multiples of GRAIN that sum to 1 exactly."""
    weight = np.abs(x) + (np.abs(x).max(axis=-1, keepdims=True) == 0)
    p = np.floor(weight / weight.sum(axis=-1, keepdims=True) / GRAIN) * GRAIN
    k = np.argmax(p, axis=-1)[..., None]
    np.put_along_axis(p, k, np.take_along_axis(p, k, -1) + 1.0 - p.sum(axis=-1, keepdims=True), -1)
    return np.asarray(p)


def _coarse(x: Floats) -> Floats:
    """Entries with 20 bits, so that a product of two matrices of them is exact."""
    top = np.abs(x).max(initial=0.0)
    if top == 0:
        return x
    step = 2.0 ** np.ceil(np.log2(top)) * GRAIN
    return np.asarray(np.round(x / step) * step)


def _gram(x: Floats, rng: Generator) -> Floats:
    r = _coarse(x)[..., : max(x.shape[-1] - 1, 1)]
    return r @ np.swapaxes(r, -1, -2)


def _definite(x: Floats, rng: Generator) -> Floats:
    """B B' + s I, s a small part of the largest entry."""
    b = _coarse(x)
    gram = b @ np.swapaxes(b, -1, -2)
    if _whole(x):
        return np.asarray(gram + np.eye(x.shape[-1]))
    top = np.abs(gram).max(initial=0.0)
    return gram + np.eye(x.shape[-1]) * (2.0 ** np.floor(np.log2(top) - 8) if top else 1.0)


def _full_rank(x: Floats, rng: Generator) -> Floats:
    """Diagonally dominant where the columns depend on each other."""
    singular = np.asarray(np.linalg.matrix_rank(x) < x.shape[-1])[..., None, None]
    top = 1.0 + np.abs(x).max(initial=0.0) * x.shape[-1]
    return np.asarray(x + np.eye(*x.shape[-2:]) * top * singular)


def _orthonormal(x: Floats, rng: Generator) -> Floats:
    """Columns of a signed permutation for integers, else of a product of reflections, exact to an ulp."""
    rows, columns = x.shape[-2:]
    if _whole(x):
        signs = np.where(x.sum(axis=-2) < 0, -1.0, 1.0)
        return np.asarray(np.eye(rows)[rng.permutation(rows)][:, :columns] * signs[..., None, :])
    q, _ = np.linalg.qr(rng.standard_normal((*x.shape[:-2], rows, max(rows, columns))))
    return np.asarray(q[..., :columns])


def _diagonal(x: Floats, rng: Generator) -> Floats:
    return x * np.eye(x.shape[-1])


def _unit(x: Floats, rng: Generator) -> Floats:
    x = x + (np.abs(x).max(axis=-1, keepdims=True) == 0)
    return np.asarray(x / np.linalg.norm(x, axis=-1, keepdims=True))


BUILD: dict[str, Callable[[Floats, Generator], Floats]] = {
    "positive": _positive,
    "nonnegative": lambda x, rng: np.abs(x),
    "unit_interval": _unit_interval,
    "nonzero_entries": lambda x, rng: np.where(x == 0, 1.0, x),
    "labels": lambda x, rng: np.where(x > 0, 1.0, -1.0),
    "binary": lambda x, rng: np.where(x > 0, 1.0, 0.0),
    "one_hot": _one_hot,
    "one_hot_rows": _one_hot,
    "simplex": _simplex,
    "stochastic_rows": _simplex,
    "unit": _unit,
    "symmetric": lambda x, rng: np.tril(x) + np.swapaxes(np.tril(x, -1), -1, -2),
    "skew": lambda x, rng: np.tril(x, -1) - np.swapaxes(np.tril(x, -1), -1, -2),
    "diagonal": _diagonal,
    "lower_triangular": lambda x, rng: np.tril(x),
    "invertible": _full_rank,
    "psd": _gram,
    "positive_definite": _definite,
    "orthonormal_columns": _orthonormal,
    "orthogonal": _orthonormal,
    "permutation": _permutation,
    "full_column_rank": _full_rank,
}
"""How an array with no structure is given a property."""
