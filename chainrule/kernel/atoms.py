"""Atoms: what a polynomial of contraction graphs is made of.

An atom is a symbol, a size, or a function of a polynomial that cannot be multiplied out (an inverse, a reciprocal, an
exponential, a sine). Its payload is that polynomial, in canonical form, so that equal atoms are the same object.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from hashlib import blake2b
from itertools import count
from typing import Any

import sympy as sp

_table: dict[Hashable, Atom] = {}
named: dict[str, Atom] = {}
"""Every atom by its name."""


@dataclass(frozen=True, eq=False)
class Atom:
    """An atom with its axes. `symmetric`: the last two axes may be exchanged. `power` says how powers reduce:
    "free" any integer >= 1, "exp" any rational, "idempotent" a^2 = a, "sign" a^2 = 1, "signum" a^3 = a.

    `name` is no other atom's. It orders atoms, the plainest first, by what they are and not by when they were made, so
    that the canonical form of a formula, and all that search does with it, is the same in every run."""

    name: str
    kind: str
    payload: Any
    dims: tuple[sp.Expr, ...]
    symmetric: bool
    power: str

    def __repr__(self) -> str:
        return self.name


def atom(
    kind: str, payload: Hashable, dims: tuple[sp.Expr, ...], *, symmetric: bool = False, power: str = "free"
) -> Atom:
    """The one atom with this kind and payload."""
    key = (kind, payload, dims)
    found = _table.get(key)
    if found is None:
        found = _table[key] = Atom(_name(kind, payload, dims), kind, payload, dims, symmetric, power)
        named[found.name] = found
    return found


def _name(kind: str, payload: Hashable, dims: tuple[sp.Expr, ...]) -> str:
    """How deep and how long the payload is, its text (or a digest of it), and how many atoms read so before."""
    text = f"{payload} {kind} {dims} {sorted(getattr(payload, 'properties', ()))}"
    depth = 1 + max((int(found[1:]) for found in re.findall(r"@\d+", text)), default=-1)
    short = text if len(text) <= 40 else blake2b(text.encode(), digest_size=16).hexdigest()
    return next(made for n in count() if (made := f"@{depth:03}.{len(text):06} {short}#{n}") not in named)
