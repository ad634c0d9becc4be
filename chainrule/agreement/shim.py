"""What NumPy's functions do with balls: each is listed here, and one that is not listed raises `NotLiftable`.

`apply_ufunc` and `apply_function` answer for any NumPy function that is given a ball array.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flint
import numpy as np

from chainrule.agreement import matrices
from chainrule.agreement.balls import Ball, BallArray, NotLiftable, arb_of, balls, filled, kind_letter
from chainrule.agreement.elementwise import ASKING, BINARY, UNARY

PLAIN_UFUNCS = {
    "add",
    "subtract",
    "multiply",
    "divide",
    "true_divide",
    "power",
    "float_power",
    "matmul",
    "vecdot",
    "matvec",
    "vecmat",
    "less",
    "less_equal",
    "greater",
    "greater_equal",
    "equal",
    "not_equal",
}
"""Ufuncs that NumPy computes entry by entry with the operators of `Ball`."""

LOGICAL = {"logical_and", "logical_or", "logical_not", "logical_xor"}

STRUCTURAL = {
    "concatenate",
    "stack",
    "vstack",
    "hstack",
    "dstack",
    "column_stack",
    "block",
    "reshape",
    "ravel",
    "transpose",
    "matrix_transpose",
    "permute_dims",
    "swapaxes",
    "moveaxis",
    "rollaxis",
    "squeeze",
    "expand_dims",
    "broadcast_to",
    "broadcast_arrays",
    "repeat",
    "tile",
    "flip",
    "fliplr",
    "flipud",
    "rot90",
    "roll",
    "where",
    "take",
    "take_along_axis",
    "put_along_axis",
    "diag",
    "diagonal",
    "diagflat",
    "tril",
    "triu",
    "split",
    "array_split",
    "hsplit",
    "vsplit",
    "append",
    "insert",
    "delete",
    "copy",
    "atleast_1d",
    "atleast_2d",
    "atleast_3d",
    "size",
    "shape",
    "ndim",
    "trace",
    "sum",
    "prod",
    "cumsum",
    "cumprod",
    "dot",
    "inner",
    "outer",
    "vdot",
    "tensordot",
    "kron",
    "diff",
    "cross",
    "sort",
    "argsort",
    "argmin",
    "argmax",
    "nonzero",
    "flatnonzero",
    "count_nonzero",
    "all",
    "any",
    "array_equal",
    "fill_diagonal",
    "copyto",
    "select",
    "choose",
    "compress",
    "extract",
    "resize",
    "linalg_outer",
    "linalg_trace",
    "linalg_diagonal",
    "apply_along_axis",
    "pad",
    "indices",
}
"""Functions that move entries about, or need only the operators of `Ball`."""


# --- ufuncs ----------------------------------------------------------------------------------------
def map_entries(f: Callable[..., Any], *arrays: Any) -> Any:
    """f on the python-flint balls at each place, broadcast; a ball, not an array, where all are scalars."""
    lifted = [balls(a) for a in arrays]
    shape = np.broadcast_shapes(*(a.shape for a in lifted))
    columns = [np.broadcast_to(a.view(np.ndarray), shape).ravel().tolist() for a in lifted]
    found = [f(*(arb_of(v) for v in row)) for row in zip(*columns, strict=True)]
    if found and isinstance(found[0], bool):
        return np.array(found).reshape(shape)[()]
    result = filled(shape, [Ball(v) for v in found])
    return result if any(np.ndim(a) for a in arrays) else result[()]


def plain(value: Any) -> Any:
    """Ball arrays as ordinary object arrays, inside tuples and lists too."""
    if isinstance(value, BallArray):
        return value.view(np.ndarray)
    if isinstance(value, (tuple, list)):
        return type(value)(plain(v) for v in value)
    return value


def wrapped(value: Any) -> Any:
    """Object arrays as ball arrays, inside tuples and lists too."""
    if isinstance(value, np.ndarray) and value.dtype == object:
        return balls(value)
    if isinstance(value, (tuple, list)):
        return type(value)(wrapped(v) for v in value)
    return value


def apply_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], out: Any, options: dict[str, Any]) -> Any:
    """A ufunc of which an argument is a ball array."""
    where = options.pop("where", True)
    options.pop("dtype", None)
    options.pop("casting", None)
    if method == "__call__":
        result = call_ufunc(ufunc, inputs, options)
    elif method == "at":
        return _at(ufunc, *inputs)
    else:
        result = _reduction(ufunc, method, inputs, options, where)
        where = True
    return result if out is None and where is True else store(out, where, result)


def call_ufunc(ufunc: Any, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    name = ufunc.__name__
    if name in UNARY and len(inputs) == 1:
        return map_entries(UNARY[name], *inputs)
    if name in BINARY:
        return map_entries(BINARY[name], *inputs)
    if name in ASKING:
        return map_entries(ASKING[name], *inputs)
    if name in LOGICAL:
        return ufunc(*(v.astype(bool) if isinstance(v, (Ball, BallArray)) else v for v in inputs))
    if name in PLAIN_UFUNCS:
        return wrapped(ufunc(*(plain(v) for v in inputs), **options))
    raise NotLiftable(f"numpy.{name} of balls")


def _reduction(ufunc: Any, method: str, inputs: tuple[Any, ...], options: dict[str, Any], where: Any) -> Any:
    name = ufunc.__name__
    if name in LOGICAL:
        return getattr(ufunc, method)(balls(inputs[0]).astype(bool), **options)
    if method == "outer":
        return call_ufunc(ufunc, (balls(inputs[0])[(..., *[None] * np.ndim(inputs[1]))], inputs[1]), {})
    if name in BINARY and method == "reduce":
        return extreme(name, inputs[0], **options)
    if name in PLAIN_UFUNCS and method in ("reduce", "accumulate", "reduceat"):
        more = {} if where is True else {"where": where}
        return wrapped(getattr(ufunc, method)(*(plain(v) for v in inputs), **options, **more))
    raise NotLiftable(f"numpy.{name}.{method} of balls")


def _at(ufunc: Any, target: Any, where: Any, *values: Any) -> None:
    if not isinstance(target, BallArray) or ufunc.__name__ not in PLAIN_UFUNCS:
        raise NotLiftable(f"numpy.{ufunc.__name__}.at")
    ufunc.at(target.view(np.ndarray), where, *(plain(v) for v in values))


def store(out: Any, where: Any, result: Any) -> Any:
    target = out[0] if out is not None else balls(np.zeros(np.shape(result)))
    if not isinstance(target, BallArray) and np.asarray(result).dtype == object:
        raise NotLiftable("balls written into an array of floats")
    np.copyto(target.view(np.ndarray), plain(result), where=where)
    return target


def extreme(name: str, x: Any, axis: Any = None, keepdims: bool = False, initial: Any = None, **_: Any) -> Any:
    """maximum or minimum, of all entries or along axes."""
    x = balls(x)
    axes = tuple(range(x.ndim)) if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
    axes = tuple(a % x.ndim for a in axes)
    kept = [d for k, d in enumerate(x.shape) if k not in axes]
    rows = np.moveaxis(x, axes, range(x.ndim - len(axes), x.ndim)).reshape(int(np.prod(kept)), -1)
    found = [_fold(BINARY[name], [arb_of(v) for v in row], initial) for row in rows.tolist()]
    shape = tuple(1 if k in axes else d for k, d in enumerate(x.shape)) if keepdims else tuple(kept)
    result = filled(shape, found)
    return result if shape else result[()]


def _fold(pick: Callable[[Any, Any], Any], row: list[Any], initial: Any) -> Ball:
    if initial is not None and np.isfinite(float(initial)):
        row = [*row, arb_of(initial)]
    if not row:
        raise ValueError("zero-size array to reduction operation which has no identity")
    best = row[0]
    for v in row[1:]:
        best = pick(best, v)
    return Ball(best)


# --- functions -------------------------------------------------------------------------------------
def _count(x: Any, axis: Any) -> int:
    shape = np.shape(x)
    axes = range(len(shape)) if axis is None else (axis,) if isinstance(axis, int) else axis
    return int(np.prod([shape[a] for a in axes]))


def mean(x: Any, axis: Any = None, dtype: Any = None, out: None = None, keepdims: bool = False) -> Any:
    return np.sum(balls(x), axis=axis, keepdims=keepdims) / _count(x, axis)


def var(x: Any, axis: Any = None, dtype: Any = None, out: None = None, ddof: int = 0, keepdims: bool = False) -> Any:
    x = balls(x)
    away = x - mean(x, axis, keepdims=True)
    return np.sum(away * away, axis=axis, keepdims=keepdims) / (_count(x, axis) - ddof)


def std(x: Any, axis: Any = None, **options: Any) -> Any:
    return map_entries(UNARY["sqrt"], var(x, axis, **options))


def average(x: Any, axis: Any = None, weights: Any = None) -> Any:
    if weights is None:
        return mean(x, axis)
    weights = balls(weights)
    if weights.ndim == 1 and np.ndim(x) > 1:
        weights = weights.reshape([-1 if k == axis % np.ndim(x) else 1 for k in range(np.ndim(x))])
    return np.sum(balls(x) * weights, axis=axis) / np.sum(weights)


def clip(x: Any, low: Any = None, high: Any = None, **options: Any) -> Any:
    low, high = options.get("min", low), options.get("max", high)
    x = x if low is None else map_entries(BINARY["maximum"], x, low)
    return x if high is None else map_entries(BINARY["minimum"], x, high)


def einsum(subscripts: Any, *operands: Any, **_: Any) -> Any:
    return wrapped(np.einsum(subscripts, *(plain(balls(a)) for a in operands), optimize=False))


def _like(fill: int | None) -> Callable[..., Any]:
    def like(x: Any, value: Any = fill, dtype: Any = None, **options: Any) -> Any:
        return full(options.get("shape") or np.shape(x), fill if fill is not None else value, dtype)

    return like


def full(shape: Any, value: Any, dtype: Any = None, **_: Any) -> Any:
    """An array of one value; whole numbers and truth values stay NumPy's own where they are asked for."""
    if dtype is not None and kind_letter(dtype) in "iub":
        return np.full(shape, value, dtype=dtype)
    return balls(np.full(shape, value, dtype=object))


