"""A value on its way into code: an expression, and which axes of the DAG node it really has.

A node that repeats an axis (a delta, a diagonal) or spreads over one (ones) is carried without doing so: whoever uses
it multiplies by the small array. Only what must be whole is made whole, at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sympy as sp

from chainrule.errors import Unsupported
from chainrule.forms.dag import Dims

from .syntax import ONE, Code, add, as_symmetric, atom, block, call, literal, make, mul, spread, transposed


@dataclass(frozen=True)
class Value:
    """`code` has the axes `have`, in that order. Axis k of the node runs with the axis pattern[k] of the code: an equal
    entry at two places is a delta, an entry that is not in `have` is an axis of equal entries."""

    code: Code
    have: tuple[int, ...]
    pattern: tuple[int, ...]

    @property
    def dense(self) -> bool:
        """No axis is repeated."""
        return len(set(self.pattern)) == len(self.pattern)


Scatter = Callable[[Value, Dims], Code]
"""How a value that repeats an axis becomes an array."""


def whole(code: Code, rank: int) -> Value:
    """A value that has every axis of its node."""
    return Value(code, tuple(range(rank)), tuple(range(rank)))


def dim_code(dim: sp.Expr) -> Code:
    """A dimension as Python: n, 3, m * p."""
    if dim.is_Integer:
        return literal(int(dim))
    if dim.is_Symbol:
        return make("dim", dim.name)
    if dim.is_Add or dim.is_Mul:
        first, *rest = (dim_code(d) for d in dim.args)
        for part in rest:
            first = (add if dim.is_Add else mul)(first, part)
        return first
    if dim.is_Pow and dim.exp.is_Integer and dim.exp > 0:
        return make("**", str(dim.exp), (dim_code(dim.base),))
    raise Unsupported(f"the dimension {dim} has no code")


# --- axes ------------------------------------------------------------------------------------------
def permuted(code: Code, have: Sequence[int], order: Sequence[int]) -> Code:
    """The code with its axes in another order."""
    if tuple(have) == tuple(order):
        return code
    if len(order) == 2:
        return transposed(code)
    if code.symmetric and tuple(order) == (*have[:-2], have[-1], have[-2]):
        return code
    axes = ", ".join(str(list(have).index(k)) for k in order)
    return call(f"{{}}.transpose({axes})", code.rank, code)


def aligned(code: Code, have: Sequence[int], order: Sequence[int]) -> Code:
    """The code so that it broadcasts against an array with the axes `order`, of which `have` are a part."""
    inside = [k for k in order if k in have]
    code = permuted(code, have, inside)
    missing = [k not in have for k in order]
    first = missing.index(False) if False in missing else len(order)
    if not any(missing[first:]):
        return code
    return spread(code, ", ".join("None" if gone else ":" for gone in missing[first:]))


def shaped(template: str, dims: Sequence[sp.Expr], *parts: Code) -> Code:
    """np.zeros((n, p)): the template has {shape} where the shape goes."""
    shape = "{}" if len(dims) == 1 else "(" + ", ".join(["{}"] * len(dims)) + ")"
    return call(template.replace("{shape}", shape), len(dims), *(dim_code(d) for d in dims), *parts)


# --- made whole ------------------------------------------------------------------------------------
def materialised(value: Value, dims: Dims, scatter: Scatter) -> Code:
    """The array with every axis of the node, in order; deltas by `scatter`."""
    return _filled(value, dims) if value.dense else scatter(value, dims)


def _filled(value: Value, dims: Dims) -> Code:
    present = [k for k in value.pattern if k in value.have]
    if len(present) == len(dims):
        return permuted(value.code, value.have, value.pattern)
    if value.code is ONE:
        return shaped("np.ones({shape})", dims)
    if value.code is literal(0):
        return shaped("np.zeros({shape})", dims)
    return shaped("np.full({shape}, {})", dims, as_float(aligned(value.code, value.have, value.pattern)))


def as_float(code: Code) -> Code:
    """A whole number as a float, so that an array filled with it holds floats."""
    whole_number = code.op == "literal" and code.text.lstrip("-").isdigit()
    return make("literal", f"{code.text}.0") if whole_number else code


def scattered(value: Value, dims: Dims) -> Code:
    """A delta: np.eye, np.diag, or zeros with the entries put where the repeated axes agree."""
    pattern = value.pattern
    if len(pattern) == 2:
        if value.have:
            return as_symmetric(call("np.diag({})", 2, value.code))
        return mul(value.code, as_symmetric(call("np.eye({})", 2, dim_code(dims[0]))))
    repeated = [k for k in dict.fromkeys(pattern) if pattern.count(k) > 1]
    places = [n for n, k in enumerate(pattern) if k in repeated]
    together = places == list(range(places[0], places[-1] + 1))
    single = [k for k in pattern if k not in repeated]
    # NumPy puts the axes of index arrays first, unless they stand side by side.
    before = sum(k not in repeated for k in pattern[: places[0]]) if together else 0
    order = (*single[:before], *repeated, *single[before:])
    entries = aligned(value.code, value.have, order)
    indices = [_index(dims[pattern.index(k)], j, len(repeated)) for j, k in enumerate(repeated)]
    n = len(dims)
    shape = "(" + ", ".join(f"{{{k}}}" for k in range(n)) + ")"
    where = [f"{{{n + 1 + places.index(j)}}}" if j in places else ":" for j in range(n)]
    lines = f"{{self}} = np.zeros({shape})\n{{self}}[{', '.join(where)}] = {{{n}}}"
    chosen = [indices[repeated.index(pattern[j])] for j in places]
    return block(lines, n, *(dim_code(d) for d in dims), entries, *chosen)


def _index(dim: sp.Expr, place: int, of: int) -> Code:
    counting = call("np.arange({})", 1, dim_code(dim))
    after = of - 1 - place
    return spread(counting, ", ".join([":"] + ["None"] * after)) if after else counting


def regrouped(code: Code, dims: Dims, groups: Sequence[int]) -> Code:
    """Axes that belong together as one: (m, p, n, q) in groups of two is (m p, n q)."""
    shape, start = [], 0
    for g in groups:
        shape.append(dim_code(sp.Mul(*dims[start : start + g])))
        start += g
    return call("{}.reshape(" + ", ".join(["{}"] * len(shape)) + ")", len(shape), code, *shape)


def argument(name: str, rank: int) -> Value:
    """An argument of the function."""
    return whole(atom(name, rank), rank)
