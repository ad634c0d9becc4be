"""Dimensions: positive integers whose value is left open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import sympy as sp

from chainrule.errors import NotationError

Dim: TypeAlias = sp.Expr
Shape = tuple[Dim, ...]


class OpenDim(sp.Symbol):  # type: ignore[misc]  # SymPy has no types
    """A size left open: any integer >= 1. `typical` says what it usually is; it guides the order of products in
    generated code, and is no part of what the dimension is.

    (Not called Dimension: SymPy prints by the name of a class, and has one of that name.)
    """

    __slots__ = ("typical",)
    typical: int | None

    def __new__(cls, name: str, typical: int | None = None) -> OpenDim:
        self: OpenDim = sp.Symbol.__xnew__(cls, name, integer=True, positive=True)
        self.typical = typical
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str, int | None], dict[str, object]]:
        return (self.name, self.typical), {}


def dims(names: str, typical: Sequence[int] = ()) -> tuple[OpenDim, ...]:
    """Symbolic sizes: `n, p = dims("n p")`. Each stands for any integer >= 1.

    `typical` says how large they usually are, `dims("n p", typical=(10_000, 50))`: never what is true, only in which
    order generated code multiplies.
    """
    words = names.split()
    if not words:
        raise NotationError('dims("") names no dimension; write for instance n, p = dims("n p")')
    if not typical:
        return tuple(map(OpenDim, words))
    if len(typical) != len(words):
        raise NotationError(f"{len(words)} dimensions ({names}) and {len(typical)} typical sizes; give one for each")
    wrong = [size for size in typical if not isinstance(size, int) or isinstance(size, bool) or size < 1]
    if wrong:
        raise NotationError(f"{wrong[0]!r} is no typical size; give an integer >= 1 for each of {names}")
    return tuple(map(OpenDim, words, typical))


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