def logsumexp(x: Any, axis: Any = None, b: Any = None, keepdims: bool = False, **_: Any) -> Any:
    top = np.max(balls(x), axis=axis, keepdims=True)
    scaled = np.exp(balls(x) - top) * (1 if b is None else b)
    found = np.log(balls(np.sum(scaled, axis=axis, keepdims=True))) + top
    found = found if keepdims else np.squeeze(found, axis=axis)
    return found[()] if found.ndim == 0 else found


def softmax(x: Any, axis: Any = None) -> Any:
    powers = np.exp(balls(x) - np.max(balls(x), axis=axis, keepdims=True))
    return powers / np.sum(powers, axis=axis, keepdims=True)


def array(x: Any, dtype: Any = None, **_: Any) -> Any:
    """numpy.array: a copy; whole numbers and truth values stay NumPy's own."""
    plain_array = np.array(x)
    if plain_array.dtype != object and (plain_array.dtype.kind in "iub" and dtype is None):
        return plain_array
    lifted = balls(plain_array).copy()
    return lifted if dtype is None else lifted.astype(dtype)


def argument(pick: Callable[..., Any]) -> Callable[..., Any]:
    """argmin and argmax: NumPy's own, on object arrays, with comparisons that are decided or raise."""
    return lambda x, *args, **options: pick(plain(balls(x)), *args, **options)


