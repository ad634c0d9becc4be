"""Runs hand-written NumPy in ball arithmetic: the same source, with its `np` bound to functions of balls.

The functions that it calls, in its own file and in other files of its author, are bound likewise. What the tables of
`modules.py` do not have (random numbers, files) raises `NotLiftable`.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable
from types import CellType, CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from chainrule.agreement.balls import Ball, NotLiftable, balls, to_float
from chainrule.agreement.modules import MODULES, Rebound, lifted
from chainrule.worlds.arithmetic import precision

FIRST_BITS = 256
LAST_BITS = 4096
"""The precision of a lifted run, doubled until the balls decide."""


def lift(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same source over balls. NotLiftable if it has no Python source of its own, or names what is not listed."""
    return _Lifting().function(function)


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
            return lifted(value) if np.ndim(value) else Ball(float(value))
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
        space = self.spaces.setdefault(id(function.__globals__), {"__builtins__": builtins, "float": to_float})
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
    """An array as a fresh ball array, a float as a ball; a size stays an integer."""
    if isinstance(value, int):
        return value
    return balls(value).copy() if np.ndim(value) else Ball(np.asarray(value).item())
