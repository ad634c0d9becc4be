"""A world: sizes for the dimensions, exact values for the symbols."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np
import sympy as sp
from flint import fmpq, nmod

from chainrule.errors import NotationError, ShapeError
from chainrule.notation.dims import Dim, Shape
from chainrule.notation.nodes import Letter, Node, Var

from .elimination import Array

Sizes = Mapping[sp.Symbol, int]


@dataclass(frozen=True)
class World:
    """Numbers for symbols. `values` are exact (rationals, or residues for a world over F_p); `definitions` give the
    symbols that a hypothesis defines by a formula in the others; `letters` fix arbitrary indices, counted from 0."""

    sizes: Sizes
    values: Mapping[Var, Array]
    definitions: Mapping[Var, Node] = field(default_factory=dict)
    letters: Mapping[Letter, int] = field(default_factory=dict)


def extent(dim: Dim, sizes: Sizes) -> int:
    """A dimension as an integer: a name, a number, or a sum or product of dimensions."""
    match dim:
        case sp.Symbol():
            if dim not in sizes:
                raise NotationError(f"the dimension {dim} has no size in this world")
            return sizes[dim]
        case sp.Integer():
            return int(dim)
        case sp.Add():
            return sum(extent(a, sizes) for a in dim.args)
        case sp.Mul():
            return prod(extent(a, sizes) for a in dim.args)
        case sp.Pow():
            return int(extent(dim.base, sizes) ** extent(dim.exp, sizes))
    raise NotationError(f"{dim} is no dimension that can be given a size")


def extents(shape: Shape, sizes: Sizes) -> tuple[int, ...]:
    """A shape as integers."""
    return tuple(extent(d, sizes) for d in shape)


def exact(value: Any) -> Array:
    """An array of exact rationals from integers, fractions, floats (their binary value) or nested lists of them."""
    given = np.asarray(value, dtype=object)
    out = np.empty(given.shape, dtype=object)
    for k in np.ndindex(given.shape):
        out[k] = _rational(given[k])
    return out


def _rational(x: Any) -> Any:
    if isinstance(x, (fmpq, nmod)):
        return x
    if isinstance(x, sp.Rational):
        return fmpq(int(x.p), int(x.q))
    if isinstance(x, np.generic):
        x = x.item()
    if isinstance(x, (bool, int, float, Fraction)):
        return fmpq(*x.as_integer_ratio())
    raise NotationError(f"{x!r} is no number with an exact value; give integers, fractions or floats")


def world_of(values: Mapping[Var, Any], sizes: Sizes | None = None) -> World:
    """A world from given data; the sizes are read off the arrays. Raises ShapeError where two arrays disagree."""
    arrays = {var: exact(value) for var, value in values.items()}
    found: dict[sp.Symbol, int] = dict(sizes or {})
    for var, array in arrays.items():
        if len(var.shape) != array.ndim:
            raise ShapeError(f"{var.described()} cannot hold data of shape {array.shape}")
        for dim, n in zip(var.shape, array.shape, strict=True):
            if isinstance(dim, sp.Symbol) and found.setdefault(dim, n) != n:
                raise ShapeError(f"{var.described()}: the data have {dim} = {n}, elsewhere {dim} = {found[dim]}")
    for var, array in arrays.items():
        if extents(var.shape, found) != array.shape:
            raise ShapeError(f"{var.described()} cannot hold data of shape {array.shape}")
    return World(found, arrays)
