"""A second reading of the DAG: its value in 320-bit balls, by explicit sums over labels. Written for the tests only.

It shares nothing with the normal form or with the evaluation of nodes, so that an error in any of them is seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

import numpy as np
import sympy as sp
from flint import arb, arb_mat

from chainrule.forms import dag
from chainrule.forms.dag import Dag
from chainrule.notation.nodes import Var
from chainrule.worlds.world import World, extent, extents

Array = np.ndarray[Any, np.dtype[np.object_]]

FUNCTIONS = {
    "exp": lambda x: x.exp(), "log": lambda x: x.log(), "sin": lambda x: x.sin(), "cos": lambda x: x.cos(),
    "tan": lambda x: x.sin() / x.cos(), "asin": lambda x: x.asin(), "acos": lambda x: x.acos(),
    "atan": lambda x: x.atan(),
    "sinh": lambda x: (x.exp() - (-x).exp()) / 2, "cosh": lambda x: (x.exp() + (-x).exp()) / 2,
    "tanh": lambda x: 1 - 2 / (1 + (2 * x).exp()), "sigmoid": lambda x: 1 / (1 + (-x).exp()),
    "softplus": lambda x: (1 + x.exp()).log(), "relu": lambda x: x if x > 0 else arb(0), "sqrt": lambda x: x.sqrt(),
    "step": lambda x: arb(1) if x > 0 else arb(0), "abs": lambda x: x if x > 0 else -x, "erf": lambda x: x.erf(),
    "sign": lambda x: arb(1) if x > 0 else arb(-1) if x < 0 else arb(0),
    "lgamma": lambda x: x.gamma().log(), "digamma": lambda x: x.digamma(),
    "trigamma": lambda x: arb(2).zeta(x), "polygamma2": lambda x: -2 * arb(3).zeta(x),
    "polygamma3": lambda x: 6 * arb(4).zeta(x), "polygamma4": lambda x: -24 * arb(5).zeta(x),
    "log_bessel0": lambda x: x.bessel_i(arb(0)).log(),
    "bessel_ratio": lambda x: x.bessel_i(arb(1)) / x.bessel_i(arb(0)),
}  # fmt: skip


def full(shape: Sequence[int], value: Any) -> Array:
    out = np.empty(tuple(shape), dtype=object)
    out[...] = value
    return out


class Reading:
    """Values of DAG nodes in one world."""

    def __init__(self, world: World):
        self.world = world
        self.done: dict[Dag, Array] = {}

    def __call__(self, root: Dag) -> Array:
        for node in dag.order(root):
            if node not in self.done:
                self.done[node] = np.asarray(self._node(node), dtype=object)  # NumPy unpacks what has no axes
        return self.done[root]

    def sizes(self, dims: Sequence[sp.Expr]) -> tuple[int, ...]:
        return extents(tuple(dims), self.world.sizes)

    def _node(self, node: Dag) -> Array:
        match node.kind:
            case "var":
                return self._variable(node.args[0])
            case "size":
                return full((), arb(extent(node.args[0], self.world.sizes)))
            case "constant":
                return full((), {sp.pi: arb.pi(), sp.E: arb(1).exp()}[node.args[0]])
            case "zero":
                return full(self.sizes(node.dims), arb(0))
            case "sum":
                total = full(self.sizes(node.dims), arb(0))
                for coef, child in node.args:
                    total = total + ball(coef) * self.done[child]
                return total
            case "contract":
                coef, ops, out, dims = node.args
                return contracted(ball(coef), [(self.done[n], ls) for n, ls in ops], out, self.sizes(dims))
            case "function":
                name, parameter, x = node.args
                return _entrywise(
                    (lambda v: _power(v, parameter)) if name == "power" else FUNCTIONS[name], self.done[x]
                )
            case "inverse" | "det" | "logdet":
                return _matrices(node.kind, self.done[node.args[0]], self.sizes(node.dims))
        axes, x = node.args
        return _along(node.kind, axes, self.done[x])

    def _variable(self, symbol: Var) -> Array:
        return _entrywise(arb, self.world.values[symbol])


def ball(x: Any) -> arb:
    return arb(x.numerator) / arb(x.denominator)


def _entrywise(f: Any, x: Array) -> Array:
    out = np.empty(x.shape, dtype=object)
    for k in np.ndindex(x.shape):
        out[k] = f(x[k])
    return out


def _power(x: arb, exponent: Any) -> arb:
    if exponent.denominator == 1:
        made = prod([x] * abs(int(exponent)), start=arb(1))
        return made if exponent > 0 else 1 / made
    return (ball(exponent) * x.log()).exp()


def contracted(
    coef: arb, ops: Sequence[tuple[Array, Sequence[int]]], out: Sequence[int], sizes: Sequence[int]
) -> Array:
    """coef times the sum, over labels that are not in `out`, of the product of the operands: label by label."""
    made = full([sizes[k] for k in out], arb(0))
    inner = [k for k in range(len(sizes)) if k not in out]
    outer = list(dict.fromkeys(out))
    for there in product(*(range(sizes[k]) for k in outer)):
        at: dict[int, int] = dict(zip(outer, there, strict=True))
        total = arb(0)
        for here in product(*(range(sizes[k]) for k in inner)):
            at.update(zip(inner, here, strict=True))
            term = coef
            for array, labels in ops:
                term = term * array[tuple(at[k] for k in labels)]
            total = total + term
        made[tuple(at[k] for k in out)] = total
    return made


def _matrices(kind: str, x: Array, shape: tuple[int, ...]) -> Array:
    out = np.empty(shape, dtype=object)
    n = x.shape[-1]
    for k in np.ndindex(x.shape[:-2]):
        matrix = arb_mat(n, n, list(x[k].flat))
        if kind == "inverse":
            out[k] = np.array(matrix.inv().entries(), dtype=object).reshape(n, n)
        else:
            out[k] = matrix.det() if kind == "det" else matrix.det().log()
    return out


def _along(kind: str, axes: Sequence[int], x: Array) -> Array:
    moved = np.moveaxis(x, axes, range(x.ndim - len(axes), x.ndim))
    kept = moved.shape[: x.ndim - len(axes)]
    flat = moved.reshape(*kept, -1)
    if kind in ("max", "logsumexp"):
        out = np.empty(kept, dtype=object)
        for k in np.ndindex(kept):
            row = list(flat[k])
            out[k] = row[first_largest(row)] if kind == "max" else sum((v.exp() for v in row), arb(0)).log()
        return out
    spread = np.empty(flat.shape, dtype=object)
    for k in np.ndindex(kept):
        row = list(flat[k])
        if kind == "argmax":
            spread[k] = [arb(int(j == first_largest(row))) for j in range(len(row))]
        else:
            whole = sum((v.exp() for v in row), arb(0))
            spread[k] = [v.exp() / whole for v in row]
    return np.moveaxis(spread.reshape(moved.shape), range(x.ndim - len(axes), x.ndim), axes)


def first_largest(row: Sequence[arb]) -> int:
    best = 0
    for k, v in enumerate(row):
        if v > row[best]:
            best = k
    return best


def values_of(world: World, **more: Any) -> Mapping[Var, Array]:
    """The values of a world with some symbols replaced, by name."""
    return {v: more.get(v.name, x) for v, x in world.values.items()}
