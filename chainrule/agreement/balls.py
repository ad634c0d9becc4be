"""Numbers that know their own error: a midpoint and a radius, with the true value always inside.

An object array of `Ball` behaves as a float array does, with two differences. A comparison that the radii leave open
raises `Undecided`, where python-flint's own would answer False both ways. And nothing turns it back into floats.
"""

from __future__ import annotations

import numbers
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from chainrule.worlds.arithmetic import Undecided

Array = np.ndarray[Any, np.dtype[Any]]


class NotLiftable(Exception):
    """The source uses something that has no meaning in ball arithmetic here."""


def arb_of(value: object) -> Any:
    """The number itself, exactly, as python-flint's ball."""
    if isinstance(value, Ball):
        return value.value
    if isinstance(value, flint.arb):
        return value
    if isinstance(value, (bool, np.bool_, numbers.Integral)):
        return flint.arb(int(value))
    if isinstance(value, (float, np.floating)):
        return flint.arb(float(value))
    if isinstance(value, Fraction):
        return flint.arb(value.numerator) / value.denominator
    raise NotLiftable(f"{type(value).__name__} is no real number")


def _operation(compute: Callable[[Any, Any], Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    def forward(self: Ball, other: object) -> Any:
        return NotImplemented if isinstance(other, np.ndarray) else Ball(compute(self.value, arb_of(other)))

    def backward(self: Ball, other: object) -> Any:
        return NotImplemented if isinstance(other, np.ndarray) else Ball(compute(arb_of(other), self.value))

    return forward, backward


def _compare(holds: Callable[[Any, Any], bool], fails: Callable[[Any, Any], bool]) -> Callable[..., Any]:
    def compare(self: Ball, other: object) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        a, b = self.value, arb_of(other)
        if holds(a, b):
            return True
        if fails(a, b) or a.is_nan() or b.is_nan():  # as in IEEE arithmetic, nothing compares with no value
            return False
        raise Undecided(f"{a.str(5)} and {b.str(5)} cannot be compared")

    return compare


def _power(a: Any, b: Any) -> Any:
    if b.is_exact() and b.is_integer():
        return a ** int(b.unique_fmpz())
    if b == flint.arb(0.5):
        return a.sqrt()
    return a**b


class Ball:
    """One real number, enclosed."""

    __slots__ = ("value",)

    def __init__(self, value: object):
        self.value = arb_of(value)

    __add__, __radd__ = _operation(lambda a, b: a + b)
    __sub__, __rsub__ = _operation(lambda a, b: a - b)
    __mul__, __rmul__ = _operation(lambda a, b: a * b)
    __truediv__, __rtruediv__ = _operation(lambda a, b: a / b)
    __pow__, __rpow__ = _operation(_power)
    __lt__ = _compare(lambda a, b: a < b, lambda a, b: a >= b)
    __le__ = _compare(lambda a, b: a <= b, lambda a, b: a > b)
    __gt__ = _compare(lambda a, b: a > b, lambda a, b: a <= b)
    __ge__ = _compare(lambda a, b: a >= b, lambda a, b: a < b)
    __eq__ = _compare(lambda a, b: a == b, lambda a, b: a != b)
    __ne__ = _compare(lambda a, b: a != b, lambda a, b: a == b)
    __hash__ = None  # type: ignore[assignment]

    def __neg__(self) -> Ball:
        return Ball(-self.value)

    def __pos__(self) -> Ball:
        return self

    def __abs__(self) -> Ball:
        return Ball(abs(self.value))

    def __bool__(self) -> bool:
        return bool(self != 0)

    def __repr__(self) -> str:
        return f"Ball({self.value.str(6)})"

    def __float__(self) -> float:
        raise NotLiftable("a ball is not turned into a float")

    def __int__(self) -> int:
        """Towards zero, as int does."""
        whole = (abs(self.value)).floor().unique_fmpz()
        if whole is None:
            raise Undecided(f"{self.value.str(5)} may lie on either side of an integer")
        return int(whole) if self.value >= 0 else -int(whole)

    # what NumPy calls on the entries of an object array, and on a scalar
    T = property(lambda self: self)
    real = T
    shape: tuple[int, ...] = ()
    ndim = 0
    size = 1

    def conjugate(self) -> Ball:
        return self

    def item(self) -> Ball:
        return self

    def copy(self) -> Ball:
        return self

    def sum(self, *_: object, **__: object) -> Ball:
        return self

    def astype(self, kind: Any) -> Any:
        return cast(self, kind)


def to_float(x: Any = 0.0) -> Any:
    """What `float` is to a lifted source: a ball stays a ball."""
    return x if isinstance(x, Ball) else x[()] if isinstance(x, BallArray) else float(x)


def kind_letter(kind: Any) -> str:
    """NumPy's letter for a kind of number: f, i, u, b, O."""
    return "f" if kind is to_float else np.dtype(kind).kind


def cast(value: Ball, kind: Any) -> Any:
    """A real stays as it is; an integer is cut towards zero, a truth value decided."""
    letter = kind_letter(kind)
    if letter in "fO":
        return value
    if letter in "iu":
        return int(value)
    if letter == "b":
        return bool(value)
    raise NotLiftable(f"astype({kind!r})")


class BallArray(np.ndarray[Any, np.dtype[Any]]):
    """An object array whose entries are balls."""

    def astype(self, kind: Any, *_: object, **__: object) -> Any:  # type: ignore[override]
        letter = kind_letter(kind)
        entries = [cast(entry, kind) for entry in self.ravel().tolist()]
        if letter in "fO":
            return filled(self.shape, entries)
        return np.array(entries, dtype=kind).reshape(self.shape)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: Any = None, **options: Any) -> Any:
        from chainrule.agreement.shim import apply_ufunc

        return apply_ufunc(ufunc, method, inputs, out, options)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        from chainrule.agreement.shim import apply_function

        return apply_function(function, args, options)

    def mean(self, *args: Any, **options: Any) -> Any:
        return np.mean(self, *args, **options)

    def var(self, *args: Any, **options: Any) -> Any:
        return np.var(self, *args, **options)

    def std(self, *args: Any, **options: Any) -> Any:
        return np.std(self, *args, **options)

    def max(self, *args: Any, **options: Any) -> Any:
        return np.max(self, *args, **options)

    def min(self, *args: Any, **options: Any) -> Any:
        return np.min(self, *args, **options)

    def clip(self, *args: Any, **options: Any) -> Any:
        return np.clip(self, *args, **options)

    def dot(self, other: Any, out: None = None) -> Any:  # type: ignore[override]
        return np.dot(self, other)


def filled(shape: tuple[int, ...], entries: list[Any]) -> BallArray:
    """A ball array from its entries in reading order."""
    out = np.empty(len(entries), dtype=object)
    out[:] = entries
    return out.reshape(shape).view(BallArray)


def balls(values: object) -> BallArray:
    """An array of numbers, each taken exactly, as balls."""
    if isinstance(values, (Ball, flint.arb)):
        return filled((), [values if isinstance(values, Ball) else Ball(values)])
    array = np.asarray(values)
    return filled(array.shape, [v if isinstance(v, Ball) else Ball(v) for v in array.ravel().tolist()])


def entries(result: object) -> list[Any]:
    """The python-flint balls of a result, in reading order."""
    return [arb_of(v) for v in np.asarray(result, dtype=object).ravel().tolist()]
