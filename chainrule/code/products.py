"""The product of two tensors as NumPy: @ wherever BLAS has the shape, a sum of products along an axis, else einsum."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

import sympy as sp

from .syntax import Code, call, is_reciprocal, make, matmul, mul, spread
from .values import aligned, dim_code, permuted

Labels = tuple[int, ...]


@dataclass(frozen=True)
class Solver:
    """Stands for an inverse that is never formed. `matrix` is S; `half` says that it is L^-1 where S = L L'."""

    matrix: Code
    symmetric: bool
    half: bool
    inverse: Callable[[], Code]


@dataclass(frozen=True)
class Operand:
    """An expression with labelled axes, or a solver with its two labels (row, column)."""

    code: Code | None
    labels: Labels
    solver: Solver | None = None

    def explicit(self) -> Operand:
        """The inverse formed."""
        return Operand(self.solver.inverse(), self.labels) if self.solver else self

    @property
    def array(self) -> Code:
        assert self.code is not None
        return self.code


def summed_to(a: Operand, keep: Sequence[int] | frozenset[int], ones: frozenset[int]) -> Operand:
    """The sum over the labels that are not kept; an axis of size one is taken by its index."""
    for label in [x for x in a.labels if x not in keep and x in ones]:
        where = ", ".join("0" if x == label else ":" for x in a.labels)
        a = Operand(call(f"{{}}[{where}]", a.array.rank - 1, a.array), tuple(x for x in a.labels if x != label))
    gone = [k for k, x in enumerate(a.labels) if x not in keep]
    if not gone:
        return a
    left = tuple(x for x in a.labels if x in keep)
    return Operand(total(a.array, gone), left)


def total(code: Code, axes: Sequence[int]) -> Code:
    """The sum over some axes."""
    return reduced("sum", code, axes)


def reduced(kind: str, code: Code, axes: Sequence[int], initial: str = "") -> Code:
    """sum or max over some axes: X.sum(axis=0) of a name, np.sum(..., axis=0) of an expression."""
    which = "" if len(axes) == code.rank else f"axis={axes[0]}" if len(axes) == 1 else f"axis={tuple(axes)}"
    which = ", ".join(filter(None, (which, f"initial={initial}" if initial else "")))
    return make("reduce", f"{kind}({which})", (code,), code.rank - len(axes))


def without_repeats(a: Operand, keep: frozenset[int]) -> Operand:
    """An operand with a label twice: its trace where that label is kept nowhere, else its diagonal."""
    while len(set(a.labels)) < len(a.labels):
        label = next(x for x in a.labels if a.labels.count(x) > 1)
        first, second = [k for k, x in enumerate(a.labels) if x == label][:2]
        code, rest = a.array, tuple(x for k, x in enumerate(a.labels) if k not in (first, second))
        if len(a.labels) == 2 and label not in keep:
            return Operand(call("np.trace({})", 0, code), ())
        if len(a.labels) == 2:
            return Operand(call("np.diag({})", 1, code), (label,))
        axes = f"axis1={first}, axis2={second}"
        a = Operand(call(f"np.diagonal({{}}, {axes})", code.rank - 1, code), (*rest, label))
    return a


@dataclass(frozen=True)
class Axes:
    """What is known of the labels of a product: their sizes, and what these usually are."""

    dims: Mapping[int, sp.Expr]
    size: Mapping[int, float]

    @property
    def ones(self) -> frozenset[int]:
        """The axes of size one."""
        return frozenset(x for x, d in self.dims.items() if d == 1)


def combine(a: Operand, b: Operand, keep: frozenset[int], wanted: Labels | None, axes: Axes) -> Operand:
    """The product of two operands, summed over the labels that are not kept."""
    if a.solver or b.solver:
        solved = _solved(a, b, keep) or _solved(b, a, keep)
        if solved is not None:
            return solved
        a, b = a.explicit(), b.explicit()
    gone = frozenset(a.labels + b.labels) - keep
    if not gone:
        return _elementwise(a, b, wanted)
    batch = set(a.labels) & set(b.labels) & keep
    if not batch:
        return _inner(a, b, gone) or _matrix(a, b, gone, wanted, axes)
    if set(a.labels) == set(b.labels):
        return _row_products(a, b, gone, axes) or summed_to(_elementwise(a, b, None), keep, frozenset())
    return _batched(a, b, gone, batch) or _folded(a, b, gone, axes) or _einsum(a, b, keep, wanted)


# --- systems ---------------------------------------------------------------------------------------
def solves(labels: Sequence[int], other: Sequence[int], keep: frozenset[int]) -> bool:
    """Is an inverse with the labels (batch, row, column) times the other operand a system to solve: the same batch, and
    beside the axis that is summed at most one more?"""
    *batch, row, column = labels
    inside = [x for x in (row, column) if x in other]
    fits = set(batch) <= set(other) and len(other) <= len(batch) + 2 and len(set(other)) == len(other)
    return fits and bool(inside) and inside[0] not in keep


