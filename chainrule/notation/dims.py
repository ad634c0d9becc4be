"""Dimensions: positive integers whose value is left open."""

from __future__ import annotations

from typing import TypeAlias

import sympy as sp

from chainrule.errors import NotationError

Dim: TypeAlias = sp.Expr
Shape = tuple[Dim, ...]


def dims(names: str) -> tuple[sp.Symbol, ...]:
    """Symbolic sizes: `n, p = dims("n p")`. Each stands for any integer >= 1."""
    found = tuple(sp.Symbol(name, integer=True, positive=True) for name in names.split())
    if not found:
        raise NotationError('dims("") names no dimension; write for instance n, p = dims("n p")')
    return found


def as_dim(value: object) -> Dim:
    """A dimension from a symbol or a positive integer."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return sp.Integer(value)
    if isinstance(value, sp.Expr) and value.is_integer and value.is_positive:
        return value
    raise NotationError(f"{value!r} is no dimension; use a name from dims(...) or a positive integer")


def show_shape(shape: Shape, row: bool = False) -> str:
    """A shape as NumPy writes it: (), (n,), (n, p); a row is (1, n)."""
    if row:
        return f"(1, {shape[0]})"
    inside = ", ".join(str(d) for d in shape)
    return f"({inside},)" if len(shape) == 1 else f"({inside})"
