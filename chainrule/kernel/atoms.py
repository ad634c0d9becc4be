"""Atoms: what a polynomial of contraction graphs is made of.

An atom is a symbol, a size, or a function of a polynomial that cannot be multiplied out (an inverse, a reciprocal, an
exponential, a sine). Its payload is that polynomial, in canonical form, so that equal atoms are the same object.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from itertools import count
from typing import Any

import sympy as sp

_table: dict[Hashable, Atom] = {}
_number = count()


@dataclass(frozen=True, eq=False)
class Atom:
    """An atom with its axes. `symmetric`: the last two axes may be exchanged. `power` says how powers reduce:
    "free" any integer >= 1, "exp" any rational, "idempotent" a^2 = a, "sign" a^2 = 1, "signum" a^3 = a."""

    number: int
    kind: str
    payload: Any
    dims: tuple[sp.Expr, ...]
    symmetric: bool
    power: str

    def __repr__(self) -> str:
        return f"<{self.kind} {self.payload if self.kind in ('var', 'size') else self.number}>"


def atom(
    kind: str, payload: Hashable, dims: tuple[sp.Expr, ...], *, symmetric: bool = False, power: str = "free"
) -> Atom:
    """The one atom with this kind and payload."""
    key = (kind, payload, dims)
    found = _table.get(key)
    if found is None:
        found = _table[key] = Atom(next(_number), kind, payload, dims, symmetric, power)
    return found