def _solved(a: Operand, b: Operand, keep: frozenset[int]) -> Operand | None:
    s = a.solver
    if s is None or not solves(a.labels, b.labels, keep):
        return None
    *batch, row, column = a.labels
    b = b.explicit()
    both = row in b.labels and column in b.labels
    if both and (s.half or batch or row in keep or column in keep):
        return None
    inside = column if column in b.labels else row
    rest = [x for x in b.labels if x != inside and x not in batch]
    right = permuted(b.array, b.labels, (*batch, inside, *rest))
    lonely = bool(batch) and not rest
    if lonely:
        right = spread(right, "..., None")
    turned = inside == row and not s.symmetric
    matrix = permuted(s.matrix, a.labels, (*batch, column, row)) if turned else s.matrix
    x = call("np.linalg.solve({}, {})", right.rank, matrix, right)
    if both:
        return Operand(call("np.trace({})", 0, x), ())
    if lonely:
        x = call("{}[..., 0]", right.rank - 1, x)
    return summed_to(Operand(x, (*batch, column if inside == row else row, *rest)), keep, frozenset())


# --- arrays ----------------------------------------------------------------------------------------
def _elementwise(a: Operand, b: Operand, wanted: Labels | None) -> Operand:
    if len(b.labels) < len(a.labels) and b.labels:
        a, b = b, a
    union = tuple(dict.fromkeys((*b.labels, *a.labels) if set(a.labels) <= set(b.labels) else (*a.labels, *b.labels)))
    if wanted is not None and set(wanted) == set(union) and (len(b.labels) < len(union) or len(union) > 2):
        union = wanted
    if len(a.labels) == len(b.labels) == 1 and len(union) == 2:
        first, second = (a, b) if a.labels[0] == union[0] else (b, a)
        return Operand(call("np.outer({}, {})", 2, first.array, second.array), union)
    return Operand(mul(aligned(a.array, a.labels, union), aligned(b.array, b.labels, union)), union)


def _inner(a: Operand, b: Operand, gone: frozenset[int]) -> Operand | None:
    """The sum of all products of entries."""
    if not set(a.labels) == set(b.labels) == gone:
        return None
    if any(is_reciprocal(o.array) for o in (a, b)):
        return Operand(total(mul(a.array, permuted(b.array, b.labels, a.labels)), range(len(gone))), ())
    if len(gone) == 1:
        solved = a.array.op == "call" and a.array.text.startswith("np.linalg.solve")
        first, second = (b, a) if solved else (a, b)
        return Operand(matmul(first.array, second.array, 0), ())
    if a.labels == b.labels:
        return Operand(call("np.vdot({}, {})", 0, a.array, b.array), ())
    return Operand(total(mul(a.array, permuted(b.array, b.labels, a.labels)), range(len(gone))), ())


def _matrix(a: Operand, b: Operand, gone: frozenset[int], wanted: Labels | None, axes: Axes) -> Operand:
    """A product of matrices, with @ where one axis is summed and one side is a matrix or a vector."""
    found = [m for m in (_matmul(a, b, gone), _matmul(b, a, gone)) if m is not None]
    if not found:
        alike = _sums_last(a, gone, axes) and not _sums_last(b, gone, axes)
        return (None if alike else _folded(a, b, gone, axes)) or _tensordot(a, b, gone)
    return min(found, key=lambda m: (m.labels != wanted if wanted else False, _turns(m.array)))


def _turns(code: Code) -> float:
    """How far the product is from X.T @ (X @ w): transposes of long expressions, a vector on the left."""
    turned = sum(1 if p.parts[0].op == "atom" else 1.2 for p in code.parts if p.op == "T")
    return turned + 1.5 * (code.parts[0].rank < code.parts[1].rank)


def _matmul(a: Operand, b: Operand, gone: frozenset[int]) -> Operand | None:
    if len(gone) != 1 or len(b.labels) > 2:
        return None
    (s,) = gone
    left, right = tuple(x for x in a.labels if x != s), tuple(x for x in b.labels if x != s)
    if len(left) > 1 and a.labels[-1] != s:
        return None
    first, second = permuted(a.array, a.labels, (*left, s)), permuted(b.array, b.labels, (s, *right))
    return Operand(matmul(first, second, len(left + right)), left + right)


def _tensordot(a: Operand, b: Operand, gone: frozenset[int]) -> Operand:
    axes = tuple(x for x in a.labels if x in gone)
    pair = [[o.labels.index(x) for x in axes] for o in (a, b)]
    rest = tuple(x for x in a.labels + b.labels if x not in gone)
    return Operand(call(f"np.tensordot({{}}, {{}}, axes={pair})", len(rest), a.array, b.array), rest)


LONG, MANY = 64, 4096
"""From how many entries of a row, and of an array, on a product of each two rows gains more than it costs to read."""


