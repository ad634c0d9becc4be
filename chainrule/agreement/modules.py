"""The modules that a lifted source sees under the names numpy, scipy.linalg, scipy.special and math."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import flint
import numpy as np

from chainrule.agreement import matrices, shim
from chainrule.agreement.balls import Ball, BallArray, NotLiftable, balls
from chainrule.agreement.elementwise import ASKING, BINARY, UNARY

KEPT = {
    "ndarray",
    "newaxis",
    "float64",
    "float32",
    "float16",
    "longdouble",
    "int64",
    "int32",
    "intp",
    "int8",
    "uint8",
    "bool_",
    "integer",
    "floating",
    "generic",
    "number",
    "dtype",
    "broadcast_shapes",
    "ndindex",
    "ndenumerate",
    "errstate",
    "index_exp",
    "s_",
    "finfo",
    "iinfo",
    "ix_",
    "unravel_index",
    "ravel_multi_index",
    "tril_indices",
    "triu_indices",
    "diag_indices",
    "mask_indices",
    "isscalar",
    "bincount",
    "seterr",
    "float_",
    "double",
    "AxisError",
}
"""Names of numpy that mean the same with balls."""

CONSTANTS = {
    "pi": lambda: Ball(flint.arb.pi()),
    "e": lambda: Ball(flint.arb.const_e()),
    "inf": lambda: Ball(float("inf")),
}


class Rebound:
    """A module whose functions are those of balls. A name that is not listed raises when it is asked for."""

    def __init__(self, name: str, table: dict[str, Any], parts: dict[str, Any] | None = None):
        self._name, self._table, self._parts = name, table, parts or {}

    def __getattr__(self, name: str) -> Any:
        if name in self._parts:
            return self._parts[name]
        if name in self._table:
            return self._table[name]
        if name in CONSTANTS:
            return CONSTANTS[name]()
        raise NotLiftable(f"{self._name}.{name}")


def elementwise(compute: Callable[..., Any]) -> Callable[..., Any]:
    """As a ufunc: positional arguments, then `out` and `where`."""

    def function(*args: Any, out: Any = None, where: Any = True, dtype: Any = None) -> Any:
        result = shim.map_entries(compute, *args)
        if out is None and where is True:
            return result
        return shim.store(out if isinstance(out, tuple) or out is None else (out,), where, result)

    return function


class LiftedUfunc:
    """A ufunc of balls, with its methods `reduce`, `outer`, `at` and `accumulate`."""

    def __init__(self, ufunc: Any):
        self._ufunc = ufunc

    def __call__(self, *args: Any, **options: Any) -> Any:
        out = options.pop("out", None)
        out = out if out is None or isinstance(out, tuple) else (out,)
        result = shim.apply_ufunc(self._ufunc, "__call__", tuple(lifted(a) for a in args), out, options)
        return result[()] if isinstance(result, BallArray) and result.ndim == 0 else result

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(first: Any, *args: Any, **options: Any) -> Any:
            target = first if method == "at" else balls(first)
            return shim.apply_ufunc(self._ufunc, method, (target, *args), None, options)

        return call


def lifted(value: Any) -> Any:
    """Floats as balls; whole numbers and truth values as they are."""
    if isinstance(value, (Ball, BallArray)):
        return value
    array = np.asarray(value)
    return balls(array) if array.dtype.kind in "fO" else value


def _structural(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **options: Any) -> Any:
        options.pop("dtype", None)
        found = function(*shim.plain(args), **{k: shim.plain(v) for k, v in options.items()})
        if isinstance(found, np.ndarray) and found.dtype.kind == "f":
            return balls(found)
        return shim.wrapped(found)

    return call


def _arange(*args: Any, dtype: Any = None, **_: Any) -> Any:
    return np.arange(*args) if all(isinstance(a, (int, np.integer)) for a in args) else balls(np.arange(*args))


def _eye(n: int, m: int | None = None, k: int = 0, dtype: Any = None, **_: Any) -> Any:
    return shim.array(np.eye(n, m, k, dtype=int), dtype or float)


def _new(fill: int) -> Callable[..., Any]:
    return lambda shape, dtype=None, **_: shim.full(shape, fill, dtype)


def _linspace(start: Any, stop: Any, num: int = 50, *, endpoint: bool = True, **_: Any) -> Any:
    first, last = Ball(start), Ball(stop)
    return first + (last - first) * balls(np.arange(num)) / (num - 1 if endpoint else num)


def _numpy_table() -> dict[str, Any]:
    table: dict[str, Any] = {name: getattr(np, name) for name in KEPT if hasattr(np, name)}
    for name in shim.STRUCTURAL:
        if hasattr(np, name):
            table[name] = _structural(getattr(np, name))
    for name in shim.PLAIN_UFUNCS | shim.LOGICAL | set(UNARY) | set(BINARY) | set(ASKING):
        if isinstance(getattr(np, name, None), np.ufunc):
            table[name] = LiftedUfunc(getattr(np, name))
    table |= shim.FUNCTIONS
    table |= {
        "zeros": _new(0),
        "ones": _new(1),
        "empty": _new(0),
        "full": shim.full,
        "eye": _eye,
        "identity": _eye,
        "arange": _arange,
        "linspace": _linspace,
        "array": shim.array,
        "asarray": lambda x, dtype=None, **_: x if isinstance(x, BallArray) and dtype is None else shim.array(x, dtype),
        "ascontiguousarray": lambda x, dtype=None: x,
        "asanyarray": lambda x, dtype=None: x,
    }
    return table


LINALG = Rebound("numpy.linalg", {**matrices.NUMPY_LINALG, "LinAlgError": np.linalg.LinAlgError})
STRIDES = Rebound(
    "numpy.lib.stride_tricks", {"sliding_window_view": _structural(np.lib.stride_tricks.sliding_window_view)}
)
LIB = Rebound("numpy.lib", {}, {"stride_tricks": STRIDES})
NUMPY = Rebound("numpy", _numpy_table(), {"linalg": LINALG, "lib": LIB})
SCALAR: dict[str, Callable[..., Any]] = {**UNARY, **BINARY}
SPECIAL_TABLE: dict[str, Any] = {
    **{name: elementwise(f) for name, f in SCALAR.items()},
    "logsumexp": shim.logsumexp,
    "softmax": shim.softmax,
    "log_softmax": lambda x, axis=None: balls(x) - shim.logsumexp(x, axis=axis, keepdims=True),
}
SPECIAL = Rebound("scipy.special", SPECIAL_TABLE)
SCIPY_LINALG = Rebound("scipy.linalg", {**matrices.SCIPY_LINALG, "LinAlgError": np.linalg.LinAlgError})
SCIPY = Rebound("scipy", {}, {"linalg": SCIPY_LINALG, "special": SPECIAL})
MATH_TABLE: dict[str, Any] = {
    **{name: elementwise(f) for name, f in SCALAR.items()},
    **{name: getattr(math, name) for name in ("comb", "factorial", "gcd", "isqrt", "perm", "inf", "nan")},
    "log": lambda x, base=None: Ball(Ball(x).value.log()) / (1 if base is None else Ball(Ball(base).value.log())),
    "fsum": lambda xs: sum(xs, Ball(0)),
    "pow": lambda a, b: Ball(a) ** b,
}
MATH = Rebound("math", MATH_TABLE)
MODULES = {
    "numpy": NUMPY,
    "numpy.linalg": LINALG,
    "numpy.lib.stride_tricks": STRIDES,
    "scipy": SCIPY,
    "scipy.linalg": SCIPY_LINALG,
    "scipy.special": SPECIAL,
    "math": MATH,
}
