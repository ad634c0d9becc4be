"""A second derivative by a matrix, with four indices, written as the matrix that people write: I (x) 2V'V.

With the entries of U row by row, the entry at (i, j) and (k, l) is that of a Kronecker product if it is something
at (i, k) times something at (j, l). The matrix is given only if the kernel finds both to be the same array.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

import sympy as sp
from sympy.core.symbol import Str

from chainrule.errors import ChainruleError
from chainrule.judge.context import Context
from chainrule.kernel import poly as P
from chainrule.notation.dims import Dim
from chainrule.notation.indices import free_letters
from chainrule.notation.nodes import Add, At, Delta, Div, Each, Eye, Kron, Letter, Mul, Neg, Node, as_node
from chainrule.notation.vocabulary import I, diag, ones

Pair = tuple[Node, Node]


def as_matrix(array: Node) -> Node | None:
    """The Kronecker product that has the entries of this array of four axes, or a sum of such; or None."""
    if not isinstance(array, Each) or array.ndim != 4:
        return None
    last = Letter(Str("last"), array.shape[3], sp.Integer(0))
    letters = (*array.letters, last)[:4]
    try:
        pairs = [_pair(factors, letters) for factors in _terms(array.body, last)]
        if any(pair is None for pair in pairs):
            return None
        made = _sum([pair for pair in pairs if pair is not None])
        return made if _same(array, made) else None
    except ChainruleError:
        return None


def _same(array: Node, matrix: Node) -> bool:
    """Whether the kernel takes both to one polynomial of contractions."""
    context = Context((), calculus=False)
    a, b = context.normal(context.dag(array)), context.normal(context.dag(matrix))
    return a.dims == b.dims and not P.add([(1, a), (-1, b)], a.dims)


# --- the entry as a sum of products --------------------------------------------------------------------
def _terms(body: Node, last: Letter) -> Iterator[list[Node]]:
    """The factors of each term; what has an axis of its own is taken at the last index."""
    match body:
        case Add(args=(a, b)):
            yield from _terms(a, last)
            yield from _terms(b, last)
        case Neg(args=(a,)):
            yield from ([as_node(-1), *factors] for factors in _terms(a, last))
        case Mul(args=(a, b)):
            yield from ([*x, *y] for x in _terms(a, last) for y in _terms(b, last))
        case Div(args=(a, b)) if b.ndim == 0 and not free_letters(b):
            yield from ([as_node(1) / b, *factors] for factors in _terms(a, last))
        case _:
            yield [At(body, last) if body.ndim == 1 else body]


def _pair(factors: Sequence[Node], letters: tuple[Letter, ...]) -> Pair | None:
    """(A, B) with the product of the factors = A[i, k] B[j, l]; numbers go with B, with A where B is the identity."""
    i, j, k, m = letters
    sides: dict[str, list[Node]] = {"left": [], "right": [], "numbers": []}
    for factor in factors:
        own = set(free_letters(factor))
        where = "numbers" if not own else "left" if own <= {i, k} else "right" if own <= {j, m} else ""
        if not where:
            return None
        sides[where].append(factor)
    left, right = _side(sides["left"], i, k), _side(sides["right"], j, m)
    if left is None or right is None:
        return None
    number = reduce(Mul, sides["numbers"]) if sides["numbers"] else None
    if number is None:
        return left, right
    return (Mul(number, left), right) if isinstance(right, Eye) else (left, Mul(number, right))


def _side(factors: Sequence[Node], row: Letter, column: Letter) -> Node | None:
    """The matrix with these entries at (row, column): I, M, diag(v), or u w'."""
    matrices: list[Node] = []
    at: dict[Letter, list[Node]] = {row: [], column: []}
    diagonal = False
    for factor in factors:
        match factor:
            case Delta() if set(factor.args) == {row, column}:
                diagonal = True
            case At(args=(a, x)) if x in at:
                at[x].append(a)
            case At(args=(a, x, y)) if {x, y} == {row, column}:
                matrices.append(a if x == row else a.T)
            case _:
                return None
    if len(matrices) > 1 or (matrices and (diagonal or at[row] or at[column])):
        return None
    return matrices[0] if matrices else _vectors(at[row], at[column], diagonal, row.dim, column.dim)


def _vectors(u: list[Node], w: list[Node], diagonal: bool, rows: Dim, columns: Dim) -> Node:
    if diagonal:
        return diag(reduce(Mul, [*u, *w])) if u or w else I(rows)
    return (reduce(Mul, u) if u else ones(rows)) @ (reduce(Mul, w) if w else ones(columns)).T


def _sum(pairs: list[Pair]) -> Node:
    """A (x) B + C (x) D; terms with one right side are one term."""
    sides: dict[Node, list[Node]] = {}
    for left, right in pairs:
        negative = isinstance(right, Mul) and right.args[0] == as_node(-1)
        sides.setdefault(right.args[1] if negative else right, []).append(-left if negative else left)
    terms = [Kron(reduce(Add, lefts), right) for right, lefts in sides.items()]
    return reduce(Add, terms)
