"""An equation solved exactly for one symbol in which it is affine: one step of Newton's method, by dual numbers."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
from flint import fmpq_mat, nmod_mat
from sympy.core.symbol import Str

from chainrule.errors import Undefined, Unsupported
from chainrule.notation.nodes import Add, Deriv, Neg, Node, Transpose, Var
from chainrule.notation.statements import Relation

from .arithmetic import Arithmetic, Modular
from .contents import letters
from .elimination import Array
from .evaluate import Evaluator
from .world import World, extent


def solved_for(
    var: Var, equations: list[Relation], world: World, names: frozenset[str], arithmetic: Arithmetic
) -> World | None:
    """The world with another value of `var`, moved from the present one so that the linearised equations hold; None
    where they cannot. It is for the caller to see whether the equations themselves hold there."""
    basis = _directions(world.values[var].shape, names)
    try:
        rows, rest = _linearised(var, equations, world, arithmetic)
    except (Unsupported, Undefined):
        return None
    matrix = np.asarray(rows, dtype=object) @ _lifted(basis, arithmetic).T
    step = _any_solution(matrix, [-r for r in rest], arithmetic)
    if step is None:
        return None
    moved = world.values[var].ravel() + step @ _lifted(basis, arithmetic)
    return replace(world, values={**world.values, var: moved.reshape(world.values[var].shape)})


def _linearised(
    var: Var, equations: list[Relation], world: World, arithmetic: Arithmetic
) -> tuple[list[Array], list[Any]]:
    """The rows of the derivative of left - right in `var`, and the values of left - right."""
    rows: list[Array] = []
    rest: list[Any] = []
    for equation in equations:
        difference: Node = Add(equation.left, Neg(equation.right))
        difference = Transpose(difference) if difference.row else difference
        slope = Deriv(Str("jacobian"), difference, var)
        free = sorted(letters(difference), key=lambda x: x.sort_key())
        evaluator = Evaluator(world, arithmetic)
        for place in product(*(range(extent(i.dim, world.sizes)) for i in free)):
            evaluator.letters.update(zip(free, place, strict=True))
            value = evaluator.value(difference).ravel()
            rows.extend(evaluator.value(slope).reshape(len(value), -1))
            rest.extend(value)
    return rows, rest


def _directions(shape: tuple[int, ...], names: frozenset[str]) -> Array:
    """The directions in which a symbol can move and keep its shape of zeros and its symmetry; one a row."""
    unit = np.eye(int(np.prod(shape, dtype=int)), dtype=int).reshape(-1, *shape)
    if "skew" in names:
        unit = unit - np.swapaxes(unit, -1, -2)
    elif "symmetric" in names:
        unit = unit + np.swapaxes(unit, -1, -2)
    if "diagonal" in names:
        unit = unit * np.eye(shape[-1], dtype=int)
    elif "lower_triangular" in names:
        unit = np.tril(unit)
    flat = {tuple(row) for row in unit.reshape(len(unit), -1).tolist() if any(row)}
    kept = [row for row in sorted(flat) if tuple(-x for x in row) not in flat or row > tuple(-x for x in row)]
    return np.array(kept, dtype=object).reshape(len(kept), -1)


def _lifted(a: Array, arithmetic: Arithmetic) -> Array:
    out = np.empty(a.shape, dtype=object)
    for k in np.ndindex(a.shape):
        out[k] = arithmetic.lift(int(a[k]))
    return out


def _any_solution(matrix: Array, right: list[Any], arithmetic: Arithmetic) -> Array | None:
    """A solution of A s = b with 0 for what is free, or None."""
    m, n = matrix.shape
    entries = [x for row, b in zip(matrix, right, strict=True) for x in (*row, b)]
    shape = (m, n + 1, entries)
    reduced, rank = (nmod_mat(*shape, arithmetic.p) if isinstance(arithmetic, Modular) else fmpq_mat(*shape)).rref()
    step = _lifted(np.zeros(n, dtype=int), arithmetic)
    for i in range(rank):
        pivot = next(j for j in range(n + 1) if reduced[i, j] != 0)
        if pivot == n:
            return None
        step[pivot] = reduced[i, n]
    return step
