"""Runs hand-written NumPy in ball arithmetic: the same source, with its `np` bound to functions of balls.

The functions that it calls, in its own file and in other files of its author, are bound likewise. What the list in
`shim.py` and `matrices.py` does not have (singular values, random numbers, files) raises `NotLiftable`.
"""

from __future__ import annotations

import builtins
import math
import sys
from collections.abc import Callable
from types import CellType, CodeType, FunctionType, ModuleType
from typing import Any

import flint
import numpy as np

from chainrule.agreement import matrices, shim
from chainrule.agreement.balls import Ball, BallArray, NotLiftable, balls
from chainrule.agreement.elementwise import ASKING, BINARY, UNARY
from chainrule.worlds.arithmetic import precision

FIRST_BITS = 256
LAST_BITS = 4096

KEPT = set(
    "ndarray newaxis float64 float32 float16 longdouble int64 int32 intp int8 uint8 bool_ integer floating generic number "
    "dtype broadcast_shapes ndindex ndenumerate errstate index_exp s_ finfo iinfo ix_ unravel_index ravel_multi_index "
    "tril_indices triu_indices diag_indices mask_indices isscalar bincount seterr float_ double AxisError".split()
)
"""Names of numpy that mean the same with balls."""

CONSTANTS = {"pi": lambda: Ball(flint.arb.pi()), "e": lambda: Ball(flint.arb.const_e()), "inf": lambda: Ball(float("inf"))}


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


def _elementwise(compute: Callable[..., Any]) -> Callable[..., Any]:
    """As a ufunc: positional arguments, then `out` and `where`."""

    def function(*args: Any, out: Any = None, where: Any = True, dtype: Any = None) -> Any:
        result = shim.map_entries(compute, *args)
        if out is None and where is True:
            return result
        return shim._store(out if isinstance(out, tuple) or out is None else (out,), where, result)

    return function


class LiftedUfunc:
    """A ufunc of balls, with its methods `reduce`, `outer`, `at` and `accumulate`."""

    def __init__(self, ufunc: Any):
        self._ufunc = ufunc

    def __call__(self, *args: Any, **options: Any) -> Any:
        out = options.pop("out", None)
        out = out if out is None or isinstance(out, tuple) else (out,)
        result = shim.apply_ufunc(self._ufunc, "__call__", tuple(_lifted(a) for a in args), out, options)
        return result[()] if isinstance(result, BallArray) and result.ndim == 0 else result

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(first: Any, *args: Any, **options: Any) -> Any:
            target = first if method == "at" else balls(first)
            return shim.apply_ufunc(self._ufunc, method, (target, *args), None, options)

        return call


def _lifted(value: Any) -> Any:
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


def _linspace(a: Any, b: Any, num: int = 50, **_: Any) -> Any:
    return a + (b - balls(np.array(a) * 0)) * balls(np.arange(num)) / (num - 1)


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
        "array": shim.array,
        "asarray": lambda x, dtype=None, **_: x if isinstance(x, BallArray) and dtype is None else shim.array(x, dtype),
        "ascontiguousarray": lambda x, dtype=None: x,
        "asanyarray": lambda x, dtype=None: x,
        "float64": lambda x: _lifted(x),
        "float32": np.float32,
    }
    return table


LINALG = Rebound("numpy.linalg", {**matrices.NUMPY_LINALG, "LinAlgError": np.linalg.LinAlgError})
NUMPY = Rebound("numpy", _numpy_table(), {"linalg": LINALG})
SPECIAL_TABLE = {
    **{name: _elementwise(f) for name, f in {**UNARY, **BINARY}.items()},
    "logsumexp": shim.logsumexp,
    "softmax": shim.softmax,
    "log_softmax": lambda x, axis=None: balls(x) - shim.logsumexp(x, axis=axis, keepdims=True),
}
SPECIAL = Rebound("scipy.special", SPECIAL_TABLE)
SCIPY_LINALG = Rebound("scipy.linalg", {**matrices.SCIPY_LINALG, "LinAlgError": np.linalg.LinAlgError})
SCIPY = Rebound("scipy", {}, {"linalg": SCIPY_LINALG, "special": SPECIAL})
MATH = Rebound(
    "math",
    {
        **{name: _elementwise(f) for name, f in {**UNARY, **BINARY}.items()},
        **{name: getattr(math, name) for name in ("comb", "factorial", "gcd", "isqrt", "perm", "inf", "nan")},
        "log": lambda x, base=None: Ball(Ball(x).value.log()) / (1 if base is None else Ball(Ball(base).value.log())),
        "fsum": lambda xs: sum(xs, Ball(0)),
        "pow": lambda a, b: Ball(a) ** b,
    },
)
MODULES = {
    "numpy": NUMPY,
    "numpy.linalg": LINALG,
    "scipy": SCIPY,
    "scipy.linalg": SCIPY_LINALG,
    "scipy.special": SPECIAL,
    "math": MATH,
}


