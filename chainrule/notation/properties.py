"""What may be declared of a symbol. A property drives the proof, the sampling and the generated code alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from chainrule.errors import NotationError

from .dims import Shape, show_shape

Fits = Literal["any", "vector", "matrix", "square"]


@dataclass(frozen=True)
class Property:
    """A declared hypothesis: its name, what it says, on which shapes it makes sense, and what follows at once."""

    name: str
    says: str
    fits: Fits
    implies: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()


TABLE = {
    p.name: p
    for p in (
        Property("positive", "every entry > 0", "any", ("nonnegative", "nonzero_entries")),
        Property("nonnegative", "every entry >= 0", "any"),
        Property("unit_interval", "every entry between 0 and 1, neither of them", "any", ("positive",)),
        Property("nonzero_entries", "no entry is 0", "any"),
        Property("nonzero", "not the zero tensor", "any"),
        Property(
            "labels", "every entry is -1 or 1", "any", ("nonzero_entries",), ("binary", "simplex", "unit_interval")
        ),
        Property("binary", "every entry is 0 or 1", "any", ("nonnegative",), ("unit_interval",)),
        Property("simplex", "nonnegative, the last axis sums to 1", "vector", ("nonnegative",)),
        Property("unit", "Euclidean norm 1", "vector", ("nonzero",)),
        Property("one_hot", "one entry of the last axis is 1, the others 0", "vector", ("binary", "simplex")),
        Property("stochastic_rows", "nonnegative, each row sums to 1", "matrix", ("nonnegative",)),
        Property("one_hot_rows", "each row has one 1, the others 0", "matrix", ("binary", "stochastic_rows")),
        Property("nonempty_columns", "each column has a 1", "matrix", ("binary",)),
        Property("symmetric", "A' = A", "square"),
        Property("skew", "A' = -A", "square", (), ("symmetric",)),
        Property("diagonal", "zero off the diagonal", "square", ("symmetric",)),
        Property("lower_triangular", "zero above the diagonal", "square"),
        Property("invertible", "has an inverse", "square"),
        Property("psd", "symmetric, v'Av >= 0", "square", ("symmetric",)),
        Property("positive_definite", "symmetric, v'Av > 0 for v != 0", "square", ("psd", "invertible")),
        Property("orthonormal_columns", "Q'Q = I", "matrix", ("full_column_rank",)),
        Property("orthogonal", "Q'Q = QQ' = I", "square", ("orthonormal_columns", "invertible")),
        Property(
            "permutation",
            "each row and each column has one 1, the others 0",
            "square",
            ("one_hot_rows", "nonempty_columns", "orthogonal"),
            ("skew",),
        ),
        Property("full_column_rank", "Xv = 0 only for v = 0", "matrix"),
    )
}
ALIASES = {"positive_semidefinite": "psd"}


def closure(names: frozenset[str]) -> frozenset[str]:
    """Everything that follows at once from the declared names."""
    found, todo = set(), list(names)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(TABLE[name].implies)
    return frozenset(found)


def declared(symbol: str, shape: Shape, flags: dict[str, bool]) -> tuple[str, ...]:
    """The checked, sorted property names of `matrix("A", n, n, symmetric=True)`."""
    names = sorted(ALIASES.get(k, k) for k, on in flags.items() if on)
    for name in names:
        if name not in TABLE:
            raise NotationError(f"{symbol} is declared {name!r}, which is no property; there are: {', '.join(TABLE)}")
        _fit(symbol, shape, TABLE[name])
    everything = closure(frozenset(names))
    for name in everything:
        for other in TABLE[name].excludes:
            if other in everything:
                raise NotationError(f"{symbol} is declared both {name} and {other}: nothing can be both")
    return tuple(names)


def _fit(symbol: str, shape: Shape, prop: Property) -> None:
    ok = {
        "any": True,
        "vector": len(shape) >= 1,
        "matrix": len(shape) >= 2,
        "square": len(shape) >= 2 and shape[-1] == shape[-2],
    }[prop.fits]
    if not ok:
        raise NotationError(
            f"{symbol} has shape {show_shape(shape)}, and {prop.name} ({prop.says}) asks for a {prop.fits} one"
        )