def _row_products(a: Operand, b: Operand, gone: frozenset[int], axes: Axes) -> Operand | None:
    """The product of row i of one matrix with row i of the other by BLAS, without the array of all products."""
    long = len(a.labels) == 2 and len(gone) == 1 and axes.size[min(gone)] >= LONG and _volume(a.labels, axes) >= MANY
    if not long or is_reciprocal(a.array) or is_reciprocal(b.array):
        return None
    (s,) = gone
    (i,) = (x for x in a.labels if x != s)
    one, other = (permuted(o.array, o.labels, (i, s)) for o in (a, b))
    return Operand(call("({}[:, None, :] @ {}[:, :, None])[:, 0, 0]", 1, one, other), (i,))


def _batched(a: Operand, b: Operand, gone: frozenset[int], batch: set[int]) -> Operand | None:
    """A stack of matrix products, the stack first."""
    if len(gone) != 1:
        return None
    (s,) = gone
    left, right = ([x for x in o.labels if x not in batch and x != s] for o in (a, b))
    if len(left) != 1 or len(right) != 1:
        return None
    stack = [x for x in a.labels if x in batch]
    first = permuted(a.array, a.labels, (*stack, *left, s))
    second = permuted(b.array, b.labels, (*stack, s, *right))
    labels = (*stack, *left, *right)
    return Operand(matmul(first, second, len(labels)), labels)


def _folded(a: Operand, b: Operand, gone: frozenset[int], axes: Axes) -> Operand | None:
    """A stack of products of matrices whose rows, columns and summed axes are each several axes in one: each operand is
    copied in long runs or not at all, and the longer of the last axes is the last of the result."""
    batch = tuple(x for x in a.labels if x in b.labels and x not in gone)
    left, right = (tuple(x for x in o.labels if x not in gone and x not in batch) for o in (a, b))
    if not left or not right:
        return None
    if axes.size[left[-1]] > axes.size[right[-1]]:
        a, b, left, right = b, a, right, left
    longer = max((a, b), key=lambda o: _volume(o.labels, axes))
    middle = tuple(x for x in longer.labels if x in gone)
    last = [_sums_last(o, gone, axes) for o in (a, b)]
    first = _matrix_of(a, batch, left, middle, not last[0], axes)
    second = _matrix_of(b, batch, middle, right, last[1], axes)
    product, labels = matmul(first, second, len(batch) + 2), (*batch, *left, *right)
    return Operand(_reshaped(product, [(x,) for x in labels], axes) if len(labels) > product.rank else product, labels)


def _matrix_of(o: Operand, batch: Labels, rows: Labels, columns: Labels, turned: bool, axes: Axes) -> Code:
    """The operand as a stack of matrices; `turned` is laid out by its columns."""
    groups = (columns, rows) if turned else (rows, columns)
    code = permuted(o.array, o.labels, (*batch, *groups[0], *groups[1]))
    made = _reshaped(code, [*((x,) for x in batch), *groups], axes)
    n = len(batch)
    return permuted(made, range(n + 2), (*range(n), n + 1, n)) if turned else made


def _sums_last(o: Operand, gone: frozenset[int], axes: Axes) -> bool:
    """Is the operand copied in longer runs with its summed axes last, or as it stands?"""
    places = [k for k, x in enumerate(o.labels) if x in gone]
    end = len(o.labels) - 1
    if places[-1] - places[0] == len(places) - 1 and (places[0] == 0 or places[-1] == end):
        return places[-1] == end
    return _run(o, lambda x: x in gone, axes) > _run(o, lambda x: x not in gone, axes)


STRIDED = 0.25
"""What an entry of a run with gaps is worth."""


def _run(o: Operand, chosen: Callable[[int], bool], axes: Axes) -> float:
    """How many entries are copied in one run where the chosen axes come last, in their order."""
    side = [x for x in o.labels if chosen(x)]
    ends = tuple(takewhile(chosen, reversed(o.labels)))
    return _volume(ends, axes) if ends else STRIDED * axes.size[side[-1]]


def _volume(labels: Labels, axes: Axes) -> float:
    volume = 1.0
    for x in labels:
        volume *= axes.size[x]
    return volume


def _reshaped(code: Code, groups: Sequence[Labels], axes: Axes) -> Code:
    """Each group of axes as one."""
    if code.rank == len(groups) == sum(map(len, groups)):
        return code
    sizes = [dim_code(sp.Mul(*(axes.dims[x] for x in group))) for group in groups]
    return call("{}.reshape(" + ", ".join(["{}"] * len(sizes)) + ")", len(sizes), code, *sizes)


def _einsum(a: Operand, b: Operand, keep: frozenset[int], wanted: Labels | None) -> Operand:
    union = tuple(dict.fromkeys(a.labels + b.labels))
    out = tuple(x for x in union if x in keep)
    if wanted is not None and set(wanted) == set(out):
        out = wanted
    letters = dict(zip(union, "ijklmnopqrstuvwabcdefgh", strict=False))

    def spell(labels: Labels) -> str:
        return "".join(letters[x] for x in labels)

    template = f'np.einsum("{spell(a.labels)},{spell(b.labels)}->{spell(out)}", {{}}, {{}})'
    return Operand(call(template, len(out), a.array, b.array), out)
