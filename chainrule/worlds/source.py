"""Where random numbers come from: small ones over the rationals, uniform ones over F_p."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
from flint import fmpq

from chainrule.errors import Unsupported

from .arithmetic import Arithmetic, Modular
from .elimination import Array


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
        if "unit_interval" in names:
            x = self.positive()
            return x / (x + self.positive())
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