def trapezoid(y: Any, x: Any = None, dx: Any = 1.0) -> Any:
    y = balls(y)
    step = dx if x is None else np.diff(balls(x))
    return np.sum(step * (y[..., 1:] + y[..., :-1]) / 2, axis=-1)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "mean": mean,
    "var": var,
    "std": std,
    "average": average,
    "clip": clip,
    "einsum": einsum,
    "max": lambda x, axis=None, out=None, **o: extreme("maximum", x, axis, **o),
    "amax": lambda x, axis=None, out=None, **o: extreme("maximum", x, axis, **o),
    "min": lambda x, axis=None, out=None, **o: extreme("minimum", x, axis, **o),
    "amin": lambda x, axis=None, out=None, **o: extreme("minimum", x, axis, **o),
    "argmin": argument(np.argmin),
    "argmax": argument(np.argmax),
    "zeros_like": _like(0),
    "ones_like": _like(1),
    "empty_like": _like(0),
    "full_like": _like(None),
    "real": lambda x: x,
    "trapezoid": trapezoid,
    "nan_to_num": lambda x, **_: map_entries(lambda v: v if v.is_finite() else flint.arb(0), x),
    "iscomplexobj": lambda x: False,
}


def apply_function(function: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """A NumPy function, not a ufunc, of which an argument is a ball array."""
    name = function.__name__
    if function.__module__ == "numpy.linalg" and name in matrices.NUMPY_LINALG:
        return matrices.NUMPY_LINALG[name](*args, **options)
    if function.__module__ == "numpy" and name in FUNCTIONS:
        return FUNCTIONS[name](*args, **options)
    if name in STRUCTURAL:
        options.pop("dtype", None)
        return wrapped(function(*plain(args), **{k: plain(v) for k, v in options.items()}))
    raise NotLiftable(f"{function.__module__}.{name} of balls")