def _float(x: Any = 0.0) -> Any:
    return x if isinstance(x, Ball) else x[()] if isinstance(x, BallArray) else float(x)


def lift(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same source over balls. NotLiftable if it has no Python source of its own, or names what is not listed."""
    return _Lifting().function(function)  # type: ignore[no-any-return]


class _Lifting:
    """One lift: every namespace that the function reaches is rebound once."""

    def __init__(self) -> None:
        self.spaces: dict[int, dict[str, Any]] = {}
        self.functions: dict[int, Any] = {}

    def value(self, value: Any) -> Any:
        if isinstance(value, ModuleType):
            return self.module(value)
        if isinstance(value, np.ufunc) or _library(value):
            return self.library(value)
        if isinstance(value, FunctionType):
            return self.function(value)
        if isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
            return _lifted(value)[()] if not np.ndim(value) else _lifted(value)
        return value

    def module(self, module: ModuleType) -> Any:
        if module.__name__ in MODULES:
            return MODULES[module.__name__]
        top = module.__name__.partition(".")[0]
        if top in ("numpy", "scipy"):
            return Rebound(module.__name__, {})
        return module if top in sys.stdlib_module_names else _Foreign(self, module)

    def library(self, value: Any) -> Any:
        """The twin of something imported from numpy, scipy or math by its own name."""
        if isinstance(value, type):
            return value
        for name, space in MODULES.items():
            twin = value.__name__
            if getattr(sys.modules.get(name), twin, None) is value:
                return _Late(space, twin)
        return _Late(Rebound(str(value.__module__), {}), value.__name__)

    def function(self, function: Any) -> Any:
        """The function with its globals, closure and defaults lifted; made once, so that it may call itself."""
        function = getattr(function, "__wrapped__", function)
        if _library(function):
            return self.library(function)
        if not isinstance(function, FunctionType):
            raise NotLiftable(f"{function!r} has no Python source")
        if id(function) in self.functions:
            return self.functions[id(function)]
        cells = tuple(CellType() for _ in function.__closure__ or ())
        space = self.spaces.setdefault(id(function.__globals__), {"__builtins__": builtins, "float": _float})
        lifted = FunctionType(function.__code__, space, function.__name__, None, cells)
        self.functions[id(function)] = lifted
        lifted.__defaults__ = tuple(self.value(v) for v in function.__defaults__ or ()) or None
        lifted.__kwdefaults__ = {k: self.value(v) for k, v in (function.__kwdefaults__ or {}).items()} or None
        for cell, old in zip(cells, function.__closure__ or (), strict=True):
            cell.cell_contents = self.value(old.cell_contents)
        for name in _names(function.__code__):
            if name in function.__globals__ and name not in space:
                space[name] = self.value(function.__globals__[name])
        return lifted


def _names(code: CodeType) -> set[str]:
    """The global names that a function's code may ask for, those of the functions inside it too."""
    inner = (c for c in code.co_consts if isinstance(c, CodeType))
    return set(code.co_names).union(*(_names(c) for c in inner))


def _library(value: Any) -> bool:
    module = getattr(value, "__module__", None)
    top = module.partition(".")[0] if isinstance(module, str) else ""
    return callable(value) and top in ("numpy", "scipy", "math") and hasattr(value, "__name__")


class _Late:
    """A library function, looked up when it is called: importing a name that is never used does no harm."""

    def __init__(self, space: Rebound, name: str):
        self._space, self._twin = space, name

    def __call__(self, *args: Any, **options: Any) -> Any:
        return getattr(self._space, self._twin)(*args, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(getattr(self._space, self._twin), name)


class _Foreign:
    """Another file of the author's: its functions are lifted when they are asked for."""

    def __init__(self, lifting: _Lifting, module: ModuleType):
        self._lifting, self._module = lifting, module

    def __getattr__(self, name: str) -> Any:
        return self._lifting.value(getattr(self._module, name))


def run(function: Callable[..., Any], arguments: dict[str, Any], bits: int) -> Any:
    """The function's value over balls: an array, or whatever else it returns.

    Undecided and NotLiftable are raised as they are; any other exception of the source is the caller's to judge.
    """
    with precision(bits):
        return lift(function)(**{name: _argument(value) for name, value in arguments.items()})


def _argument(value: Any) -> Any:
    """An array as a fresh ball array, a float as a ball."""
    return balls(value).copy() if np.ndim(value) else Ball(np.asarray(value).item())

