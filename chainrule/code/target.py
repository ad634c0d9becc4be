"""For which library code is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .portable import portable, spread_out
from .syntax import Code
from .values import Scatter, scattered


@dataclass(frozen=True)
class Target:
    """How deltas become arrays, what is done to the finished expression, and the parameter that names the library."""

    scatter: Scatter
    said: Callable[[Code], Code]
    parameters: tuple[str, ...] = ()


NUMPY = Target(scattered, lambda code: code)
ARRAY_API = Target(spread_out, portable, ("*", "xp"))
